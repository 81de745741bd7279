/** E-mail through Resend. Our id is its Idempotency-Key: for a day the same e-mail may be asked for again and is still one. */
import * as z from "zod/v4";
import type { Carried, Carrier, LookedUp } from "#brain/kernel/ports.ts";
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

/** Our id among an e-mail's tags. */
const ours = "omneuro_ref";
/** A page of the list, and how far back it is read. */
const pageSize = 100;
const mostPages = 3;
/** E-mails to one recipient within minutes. */
const mostCandidates = 10;
const skewMs = 60_000;

/** Keys are kept for 24 hours; an hour less is safe. */
const keyLivesMs = 23 * 3_600_000;

const Sent = () => z.object({ id: z.string().min(1) });
const Refusal = () => z.object({ name: z.string() });
const Listed = () =>
  z.object({
    has_more: z.boolean(),
    data: z.array(z.object({ id: z.string(), to: z.array(z.string()), created_at: z.string() })),
  });
const Retrieved = () =>
  z.object({
    tags: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
    last_event: z.string().nullish(),
  });

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
        ...(message.html === undefined ? {} : { html: message.html }),
        headers,
        ...(typeof replyTo === "string" ? { reply_to: replyTo } : {}),
        tags: [{ name: ours, value: message.ref }],
      });
      const sent = {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "idempotency-key": message.ref,
      };
      const request = { method: "POST", url: `${baseOf(settings)}/emails`, headers: sent, body } as const;
      return carriedBy(await call(settings, request), readSent);
    },
    lookup: async ({ secrets }, sent) => {
      const key = secrets["api_key"];
      if (!key) return { outcome: "unable" };
      const found = await search({ settings, key }, sent);
      if (found !== "not permitted") return found;
      return { outcome: now().getTime() - sent.since.getTime() < keyLivesMs ? "absent" : "unable" };
    },
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

type Door = { settings: CarrierSettings; key: string };
type Question = { ref: string; to: string; since: Date };

/**
 * Reads the newest e-mails back to the attempt, and the tags of those to this recipient. A key that may only send cannot be used for
 * this: then the repeat is safe by our key for a day, and "absent" allows the next claim to make it, after it has asked once more
 * whether the person still wants it. It is never repeated from here.
 */
async function search(door: Door, { ref, to, since }: Question): Promise<LookedUp | "not permitted"> {
  const oldest = since.getTime() - skewMs;
  let after: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const query = new URLSearchParams({ limit: String(pageSize), ...(after === undefined ? {} : { after }) });
    const told = await read(door, `/emails?${query}`);
    if (told.kind === "answer" && [401, 403].includes(told.status)) return "not permitted";
    const listed = told.kind === "answer" && told.status === 200 ? Listed().safeParse(told.body) : undefined;
    if (!listed?.success) return { outcome: "unable" };
    const { data, has_more } = listed.data;
    const recent = data.filter(({ created_at }) => !(Date.parse(created_at) < oldest));
    const candidates = recent.filter((row) => row.to.some((address) => address.toLowerCase() === to.toLowerCase()));
    if (candidates.length > mostCandidates) return { outcome: "unable" };
    for (const { id } of candidates) {
      const found = await isOurs(door, { id, ref });
      if (found.outcome !== "absent") return found;
    }
    if (recent.length < data.length || !has_more) return { outcome: "absent" };
    after = data.at(-1)?.id;
  }
  return { outcome: "unable" };
}

const read = ({ settings, key }: Door, path: string) =>
  call(settings, { method: "GET", url: `${baseOf(settings)}${path}`, headers: { authorization: `Bearer ${key}` } });

async function isOurs(door: Door, { id, ref }: { id: string; ref: string }): Promise<LookedUp> {
  const told = await read(door, `/emails/${encodeURIComponent(id)}`);
  const email = told.kind === "answer" && told.status === 200 ? Retrieved().safeParse(told.body) : undefined;
  if (!email?.success) return { outcome: "unable" };
  const isTagged = email.data.tags?.some(({ name, value }) => name === ours && value === ref) ?? false;
  if (!isTagged) return { outcome: "absent" };
  const hasLeft = ["sent", "delivered", "opened", "clicked"].includes(email.data.last_event ?? "");
  return { outcome: "found", id, state: hasLeft ? "sent" : "submitted" };
}
