/** Standard Webhooks (spec/standard-webhooks.md), with the header names `svix-*` that Resend uses: HMAC-SHA256 over `<id>.<timestamp>.<raw body>`. */
import { Fault } from "#brain/kernel/fault.ts";
import { joined, strictBase64, utf8 } from "./bytes.ts";

export const windowSeconds = 300;
const prefix = "whsec_";
/** While a secret is changed, each of them signs. */
const mostSignatures = 10;

export type StandardCall = {
  body: Uint8Array<ArrayBuffer>;
  id: string | undefined;
  timestamp: string | undefined;
  /** `v1,<base64>`, several divided by spaces; other versions are passed over. */
  signature: string | undefined;
};

function keyBytes(secret: string): Uint8Array<ArrayBuffer> {
  const text = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    throw new Fault("unavailable", "secret_unreadable", {
      detail: "The source's secret must be the one that begins with whsec_.",
    });
  }
}

export async function verifyStandard(call: StandardCall, by: { secret: string; now: Date }): Promise<void> {
  const given = (call.signature ?? "").split(" ").slice(0, mostSignatures);
  const macs = given.flatMap((one) => (one.startsWith("v1,") ? (strictBase64(one.slice(3), 32) ?? []) : []));
  const isNamed = /^[\x21-\x7e]{1,200}$/.test(call.id ?? "") && /^[0-9]{1,12}$/.test(call.timestamp ?? "");
  if (macs.length === 0 || !isNamed) throw new Fault("unauthenticated", "signature_required");
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", keyBytes(by.secret), algorithm, false, ["verify"]);
  const message = joined(utf8(`${call.id}.${call.timestamp}.`), call.body);
  let fits = false;
  for (const mac of macs) fits = (await crypto.subtle.verify("HMAC", key, mac, message)) || fits;
  if (!fits) throw new Fault("unauthenticated", "signature_invalid");
  if (Math.abs(by.now.getTime() / 1000 - Number(call.timestamp)) > windowSeconds)
    throw new Fault("unauthenticated", "timestamp_outside_window", {
      detail: `Signed more than ${windowSeconds} s from now.`,
    });
}
