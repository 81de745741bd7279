/**
 * Third parties' secrets at rest: AES-256-GCM, 96-bit random nonce, bound to table, column, row and project as additional
 * data (NIST SP 800-38D). Text form `v1.<key id>.<nonce>.<ciphertext and tag>`, base64url.
 */
import type { Place, Secrets } from "#brain/kernel/ports.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
}

export function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

const bound = (place: Place) => bytesOf([place.table, place.column, place.row, place.project].join("|"));

/** `ring`: `id:base64 of 32 bytes`, comma separated, newest first; older ones only open. */
export function secretsFrom(ring: string): Secrets {
  const keys = new Map(ring.split(",").map((entry) => entry.split(":") as [string, string]));
  const current = ring.slice(0, ring.indexOf(":"));
  const imported = new Map<string, Promise<CryptoKey>>();
  const keyOf = (id: string) => {
    const material = keys.get(id);
    if (!material) throw new Error(`secret key ${id} is not configured`);
    const key =
      imported.get(id) ??
      crypto.subtle.importKey("raw", fromBase64(material), "AES-GCM", false, ["encrypt", "decrypt"]);
    imported.set(id, key);
    return key;
  };
  const macKeys = new Map<string, Promise<CryptoKey>>();
  const macKeyOf = (id: string, material: string) => {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key =
      macKeys.get(id) ?? crypto.subtle.importKey("raw", bytesOf(`mac:${material}`), algorithm, false, ["sign"]);
    macKeys.set(id, key);
    return key;
  };
  const macWith = async (id: string, text: string) => {
    const material = keys.get(id);
    if (material === undefined) return undefined;
    return toBase64url(new Uint8Array(await crypto.subtle.sign("HMAC", await macKeyOf(id, material), bytesOf(text))));
  };
  return {
    seal: async (plain, place) => {
      const nonce = crypto.getRandomValues(new Uint8Array(12));
      const how = { name: "AES-GCM", iv: nonce, additionalData: bound(place) };
      const sealed = await crypto.subtle.encrypt(how, await keyOf(current), bytesOf(plain));
      return `v1.${current}.${toBase64url(nonce)}.${toBase64url(new Uint8Array(sealed))}`;
    },
    open: async (sealed, place) => {
      const [form, id, nonce, body] = sealed.split(".");
      if (form !== "v1" || !id || !nonce || !body) throw new Error("a sealed secret has an unknown form");
      const how = { name: "AES-GCM", iv: fromBase64(nonce), additionalData: bound(place) };
      return new TextDecoder().decode(await crypto.subtle.decrypt(how, await keyOf(id), fromBase64(body)));
    },
    isNewest: (sealed) => sealed.startsWith(`v1.${current}.`),
    newest: current,
    macWith,
    mac: async (text) => {
      const mac = await macWith(current, text);
      if (mac === undefined) throw new Error(`secret key ${current} is not configured`);
      return mac;
    },
  };
}
