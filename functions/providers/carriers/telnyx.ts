/** SMS through Telnyx (API v2). It keeps no reference of ours: an unknown fate is told by its webhook, which names us in the address. */
import * as z from "zod/v4";
import type { Carried, Carrier } from "#brain/kernel/ports.ts";
import { type Answer, baseOf, type CarrierSettings, call } from "./call.ts";
import { type CodeTable, careful, carriedBy, incomplete, refusalOf, unreadable } from "./verdict.ts";

/** developers.telnyx.com, messaging error codes */
const table: CodeTable = {
  optOut: ["40300"],
  sender: [
    "10009", // credentials
    "10010", // not allowed
    "20100", // out of credit
    "40305", // sender's number is not the account's
    "40306", // alphanumeric sender not enabled
    "40310", // sender's number is none
    "40312", // messaging profile disabled
    "40313", // profile missing
  ],
  later: ["40006", "40011", "40318"],
  final: ["40001", "40002", "40003", "40004", "40005", "40008", "40009", "40302", "40304", "40317"],
};

const Sent = () =>
  z.object({ data: z.object({ id: z.string().min(1), to: z.array(z.object({ status: z.string() })).optional() }) });
const Refusal = () => z.object({ errors: z.array(z.object({ code: z.coerce.string() })).min(1) });

export function telnyx(settings: CarrierSettings): Carrier {
  return careful({
    send: async ({ account, secrets }, message) => {
      const key = secrets["api_key"];
      if (!key) return incomplete;
      const body = JSON.stringify({
        from: message.from,
        to: message.to,
        text: message.text,
        type: "SMS",
        encoding: "auto",
        ...(account ? { messaging_profile_id: account } : {}),
        webhook_url: message.statusUrl,
        use_profile_webhooks: false,
      });
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      const request = { method: "POST", url: `${baseOf(settings)}/v2/messages`, headers, body } as const;
      return carriedBy(await call(settings, request), readSent);
    },
    // Messages are looked up by Telnyx's own id, which a lost answer took with it.
    lookup: async () => ({ outcome: "unable" }),
  });
}

function readSent(answer: Answer): Carried {
  if (answer.status >= 200 && answer.status < 300) {
    const sent = Sent().safeParse(answer.body);
    if (!sent.success) return unreadable;
    const status = sent.data.data.to?.[0]?.status;
    return {
      outcome: "accepted",
      id: sent.data.data.id,
      state: status === "sent" || status === "delivered" ? "sent" : "submitted",
    };
  }
  const code = Refusal().safeParse(answer.body).data?.errors[0]?.code;
  return refusalOf(answer, { table, provider: "telnyx", code });
}
