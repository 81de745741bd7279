/** Bytes as letters and digits of a fixed length, for secrets that people paste. */

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export function toBase62(bytes: Uint8Array, length: number): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = "";
  for (let i = 0; i < length; i++) {
    text = (alphabet[Number(value % 62n)] ?? "") + text;
    value /= 62n;
  }
  return text;
}
