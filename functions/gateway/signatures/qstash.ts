/** The proof that a delivery comes from QStash: a JWT over the address and the raw body, signed with a key of ours. */
import { Receiver } from "@upstash/qstash";
import { Fault } from "#brain/kernel/fault.ts";

/** Keys that Upstash publishes for its local server: whoever can read can sign with them. */
const publicKeys: ReadonlySet<string> = new Set([
  "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r",
  "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs",
]);

export const isPublicKey = (key: string): boolean => publicKeys.has(key);

export type Delivery = { signature: string | undefined; url: string; body: Uint8Array };

const refused = () => new Fault("unauthenticated", "signature_invalid");

/**
 * A token in the one form RFC 7515 gives it: 32 bytes are 43 characters, of which the last has two bits that are zero.
 * Decoders are laxer, and one signature would have many spellings.
 */
const canonical = /^[\w-]+\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]$/;

/** Throws a Fault unless the current or the next key signed exactly this body for exactly this address, for now. */
export async function verifyDelivery(keys: { current: string; next: string }, delivery: Delivery): Promise<void> {
  const { signature, url, body } = delivery;
  if (!signature || !canonical.test(signature) || isPublicKey(keys.current) || isPublicKey(keys.next)) throw refused();
  const receiver = new Receiver({ currentSigningKey: keys.current, nextSigningKey: keys.next, devMode: false });
  // Bytes that are no UTF-8 become other characters here, and their hash another one.
  const text = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(body);
  const genuine = await receiver.verify({ signature, url, body: text }).catch(() => false);
  if (!genuine || !expires(signature)) throw refused();
}

/** The library accepts a token without an end; such a one would be good for ever. Asked after its signature was found good. */
function expires(token: string): boolean {
  const payload = token.split(".")[1] ?? "";
  const claims = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as { exp?: unknown };
  return typeof claims.exp === "number";
}
