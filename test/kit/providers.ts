// Message providers' side of the story: their calls, proven as each of them does it, and sources that believe them.
import { createHmac, createPrivateKey, sign } from "node:crypto";
import { publicUrl, type Tenant, testSecrets, type World } from "./world.ts";

export type Provider = "twilio" | "telnyx" | "telegram" | "resend" | "postmark";
export type Bound = { id: string; provider: Provider; secret: string; account: string };

/** Seed bytes 00..1f, in the shell that Node wants (RFC 8410). */
const telnyxKey = createPrivateKey({
  key: Buffer.concat([
    Buffer.from("302e020100300506032b657004220420", "hex"),
    Buffer.from(Array.from({ length: 32 }, (_, i) => i)),
  ]),
  format: "der",
  type: "pkcs8",
});
export const telnyxPublicKey = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";

const kinds = {
  twilio: "twilio_number",
  telnyx: "telnyx_number",
  telegram: "telegram_bot",
  resend: "email_domain",
  postmark: "email_domain",
} as const;

export const providerSecrets: Record<Provider, string> = {
  twilio: "twilio-auth-token-of-the-tests",
  telnyx: telnyxPublicKey,
  telegram: "telegram_secret_of_the_tests",
  resend: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  postmark: "inbound:postmark-password-of-the-tests",
};

let made = 0;
/** Numbers that no other test of this process uses. */
export const fresh = (): string =>
  String(process.pid * 1000 + ++made)
    .slice(-8)
    .padStart(8, "2");

const accountOf = (provider: Provider) => {
  if (provider === "telegram") return `7${fresh()}`;
  if (provider === "resend" || provider === "postmark") return `mail${fresh()}.example`;
  return `+45${fresh()}`;
};

/** A source of this provider, as if bound in the console. */
export async function bound(w: World, tenant: Tenant, provider: Provider): Promise<Bound> {
  const id = w.runtime.ids.next("source");
  const place = (column: string) => ({ table: "identity.project_sources", column, row: id, project: tenant.project });
  const secret = providerSecrets[provider];
  const account = accountOf(provider);
  await w.neon.query(
    `insert into identity.project_sources (project_id, account_scope_id, id, source_kind, external_id, secret_sealed, api_token_sealed, provider)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      tenant.project,
      tenant.accountScope,
      id,
      kinds[provider],
      account,
      await testSecrets.seal(secret, place("secret_sealed")),
      await testSecrets.seal("api-token-of-the-tests", place("api_token_sealed")),
      kinds[provider] === "email_domain" ? provider : null,
    ],
  );
  return { id, provider, secret, account };
}

export const seconds = (w: World) => String(Math.floor(w.clock.now().getTime() / 1000));

/** Twilio's signature over a form. */
export function twilioSignature(token: string, url: string, form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  const said = names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value)).join("");
  return createHmac("sha1", token)
    .update(url + said)
    .digest("base64");
}

type Sent = { path?: string; headers?: Record<string, string> };

export async function twilioCalls(
  w: World,
  source: Bound,
  form: Record<string, string>,
  more: Sent = {},
): Promise<Response> {
  const path = `/v1/hooks/twilio/${source.id}${more.path ?? ""}`;
  const body = new URLSearchParams(form);
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "x-twilio-signature": twilioSignature(source.secret, publicUrl + path, body),
    ...more.headers,
  };
  return w.fetch(path, { method: "POST", headers, body: body.toString() });
}

/** An SMS from a customer, as Twilio tells of it. */
export const smsForm = (source: Bound, from: string, body: string, more: Record<string, string> = {}) => ({
  ToCountry: "DK",
  SmsMessageSid: `SM${fresh()}`,
  NumMedia: "0",
  SmsStatus: "received",
  Body: body,
  To: source.account,
  NumSegments: "1",
  MessageSid: `SM${fresh()}`,
  AccountSid: "AC1",
  From: from,
  ApiVersion: "2010-04-01",
  ...more,
});

export const telnyxSignature = (timestamp: string, body: string): string =>
  sign(null, Buffer.from(`${timestamp}|${body}`), telnyxKey).toString("base64");

export const standardSignature = (secret: string, of: { id: string; timestamp: string; body: string }): string =>
  `v1,${createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64"))
    .update(`${of.id}.${of.timestamp}.${of.body}`)
    .digest("base64")}`;

function proof(w: World, source: Bound, body: string): Record<string, string> {
  const timestamp = seconds(w);
  const id = `msg_${fresh()}`;
  switch (source.provider) {
    case "telnyx":
      return { "telnyx-timestamp": timestamp, "telnyx-signature-ed25519": telnyxSignature(timestamp, body) };
    case "telegram":
      return { "x-telegram-bot-api-secret-token": source.secret };
    case "resend":
      return {
        "svix-id": id,
        "svix-timestamp": timestamp,
        "svix-signature": standardSignature(source.secret, { id, timestamp, body }),
      };
    default:
      return { authorization: `Basic ${btoa(source.secret)}` };
  }
}

/** A provider that speaks JSON. */
export async function calls(w: World, source: Bound, json: unknown, more: Sent = {}): Promise<Response> {
  const body = JSON.stringify(json);
  const headers = { "content-type": "application/json", ...proof(w, source, body), ...more.headers };
  return w.fetch(`/v1/hooks/${source.provider}/${source.id}${more.path ?? ""}`, { method: "POST", headers, body });
}
