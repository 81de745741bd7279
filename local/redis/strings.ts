/** Commands on texts, among them the counters that limits are made of. */
import { addDecimals, addIntegers, bigInteger, integer, keywords, pairs, span } from "./arguments.ts";
import { type Commands, reads, writes } from "./command.ts";
import type { Keyspace } from "./keyspace.ts";
import { OK, RedisError, type Reply, syntaxError } from "./reply.ts";

const put = (keys: Keyspace, key: string, value: string) => keys.put(key, { kind: "string", value });

function count(keys: Keyspace, key: string, by: bigint): number {
  const sum = addIntegers(keys.read(key, "string") ?? "0", { by });
  keys.rewrite(key, String(sum));
  return Number(sum);
}

const units: Record<string, { ms: number; from: "now" | "1970" }> = {
  EX: { ms: 1000, from: "now" },
  PX: { ms: 1, from: "now" },
  EXAT: { ms: 1000, from: "1970" },
  PXAT: { ms: 1, from: "1970" },
};

/** When EX, PX, EXAT or PXAT let the key end; undefined where none of them was given. */
function endOf(
  keys: Keyspace,
  given: { options: Map<string, string[]>; command: string; instead?: string },
): number | undefined {
  const named = [...given.options.keys()].filter((name) => name in units);
  const [name = ""] = named;
  const unit = units[name];
  if (unit === undefined) return undefined;
  if (named.length > 1 || given.options.has(given.instead ?? "")) throw syntaxError();
  const amount = integer(given.options.get(name)?.[0] ?? "");
  const at = amount * unit.ms + (unit.from === "now" ? keys.now() : 0);
  if (amount > 0 && Number.isSafeInteger(at)) return at;
  throw new RedisError(`ERR invalid expire time in '${given.command}' command`);
}

function set(keys: Keyspace, key: string, value: string, ...rest: string[]): Reply {
  const options = keywords(rest, { EX: 1, PX: 1, EXAT: 1, PXAT: 1, NX: 0, XX: 0, GET: 0, KEEPTTL: 0 });
  if (options.has("NX") && options.has("XX")) throw syntaxError();
  const end = endOf(keys, { options, command: "set", instead: "KEEPTTL" });
  const before = options.has("GET") ? (keys.read(key, "string") ?? null) : null;
  const isThere = keys.kindOf(key) !== undefined;
  const isRefused = (options.has("NX") && isThere) || (options.has("XX") && !isThere);
  if (!isRefused) {
    const kept = options.has("KEEPTTL") ? (keys.expiry(key) ?? null) : null;
    keys.put(key, { kind: "string", value, expiresAt: end ?? kept });
  }
  if (options.has("GET")) return before;
  return isRefused ? null : OK;
}

function getAndExpire(keys: Keyspace, key: string, ...rest: string[]): Reply {
  const options = keywords(rest, { EX: 1, PX: 1, EXAT: 1, PXAT: 1, PERSIST: 0 });
  const value = keys.read(key, "string") ?? null;
  const end = value === null ? undefined : endOf(keys, { options, command: "getex", instead: "PERSIST" });
  if (options.has("PERSIST")) keys.expire(key, null);
  else if (end !== undefined) keys.expire(key, end);
  return value;
}

function setFor(keys: Keyspace, given: { key: string; value: string; amount: string; unit: "EX" | "PX" }): Reply {
  const command = given.unit === "EX" ? "setex" : "psetex";
  const end = endOf(keys, { options: new Map([[given.unit, [given.amount]]]), command });
  keys.put(given.key, { kind: "string", value: given.value, expiresAt: end ?? null });
  return OK;
}

function setRange(keys: Keyspace, key: string, offset: string, value: string): Reply {
  const at = integer(offset);
  if (at < 0) throw new RedisError("ERR offset is out of range");
  const old = keys.read(key, "string") ?? "";
  if (value === "") return old.length;
  const text = old.padEnd(at, "\0");
  const next = text.slice(0, at) + value + text.slice(at + value.length);
  keys.rewrite(key, next);
  return next.length;
}

function range(keys: Keyspace, key: string, from: string, to: string): Reply {
  const asked = { from: integer(from), to: integer(to) };
  const text = keys.read(key, "string") ?? "";
  const { start, end } = span(text.length, asked);
  return text.slice(start, end);
}

const several = (command: string) => new RedisError(`ERR wrong number of arguments for '${command}' command`);

export const strings: Commands = {
  get: reads(2, (keys, key: string) => keys.read(key, "string") ?? null),
  mget: reads(-2, (keys, ...names) =>
    names.map((key) => (keys.kindOf(key) === "string" ? (keys.read(key, "string") ?? null) : null)),
  ),
  strlen: reads(2, (keys, key: string) => keys.read(key, "string")?.length ?? 0),
  getrange: reads(4, range),
  substr: reads(4, range),
  set: writes(-3, set),
  setnx: writes(3, (keys, key: string, value: string) => (set(keys, key, value, "NX") === null ? 0 : 1)),
  setex: writes(4, (keys, key: string, amount: string, value: string) =>
    setFor(keys, { key, value, amount, unit: "EX" }),
  ),
  psetex: writes(4, (keys, key: string, amount: string, value: string) =>
    setFor(keys, { key, value, amount, unit: "PX" }),
  ),
  getset: writes(3, (keys, key: string, value: string) => set(keys, key, value, "GET")),
  getdel: writes(2, (keys, key: string) => {
    const value = keys.read(key, "string") ?? null;
    keys.delete(key);
    return value;
  }),
  getex: writes(-2, getAndExpire),
  mset: writes(-3, (keys, ...rest) => {
    for (const [key, value] of pairs(rest, () => several("mset"))) put(keys, key, value);
    return OK;
  }),
  msetnx: writes(-3, (keys, ...rest) => {
    const given = pairs(rest, () => several("msetnx"));
    if (given.some(([key]) => keys.kindOf(key) !== undefined)) return 0;
    for (const [key, value] of given) put(keys, key, value);
    return 1;
  }),
  append: writes(3, (keys, key: string, more: string) => {
    const text = (keys.read(key, "string") ?? "") + more;
    keys.rewrite(key, text);
    return text.length;
  }),
  setrange: writes(4, setRange),
  incr: writes(2, (keys, key: string) => count(keys, key, 1n)),
  decr: writes(2, (keys, key: string) => count(keys, key, -1n)),
  incrby: writes(3, (keys, key: string, by: string) => count(keys, key, bigInteger(by))),
  decrby: writes(3, (keys, key: string, by: string) => {
    const less = bigInteger(by);
    if (less === -(2n ** 63n)) throw new RedisError("ERR decrement would overflow");
    return count(keys, key, -less);
  }),
  incrbyfloat: writes(3, (keys, key: string, by: string) => {
    const sum = addDecimals(keys.read(key, "string") ?? "0", by);
    keys.rewrite(key, sum);
    return sum;
  }),
};
