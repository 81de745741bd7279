/** GitHub's webhook signature (docs.github.com, validating webhook deliveries): HMAC-SHA256 over the raw body, as `sha256=<hex>`. */
import { Fault } from "#brain/kernel/fault.ts";

const form = /^sha256=([0-9a-f]{64})$/;
const algorithm = { name: "HMAC", hash: "SHA-256" };

/** The secret is the text that was given to GitHub. */
export const githubKey = (secret: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, ["sign", "verify"]);

/** A 401 for everything but the right signature. No time is signed: who was heard before is told by the delivery's id. */
export async function verifyGithub(
  signed: { body: Uint8Array<ArrayBuffer>; signature: string | undefined },
  key: CryptoKey,
): Promise<void> {
  const hex = form.exec(signed.signature ?? "")?.[1];
  if (!hex) throw new Fault("unauthenticated", "signature_required");
  const mac = Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
  if (!(await crypto.subtle.verify("HMAC", key, mac, signed.body))) {
    throw new Fault("unauthenticated", "signature_invalid");
  }
}

/** The signature that GitHub would send. */
export async function signGithub(secret: string, body: Uint8Array<ArrayBuffer>): Promise<string> {
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", await githubKey(secret), body));
  return `sha256=${Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
