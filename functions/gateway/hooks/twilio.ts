/** Twilio's door: customers' SMS at `/v1/hooks/twilio/{source}`, what became of ours at `…/status`. Answers empty TwiML: replies leave through the queue. */
import { verifyTwilio } from "../signatures.ts";
import { type Call, kept, type ProviderDoor, providerDoor, report, type Said } from "./provider.ts";

const statuses = {
  accepted: "accepted",
  scheduled: "scheduled",
  queued: "queued",
  sending: "sending",
  sent: "sent",
  delivered: "delivered",
  read: "read",
  undelivered: "failed",
  failed: "failed",
  canceled: "failed",
} as const;
type Status = keyof typeof statuses;

/** twilio.com/docs/api/errors: the recipient said STOP; the number is none, a landline, or unknown to its carrier. */
const refusedCodes = new Set(["21610"]);
const invalidCodes = new Set(["21211", "21614", "21635", "30005", "30006"]);

const formOf = ({ header, body }: Call): URLSearchParams | undefined =>
  /^application\/x-www-form-urlencoded\b/i.test(header("content-type") ?? "")
    ? new URLSearchParams(new TextDecoder().decode(body))
    : undefined;

function statusOf(call: Call, form: URLSearchParams): Said {
  const id = form.get("MessageSid") ?? form.get("SmsSid") ?? "";
  const status = form.get("MessageStatus") ?? form.get("SmsStatus") ?? "";
  if (id === "" || !(status in statuses)) return kept(null, `status.${status}`, Object.fromEntries(form));
  const code = form.get("ErrorCode") || null;
  const isRefused = code !== null && refusedCodes.has(code);
  const said = status === "canceled" ? "canceled" : code;
  return {
    heard: [],
    reports: [
      report({
        id,
        ref: call.ref,
        status: isRefused ? "refused" : statuses[status as Status],
        code: said === null ? null : `twilio_${said}`,
        suppress: isRefused ? "provider" : code !== null && invalidCodes.has(code) ? "invalid" : null,
      }),
    ],
  };
}

const mostMedia = 10;

function smsOf(call: Call, form: URLSearchParams): Said {
  const get = (name: string) => form.get(name) ?? "";
  const sid = get("MessageSid") || get("SmsMessageSid") || get("SmsSid");
  const from = get("From");
  // WhatsApp and other channels come in the same form and are not SMS.
  if (sid === "" || from === "" || from.includes(":"))
    return kept(sid || null, "message.other", Object.fromEntries(form));
  const media = Array.from({ length: Math.min(mostMedia, Number(get("NumMedia")) || 0) }, (_, i) => ({
    name: null,
    type: form.get(`MediaContentType${i}`),
    bytes: null,
    url: form.get(`MediaUrl${i}`),
  }));
  const optOut = form.get("OptOutType");
  const token = call.header("i-twilio-idempotency-token");
  const message = {
    channel: "sms" as const,
    address: from,
    name: null,
    to: { kind: "twilio_number", account: get("To") },
    providerMessageId: sid,
    subject: null,
    body: get("Body"),
    cutAt: null,
    attachments: media,
    mailId: null,
    refs: [],
    tag: null,
    automatic: false,
    ts: call.now.toISOString(),
    editedAt: null,
    meta: {
      provider_id: sid,
      to: get("To"),
      segments: get("NumSegments") || null,
      ...(optOut ? { opt_out_type: optOut } : {}),
      ...(token ? { delivery_token: token.slice(0, 200) } : {}),
    },
  };
  return { heard: [{ delivery: `sms:${sid}`, event: "message.received", message, raw: null }], reports: [] };
}

export const twilioDoor: ProviderDoor = {
  provider: "twilio",
  kind: "twilio_number",
  limit: 64 * 1024,
  // Two tokens, divided by a comma, while the account changes from one to the other.
  prove: (call, secret) =>
    verifyTwilio(
      { url: call.url, form: formOf(call), body: call.body, signature: call.header("x-twilio-signature") },
      secret
        .split(",")
        .map((token) => token.trim())
        .filter((token) => token !== ""),
    ),
  read: (call) => {
    const form = formOf(call) ?? new URLSearchParams();
    return form.has("MessageStatus") || new URL(call.url).pathname.endsWith("/status")
      ? statusOf(call, form)
      : smsOf(call, form);
  },
  answer: () => new Response("<Response/>", { headers: { "content-type": "text/xml; charset=utf-8" } }),
};

export const receiveTwilio = providerDoor(twilioDoor);
