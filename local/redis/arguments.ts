/** Reading a command's arguments: integers, floats, and the keywords that follow the fixed ones. */
import { RedisError, syntaxError } from "./reply.ts";

const MOST = 2n ** 63n - 1n;
const LEAST = -(2n ** 63n);

const notInteger = () => new RedisError("ERR value is not an integer or out of range");

/** A signed integer of 64 bits, written without plus, spaces or leading zeros. */
export function bigInteger(text: string, wrong = notInteger): bigint {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) throw wrong();
  const value = BigInt(text);
  if (value > MOST || value < LEAST) throw wrong();
  return value;
}

export const integer = (text: string): number => Number(bigInteger(text));

export function addIntegers(stored: string, given: { by: bigint; wrong?: () => RedisError }): bigint {
  const sum = bigInteger(stored, given.wrong) + given.by;
  if (sum > MOST || sum < LEAST) throw new RedisError("ERR increment or decrement would overflow");
  return sum;
}

const notFloat = () => new RedisError("ERR value is not a valid float");

export function float(text: string, wrong = notFloat): number {
  const infinite = /^([+-]?)(inf|infinity)$/i.exec(text);
  if (infinite) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw wrong();
  return Number(text);
}

export function floatText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  return value > 0 ? "inf" : "-inf";
}

/** Decimal digits and how many of them follow the point: INCRBYFLOAT adds 0.1 and 0.2 to 0.3. */
function decimal(text: string): { digits: bigint; places: number } {
  const [, sign = "", whole = "", part = "", exponent = "0"] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const places = part.length - Number(exponent);
  const digits = BigInt(`${whole}${part}`) * (sign === "-" ? -1n : 1n);
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places };
}

export function addDecimals(stored: string, by: string, wrong = notFloat): string {
  if (!Number.isFinite(float(stored, wrong) + float(by))) {
    throw new RedisError("ERR increment would produce NaN or Infinity");
  }
  const [a, b] = [decimal(stored), decimal(by)];
  const places = Math.max(a.places, b.places);
  const sum = a.digits * 10n ** BigInt(places - a.places) + b.digits * 10n ** BigInt(places - b.places);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, "0");
  const fraction = digits.slice(digits.length - places, digits.length).replace(/0+$/, "");
  const whole = digits.slice(0, digits.length - places);
  return `${sum < 0n ? "-" : ""}${whole}${places > 0 && fraction ? `.${fraction}` : ""}`;
}

/** Keywords by name, each with as many arguments as `known` says it takes. */
export function keywords(args: string[], known: Record<string, number>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (let i = 0; i < args.length; ) {
    const name = (args[i] ?? "").toUpperCase();
    const takes = known[name];
    if (takes === undefined || i + takes >= args.length) throw syntaxError();
    found.set(name, args.slice(i + 1, i + 1 + takes));
    i += 1 + takes;
  }
  return found;
}

/** Two by two; an odd one out is a syntax error. */
export function pairs(args: string[], wrong = syntaxError): [string, string][] {
  if (args.length % 2 !== 0) throw wrong();
  return Array.from({ length: args.length / 2 }, (_, i) => [args[2 * i] ?? "", args[2 * i + 1] ?? ""]);
}

/** Positions from..to of a sequence, negative ones counted from its end; both are part of it. */
export function span(length: number, given: { from: number; to: number }): { start: number; end: number } {
  const start = Math.max(given.from < 0 ? length + given.from : given.from, 0);
  const end = Math.min(given.to < 0 ? length + given.to : given.to, length - 1) + 1;
  return { start, end: Math.max(start, end) };
}

/** `numkeys key [key …]` and what follows; each command has its own words for too few and too many. */
export function numbered(args: string[], errors: { few: string; many?: string }): { names: string[]; rest: string[] } {
  const [count = "", ...others] = args;
  const n = integer(count);
  if (n <= 0) throw new RedisError(errors.few);
  if (n > others.length) throw errors.many === undefined ? syntaxError() : new RedisError(errors.many);
  return { names: others.slice(0, n), rest: others.slice(n) };
}
