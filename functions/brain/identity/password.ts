/**
 * Password hashing within what deployed Workers allow: scrypt N=2^14, r=8, p=5 (OWASP's 16 MiB row), N*r*p = 655,360,
 * below the reported cap of 2^20. About 250 ms of CPU: whoever calls this has counted the attempt first.
 */
import { scrypt } from "node:crypto";
import type { PasswordCost as Cost, Ctx } from "../kernel/ctx.ts";
import type { Pepper } from "../kernel/ports.ts";

export const cost = { N: 16_384, r: 8, p: 5 } as const satisfies Cost;
/** Stored parameters above these are refused, so that a stored hash cannot become a weapon. */
export const bounds = { N: 32_768, r: 16, p: 8 } as const satisfies Cost;
const keyBytes = 32;
const maxmem = 64 * 1024 * 1024;

const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const unhex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
/** One way to write what looks the same, whatever keyboard it was typed on. */
const bytesOf = (password: string) => Uint8Array.from(new TextEncoder().encode(password.normalize("NFC")));

function stretch(material: Uint8Array, how: Cost & { salt: Uint8Array }): Promise<Uint8Array> {
  const { salt, N, r, p } = how;
  return new Promise((resolve, reject) => {
    scrypt(material, salt, keyBytes, { N, r, p, maxmem }, (error, key) =>
      error ? reject(error) : resolve(new Uint8Array(key)),
    );
  });
}

export const derive = (password: string, salt: Uint8Array, how: Cost): Promise<Uint8Array> =>
  stretch(bytesOf(password), { ...how, salt });

type Parts = Cost & { pepperId: string | undefined; salt: Uint8Array; hash: Uint8Array };

const shape = /^scrypt\$v=(?:1|2,k=([a-z0-9]+))\$(\d{1,7}),(\d{1,3}),(\d{1,3})\$([0-9a-f]+)\$([0-9a-f]+)$/;

function read(stored: string): Parts {
  const [all, pepperId, N, r, p, salt = "", hash = ""] = shape.exec(stored) ?? [];
  const how = { N: Number(N), r: Number(r), p: Number(p) };
  if (!all || how.N > bounds.N || how.r > bounds.r || how.p > bounds.p) {
    throw new Error("a stored password hash has an unknown form");
  }
  return { ...how, pepperId, salt: unhex(salt), hash: unhex(hash) };
}

const write = ({ N, r, p, pepperId, salt, hash }: Parts): string =>
  `scrypt$v=${pepperId ? `2,k=${pepperId}` : "1"}$${N},${r},${p}$${hex(salt)}$${hex(hash)}`;

export type Passwords = {
  /** `scrypt$v=1$N,r,p$salt$hash`, or `scrypt$v=2,k=<pepper>$…` over the password's keyed hash; hex. */
  hash(password: string, salt: Uint8Array): Promise<string>;
  /** Without a stored hash one of nobody is computed, so that the answer takes as long. */
  matches(password: string, stored: string | undefined): Promise<boolean>;
  /** Made with another cost or another pepper than one made today. */
  isOutdated(stored: string): boolean;
};

/** As this installation hashes. */
export const passwordsIn = ({ ports, settings }: Ctx): Passwords => passwordsOf(ports.pepper, settings.passwordCost);

/** With a pepper, who holds the table alone cannot try a single guess. Hashes made before there was one go on working. */
export function passwordsOf(pepper?: Pepper, today: Cost = cost): Passwords {
  const pepperId = pepper?.newest;
  async function compute(password: string, how: Omit<Parts, "hash">): Promise<Uint8Array> {
    if (how.pepperId === undefined) return stretch(bytesOf(password), how);
    if (!pepper) throw new Error("a stored password hash needs a pepper, and none is configured");
    return stretch(await pepper.mac(how.pepperId, bytesOf(password)), how);
  }
  const nobody = write({ ...today, pepperId, salt: new Uint8Array(16), hash: new Uint8Array(keyBytes) });
  return {
    hash: async (password, salt) => {
      const how = { ...today, pepperId, salt };
      return write({ ...how, hash: await compute(password, how) });
    },
    matches: async (password, stored) => {
      const parts = read(stored ?? nobody);
      const key = await compute(password, parts);
      let difference = key.length ^ parts.hash.length;
      for (let i = 0; i < key.length; i++) difference |= (key[i] ?? 0) ^ (parts.hash[i] ?? 0);
      return stored !== undefined && difference === 0;
    },
    isOutdated: (stored) => {
      const { N, r, p, pepperId: used } = read(stored);
      return N !== today.N || r !== today.r || p !== today.p || used !== pepperId;
    },
  };
}

export const { hash: hashPassword, matches: passwordMatches } = passwordsOf();
