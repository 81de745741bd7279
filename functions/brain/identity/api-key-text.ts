/** The text of an API key: `omn_live_<26 id>_<43 secret>_<6 checksum>`; a typo is refused before the database is asked. */
import { toBase62 } from "./base62.ts";
import { tokenHash } from "./token.ts";

const form = /^omn_live_([0-9a-z]{26})_([0-9A-Za-z]{43})_([0-9a-f]{6})$/;

/** `id` is the stored id (`key_…`), `secret` 32 random bytes. */
export async function writeApiKey(id: string, secret: Uint8Array): Promise<{ text: string; hash: string }> {
  const body = `omn_live_${id.slice(4)}_${toBase62(secret, 43)}`;
  const text = `${body}_${(await tokenHash(body)).slice(0, 6)}`;
  return { text, hash: await tokenHash(text) };
}

/** Undefined when the text cannot be one of our keys. */
export async function readApiKey(text: string): Promise<{ id: string; hash: string } | undefined> {
  const match = form.exec(text);
  if (!match) return undefined;
  const body = text.slice(0, -7);
  if ((await tokenHash(body)).slice(0, 6) !== match[3]) return undefined;
  return { id: `key_${match[1]}`, hash: await tokenHash(text) };
}
