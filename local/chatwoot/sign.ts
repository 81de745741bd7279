/** The signature Chatwoot puts on a webhook, and the three headers that carry it. */
import { createHmac } from "node:crypto";

/** HMAC-SHA256 over `timestamp.body`; the secret is used as its raw text, and the body as the very bytes sent. */
export function sign(secret: string, timestamp: string | number, body: Uint8Array): string {
  return `sha256=${createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex")}`;
}

/** The delivery id is made once per job, the timestamp and the signature per attempt. A sender without secret signs nothing. */
export function signedHeaders(
  secret: string | null,
  delivery: { id: string; at: Date; body: Uint8Array },
): Record<string, string> {
  const plain = { "content-type": "application/json", accept: "application/json" };
  if (secret === null) return plain;
  const timestamp = String(Math.floor(delivery.at.getTime() / 1000));
  return {
    ...plain,
    "x-chatwoot-delivery": delivery.id,
    "x-chatwoot-timestamp": timestamp,
    "x-chatwoot-signature": sign(secret, timestamp, delivery.body),
  };
}
