/** Base64 as a signature is written: one spelling for each value, so that no other text is taken for it. */

/** Undefined for what is not the canonical base64 of so many bytes. */
export function strictBase64(text: string, length: number): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length !== Math.ceil(length / 3) * 4) return undefined;
  let read: string;
  try {
    read = atob(text);
  } catch {
    return undefined;
  }
  if (read.length !== length || btoa(read) !== text) return undefined;
  return Uint8Array.from(read, (char) => char.charCodeAt(0));
}

export const utf8 = (text: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

export const joined = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};
