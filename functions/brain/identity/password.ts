/**
 * Password hashing within what deployed Workers allow: scrypt N=2^14, r=8, p=5 (OWASP's 16 MiB row), N*r*p = 655,360,
 * below the reported cap of 2^20. About 250 ms of CPU: whoever calls this has counted the attempt first.
 */
import { scrypt } from "node:crypto";

export const cost = { N: 16_384, r: 8, p: 5 } as const;
/** Stored parameters above these are refused, so that a stored hash cannot become a weapon. */
export const bounds = { N: 32_768, r: 16, p: 8 } as const;
const keyBytes = 32;
const maxmem = 64 * 1024 * 1024;

const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const unhex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

export function derive(
  password: string,
  salt: Uint8Array,
  how: { N: number; r: number; p: number },
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(new TextEncoder().encode(password.normalize("NFC")), salt, keyBytes, { ...how, maxmem }, (error, key) =>
      error ? reject(error) : resolve(new Uint8Array(key)),
    );
  });
}

/** `scrypt$v=1$N,r,p$salt$hash`, hex. */
export async function hashPassword(password: string, salt: Uint8Array): Promise<string> {
  const key = await derive(password, salt, cost);
  return `scrypt$v=1$${cost.N},${cost.r},${cost.p}$${hex(salt)}$${hex(key)}`;
}

/** Compared when the user is unknown, so that the answer takes as long. */
const nobody = `scrypt$v=1$${cost.N},${cost.r},${cost.p}$${"00".repeat(16)}$${"00".repeat(keyBytes)}`;

export async function passwordMatches(password: string, stored: string | undefined): Promise<boolean> {
  const [form, version, parameters, salt, hash] = (stored ?? nobody).split("$");
  const [N = 0, r = 0, p = 0] = (parameters ?? "").split(",").map(Number);
  if (form !== "scrypt" || version !== "v=1" || !salt || !hash || N > bounds.N || r > bounds.r || p > bounds.p) {
    throw new Error("a stored password hash has an unknown form");
  }
  const expected = unhex(hash);
  const key = await derive(password, unhex(salt), { N, r, p });
  let difference = key.length ^ expected.length;
  for (let i = 0; i < key.length; i++) difference |= (key[i] ?? 0) ^ (expected[i] ?? 0);
  return stored !== undefined && difference === 0;
}
