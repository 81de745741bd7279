/** Whose Telegram receives the PINs: the installation's owner, bound by a one-time code that only the server shows. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { instant } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { bindCodeHash, bindCodeSeconds, newBindCode } from "./bind-code.ts";

export const makeBindCode = verb(
  {
    name: "identity.telegram.code",
    summary: "Make a one-time code; who sends `/bind CODE` to the bot receives the PINs from then on",
    needs: "identity:login",
    scope: "user",
    effect: "write",
    idempotency: "none",
    proof: "recent",
    faults: ["installation_owner_only"],
    input: () => z.object({}),
    output: () => z.object({ code: z.string(), expires_at: z.string() }),
  },
  async (ctx) => {
    const code = newBindCode(ctx.ids);
    const hash = await bindCodeHash(ctx.ports.secrets, code);
    const [made] = await send(ctx, [
      raw<{ until: string }>(ctx, sql`select identity.telegram_code(${hash}, ${bindCodeSeconds}) as until`),
    ]);
    return { code, expires_at: instant(String(made.rows[0]?.until)) };
  },
);

const said: Record<string, string> = {
  bound: "This chat now receives the PINs of people who ask to join Omneuro.",
  refreshed: "Yes, this chat still receives the PINs.",
};

/** Ids are text: Telegram's exceed 32 bits and may one day exceed 53. */
export const hearTelegram = verb(
  {
    name: "identity.telegram.hear",
    summary: "An update of the bot: `/bind` matters, the rest does not",
    needs: "identity:bind",
    scope: "none",
    doors: ["hook"],
    effect: "write",
    idempotency: "none",
    input: () => z.object({ update: z.string(), user: z.string(), chat: z.string(), text: z.string() }),
    output: () => z.object({ outcome: z.enum(["bound", "refreshed", "ignored", "repeated"]) }),
  },
  async (ctx, { update, user, chat, text }) => {
    const code = /^\/bind(?:@\w+)?(?:\s+(\S{1,64}))?\s*$/.exec(text);
    if (!code) return { outcome: "ignored" as const };
    const hash = code[1] ? await bindCodeHash(ctx.ports.secrets, code[1]) : null;
    const [heard] = await send(ctx, [
      raw<{ outcome: "bound" | "refreshed" | "ignored" | "repeated" }>(
        ctx,
        sql`select identity.telegram_hear(${update}, ${user}, ${chat}, ${hash}::text) as outcome`,
      ),
    ]);
    const outcome = heard.rows[0]?.outcome ?? "ignored";
    answer(ctx, chat, said[outcome]);
    return { outcome };
  },
);

/** Strangers get no answer: a bot that is silent tells nobody what it is for. */
function answer(ctx: Ctx, chat: string, text: string | undefined): void {
  const { messenger } = ctx.ports;
  if (messenger && text) ctx.after(() => messenger.send(chat, text));
}
