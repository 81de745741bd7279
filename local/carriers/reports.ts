/** What becomes of an SMS, told to the address it named: Twilio's form with its signature, Telnyx's event with Ed25519. */
import { createHmac, createPrivateKey, createPublicKey, type KeyObject, randomUUID, sign } from "node:crypto";
import type { Desk, Taken } from "./desk.ts";
import { shown } from "./telnyx.ts";

/** PKCS #8 of an Ed25519 key, up to its 32 bytes (RFC 8410 §7). */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

export const ed25519 = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });

/** Base64 of the key's 32 bytes, as Telnyx shows it. */
export const publicKeyOf = (key: KeyObject): string =>
  Buffer.from(createPublicKey(key).export({ format: "jwk" }).x ?? "", "base64url").toString("base64");

export type Signing = { desk: Desk; telnyxKey: KeyObject };
export type Report = { url: string; headers: Record<string, string>; body: string };

/** Base64 of HMAC-SHA1 over the address and each parameter, sorted by name (Twilio, "Webhooks security"). */
export function twilioSignature(token: string, { url, form }: { url: string; form: Record<string, string> }): string {
  const text = Object.keys(form)
    .sort()
    .reduce((all, name) => all + name + form[name], url);
  return createHmac("sha1", token).update(text, "utf8").digest("base64");
}

function twilioReport({ desk }: Signing, { m, status, code }: { m: Taken; status: string; code?: string }): Report {
  const { account, token } = desk.accounts.twilio;
  const url = m.callback ?? "";
  const form: Record<string, string> = {
    SmsSid: m.id,
    SmsStatus: status,
    MessageSid: m.id,
    MessageStatus: status,
    To: m.to,
    From: m.from,
    AccountSid: account,
    ApiVersion: "2010-04-01",
    ...(code === undefined ? {} : { ErrorCode: code }),
  };
  return {
    url,
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      "x-twilio-signature": twilioSignature(token, { url, form }),
    },
    body: new URLSearchParams(form).toString(),
  };
}

const FINAL = ["delivered", "sending_failed", "delivery_failed", "delivery_unconfirmed"];

function telnyxReport(signing: Signing, { m, status, code }: { m: Taken; status: string; code?: string }): Report {
  const now = signing.desk.now();
  const payload = { ...shown({ ...m, status }), ...(code === undefined ? {} : { errors: [{ code }] }) };
  const event_type = FINAL.includes(status) ? "message.finalized" : "message.sent";
  const data = { record_type: "event", id: randomUUID(), event_type, occurred_at: now.toISOString(), payload };
  const url = m.callback ?? "";
  const body = JSON.stringify({ data, meta: { attempt: 1, delivered_to: url } });
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = sign(null, Buffer.from(`${timestamp}|${body}`), signing.telnyxKey).toString("base64");
  return {
    url,
    headers: {
      "content-type": "application/json",
      "telnyx-timestamp": timestamp,
      "telnyx-signature-ed25519": signature,
    },
    body,
  };
}

/** Undefined for what nobody is told about: e-mail's events go by the account's webhook, the others have none. */
export function reportOf(
  signing: Signing,
  of: { message: Taken; status: string; code?: string | undefined },
): Report | undefined {
  const { message: m, status, code } = of;
  if (m.callback === undefined) return undefined;
  const said = { m, status, ...(code === undefined ? {} : { code }) };
  if (m.provider === "twilio") return twilioReport(signing, said);
  if (m.provider === "telnyx") return telnyxReport(signing, said);
  return undefined;
}
