/**
 * Reading one field of a sender's JSON tolerantly: the value in our form, or null. Plain functions, because a webhook has
 * sixty such fields and a schema library spends 200 µs on what takes 10.
 */
import { instant } from "./instant.ts";

export type Fields = Record<string, unknown>;

export const fieldsOf = (value: unknown): Fields | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;

/** An empty object is `[]` in some proxies' output. */
export const recordOf = (value: unknown): Fields => fieldsOf(value) ?? {};

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A sequence number, as number or text. */
export function idOf(value: unknown): number | null {
  const number = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number > 0 ? number : null;
}

export const textOf = (value: unknown): string | null =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : null;

const word = /^[a-zA-Z][a-zA-Z0-9_:]{0,59}$/;

/** A word of an enumeration that is not ours: safe to keep where free text is not. */
export const wordOf = (value: unknown): string | null => (typeof value === "string" && word.test(value) ? value : null);

export const wholeOf = (value: unknown): number | null => (Number.isSafeInteger(value) ? (value as number) : null);

export const boolOf = (value: unknown): boolean | null => (typeof value === "boolean" ? value : null);

/** Only a clear no is a no: in doubt a note stays inside the house. */
export const unlessNo = (value: unknown): boolean =>
  ![undefined, null, false, 0, "", "0", "false"].includes(value as string);

export const whenOf = instant;
