/** What a command answers, and the strings it answers with: one character per byte, as Redis counts and compares them. */

/** A simple string of the protocol, which `OK` is and a stored text is not. */
export class Status {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Reply = null | number | string | Status | Reply[];

export const OK = new Status("OK");

/** A command refused; the message begins with Redis's code word (ERR, WRONGTYPE, NOSCRIPT). */
export class RedisError extends Error {}

export const syntaxError = (): RedisError => new RedisError("ERR syntax error");

/** Text → its UTF-8 bytes, one character each. */
export const toBytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

/** Bytes that are no UTF-8 become U+FFFD, as Upstash documents for answers without base64. */
export const toText = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");

export const toBase64 = (bytes: string): string => Buffer.from(bytes, "latin1").toString("base64");

/** Order of bytes, which a comparison of UTF-16 units would not be. */
export const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
