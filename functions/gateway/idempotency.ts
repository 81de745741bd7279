/** The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header): a quoted string, or bare. */
import type { Entry } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import type { Verb } from "#brain/kernel/verb.ts";
import { sha256 } from "./digest.ts";

const maximumLength = 255;

export async function idempotencyOf(
  verb: Verb,
  request: { header: string | undefined; route: string; body: Uint8Array<ArrayBuffer> },
): Promise<Entry["idempotency"]> {
  if (verb.idempotency === "none") return undefined;
  if (request.header === undefined) {
    if (verb.idempotency === "optional") return undefined;
    throw new Fault("invalid", "idempotency_key_required", {
      detail: "Send an Idempotency-Key header with a value of your own that is new for each new request.",
    });
  }
  const bare = request.header.trim();
  const key = bare.startsWith('"') && bare.endsWith('"') && bare.length > 1 ? bare.slice(1, -1) : bare;
  if (key.length === 0 || key.length > maximumLength || !/^[\x21-\x7e]+$/.test(key)) {
    throw new Fault("invalid", "idempotency_key_invalid", {
      detail: `An Idempotency-Key has 1 to ${maximumLength} visible ASCII characters without spaces.`,
    });
  }
  return { key, route: request.route, hash: await sha256(request.body) };
}
