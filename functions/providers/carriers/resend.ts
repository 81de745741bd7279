/** E-mail through Resend. Our id is its Idempotency-Key: for a day the same e-mail may be asked for again and is still one. */
import { z } from "zod";
import type { Carried, Carrier } from "#brain/kernel/ports.ts";
import { type Answer, baseOf, type CarrierSettings, call } from "./call.ts";
import { mailHeaders, subjectOf, wayOutMissing } from "./mail.ts";
import { type CodeTable, careful, carriedBy, incomplete, refusalOf, refused, unreadable } from "./verdict.ts";

/** resend.com/docs/api-reference/errors */
const table: CodeTable = {
  optOut: ["suppressed", "recipient_suppressed", "email_suppressed"],
  sender: [
    "missing_api_key",
    "invalid_api_key",
    "restricted_api_key",
    "invalid_from_address",
    "invalid_access",
    "security_error",
    "daily_quota_exceeded",
    "monthly_quota_exceeded",
  ],
  // The first request with this key is still being worked on.
  later: ["concurrent_idempotent_requests"],
  final: ["invalid_idempotent_request", "invalid_idempotency_key", "missing_required_field", "invalid_parameter"],
};

/** Keys are kept for 24 hours; an hour less is safe. */
const keyLivesMs = 23 * 3_600_000;

const Sent = () => z.object({ id: z.string().min(1) });
const Refusal = () => z.object({ name: z.string() });

export function resend(settings: CarrierSettings): Carrier {
  const now = () => settings.now?.() ?? new Date();
  return careful({
    send: async ({ secrets }, message) => {
      const key = secrets["api_key"];
      if (!key) return incomplete;
      const headers = mailHeaders(message);
      if (!headers) return refused(wayOutMissing);
      const replyTo = message.thread["reply_to"];
      const body = JSON.stringify({
        from: message.from,
        to: [message.to],
        subject: subjectOf(message),
        text: message.text,
        headers,
        ...(typeof replyTo === "string" ? { reply_to: replyTo } : {}),
        tags: [{ name: "omneuro_ref", value: message.ref }],
      });
      const sent = {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "idempotency-key": message.ref,
      };
      const request = { method: "POST", url: `${baseOf(settings)}/emails`, headers: sent, body } as const;
      return carriedBy(await call(settings, request), readSent);
    },
    /**
     * "Absent" means that it may be sent again, and within the key's life it may, whether it has arrived or not. It is not sent from
     * here: the next claim asks once more whether the person still wants it.
     */
    lookup: async (_account, { since }) => ({
      outcome: now().getTime() - since.getTime() < keyLivesMs ? "absent" : "unable",
    }),
  });
}

function readSent(answer: Answer): Carried {
  if (answer.status >= 200 && answer.status < 300) {
    const sent = Sent().safeParse(answer.body);
    return sent.success ? { outcome: "accepted", id: sent.data.id } : unreadable;
  }
  const code = Refusal().safeParse(answer.body).data?.name;
  return refusalOf(answer, { table, provider: "resend", code });
}
