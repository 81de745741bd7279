/** Chatwoot's webhook signature (chatwoot/chatwoot lib/webhooks/trigger.rb): HMAC-SHA256 over `<timestamp>.<raw body>`, as `sha256=<hex>`. */
import { Fault } from "#brain/kernel/fault.ts";

/** Chatwoot sends a webhook once, at once: an older or future timestamp is a replay or a broken clock. */
export const windowSeconds = 300;

const form = /^sha256=([0-9a-f]{64})$/;
const seconds = /^[0-9]{1,12}$/;

export type Signed = {
  body: Uint8Array<ArrayBuffer>;
  /** The headers X-Chatwoot-Timestamp and X-Chatwoot-Signature as they came. */
  timestamp: string | undefined;
  signature: string | undefined;
};

/** The secret is the raw text that Chatwoot shows, never decoded. */
export const chatwootKey = (secret: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);

/** The signed send time, or a 401 that does not say more than the sender may know. Compared in constant time by WebCrypto. */
export async function verifyChatwoot(signed: Signed, by: { key: CryptoKey; now: Date }): Promise<Date> {
  const hex = form.exec(signed.signature ?? "")?.[1];
  if (!hex || !seconds.test(signed.timestamp ?? "")) throw new Fault("unauthenticated", "signature_required");
  const prefix = new TextEncoder().encode(`${signed.timestamp}.`);
  const message = new Uint8Array(prefix.length + signed.body.length);
  message.set(prefix);
  message.set(signed.body, prefix.length);
  const mac = Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
  const authentic = await crypto.subtle.verify("HMAC", by.key, mac, message);
  if (!authentic) throw new Fault("unauthenticated", "signature_invalid");
  const sentAt = Number(signed.timestamp);
  if (Math.abs(by.now.getTime() / 1000 - sentAt) > windowSeconds) {
    throw new Fault("unauthenticated", "timestamp_outside_window", {
      detail: `Signed more than ${windowSeconds} s from now.`,
    });
  }
  return new Date(sentAt * 1000);
}

/** The signature that Chatwoot would send: for test events. */
export async function signChatwoot(
  secret: string,
  of: { timestamp: string; body: Uint8Array<ArrayBuffer> },
): Promise<string> {
  const text = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", text.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const message = new Blob([text.encode(`${of.timestamp}.`), of.body]);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, await message.arrayBuffer()));
  return `sha256=${Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
