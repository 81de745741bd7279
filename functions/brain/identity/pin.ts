/** The six digits that prove a sign-up, and the keyed hash that is stored instead of them. */
import type { Ids } from "../kernel/ids.ts";
import type { Secrets } from "../kernel/ports.ts";

const span = 1_000_000;
/** The largest multiple of a million that four bytes hold: above it the digits would not be equally likely. */
const fair = Math.floor(2 ** 32 / span) * span;

export function newPin(ids: Ids): string {
  for (;;) {
    const value = new DataView(Uint8Array.from(ids.random(4)).buffer).getUint32(0);
    if (value < fair) return String(value % span).padStart(6, "0");
  }
}

/** A million possibilities are nothing to whoever holds the table, hence a key that is not in it; the salt parts equal PINs. */
export const pinHash = (secrets: Secrets, of: { request: string; salt: string; pin: string }): Promise<string> =>
  secrets.mac(`signup pin ${of.request} ${of.salt} ${of.pin}`);
