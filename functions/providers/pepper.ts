/** The peppers of passwords: `id:base64 of 32 bytes`, comma separated, newest first; older ones only check. */
import type { Pepper } from "#brain/kernel/ports.ts";

const how = { name: "HMAC", hash: "SHA-256" } as const;

export function pepperFrom(ring: string): Pepper {
  const keys = new Map(ring.split(",").map((entry) => entry.split(":") as [string, string]));
  const imported = new Map<string, Promise<CryptoKey>>();
  const keyOf = (id: string): Promise<CryptoKey> => {
    const material = keys.get(id);
    if (!material) throw new Error(`pepper ${id} is not configured`);
    const raw = Uint8Array.from(atob(material), (c) => c.charCodeAt(0));
    const key = imported.get(id) ?? crypto.subtle.importKey("raw", raw, how, false, ["sign"]);
    imported.set(id, key);
    return key;
  };
  return {
    newest: ring.slice(0, ring.indexOf(":")),
    mac: async (id, bytes) => new Uint8Array(await crypto.subtle.sign("HMAC", await keyOf(id), bytes)),
  };
}
