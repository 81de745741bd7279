/** SHA-256 and constant-time comparison on raw bytes. */
export { sha256 } from "#brain/kernel/digest.ts";

/** Same length and same bytes; looks at every byte whatever the first difference. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
