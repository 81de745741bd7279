/** The `Upstash-Signature` of a delivery: a JWT over the exact destination and the hash of the exact body. */
import { createHash, createHmac } from "node:crypto";

/** A signature is good for five minutes. */
const LIFE_SECONDS = 300;
const HEADER = base64url(JSON.stringify({ alg: "HS256", typ: "JWT" }));

export function signDelivery(key: string, delivery: { url: string; body: Uint8Array; now: Date; id: string }): string {
  const seconds = Math.floor(delivery.now.getTime() / 1_000);
  const claims = base64url(
    JSON.stringify({
      iss: "Upstash",
      sub: delivery.url,
      exp: seconds + LIFE_SECONDS,
      nbf: seconds,
      iat: seconds,
      jti: delivery.id,
      body: `${createHash("sha256").update(delivery.body).digest("base64url")}=`,
    }),
  );
  const signature = createHmac("sha256", key).update(`${HEADER}.${claims}`).digest("base64url");
  return `${HEADER}.${claims}.${signature}`;
}

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}
