/** The one-time code that binds the owner's Telegram: printed by the server, stored as a keyed hash. */
import { base32, type Ids } from "../kernel/ids.ts";
import type { Secrets } from "../kernel/ports.ts";

export const bindCodeSeconds = 24 * 3600;

/** Eighty random bits in sixteen characters. */
export const newBindCode = (ids: Ids): string =>
  base32(Uint8Array.from([...new Uint8Array(6), ...ids.random(10)])).slice(-16);

/** The same from a keyed hash (base64url), for a code that a repeated request must be able to show again. */
export function bindCodeFrom(mac: string): string {
  const bytes = Uint8Array.from(atob(mac.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  return base32(Uint8Array.from([...new Uint8Array(6), ...bytes.slice(0, 10)])).slice(-16);
}

export const bindCodeHash = (secrets: Secrets, code: string): Promise<string> =>
  secrets.mac(`telegram bind ${code.toLowerCase()}`);
