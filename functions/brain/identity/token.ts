/** Random bearer values and the hash that is stored instead of them. */
import type { Ids } from "../kernel/ids.ts";
import { toBase62 } from "./base62.ts";

/** 256 random bits, 43 letters and digits. */
export const newToken = (ids: Ids): string => toBase62(ids.random(32), 43);

/** SHA-256, lower-case hex. */
export async function tokenHash(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Whether two hashes are the same; looks at every character whatever the first difference. */
export function sameHash(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % Math.max(b.length, 1));
  return difference === 0;
}
