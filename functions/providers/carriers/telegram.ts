/** Texts to customers through a Telegram bot of the project (Bot API). It knows no reference of ours and lists nothing. */
import * as z from "zod/v4";
import type { Carried, Carrier } from "#brain/kernel/ports.ts";
import { type Answer, baseOf, type CarrierSettings, call, wholeSeconds } from "./call.ts";
import { byStatus, careful, carriedBy, incomplete, refused, unreadable } from "./verdict.ts";

/** Characters of one message. */
const longest = 4096;

const Reply = () =>
  z.object({
    ok: z.boolean(),
    result: z.object({ message_id: z.int(), chat: z.object({ id: z.union([z.number(), z.string()]) }) }).optional(),
    description: z.string().optional(),
    parameters: z.object({ retry_after: z.number().optional(), migrate_to_chat_id: z.number().optional() }).optional(),
  });

/** `ownToken`: of the installation's bot, by which senders write that have no bot of their own. */
export function telegramCarrier(settings: CarrierSettings & { ownToken?: string | undefined }): Carrier {
  return careful({
    send: async ({ secrets }, message) => {
      const token = secrets["token"] ?? settings.ownToken;
      if (!token || !/^[0-9]+:[A-Za-z0-9_-]+$/.test(token)) return incomplete;
      if (message.text.length > longest) return refused("text_too_long");
      const body = JSON.stringify({
        chat_id: message.to,
        text: message.text,
        link_preview_options: { is_disabled: true },
      });
      const headers = { "content-type": "application/json" };
      const request = { method: "POST", url: `${baseOf(settings)}/bot${token}/sendMessage`, headers, body } as const;
      return carriedBy(await call(settings, request), readSent);
    },
    lookup: async () => ({ outcome: "unable" }),
  });
}

function readSent(answer: Answer): Carried {
  const reply = Reply().safeParse(answer.body);
  const { status: httpStatus } = answer;
  if (httpStatus === 200) {
    const result = reply.data?.ok ? reply.data.result : undefined;
    // Numbered by chat: the id alone would be another chat's as well.
    return result ? { outcome: "accepted", id: `${result.chat.id}:${result.message_id}`, state: "sent" } : unreadable;
  }
  const { parameters, description } = reply.data ?? {};
  // Blocked, left, or never begun: a bot may not write first.
  if (httpStatus === 403) return { outcome: "refused", code: "telegram_403", optOut: true, httpStatus };
  if (parameters?.migrate_to_chat_id !== undefined)
    return { outcome: "refused", code: "telegram_chat_moved", httpStatus };
  if (httpStatus === 429) {
    const asked = parameters?.retry_after;
    return byStatus(asked === undefined ? answer : { ...answer, wait: wholeSeconds(asked) }, "rate_limited");
  }
  if (httpStatus === 400)
    return {
      outcome: "refused",
      code: /chat not found/i.test(description ?? "") ? "telegram_chat_unknown" : "telegram_400",
      httpStatus,
    };
  return byStatus(answer, `telegram_${httpStatus}`);
}
