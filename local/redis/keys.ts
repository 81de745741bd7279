/** Commands on keys whatever they hold, on their time of expiry, and on the server itself. */
import { integer, keywords } from "./arguments.ts";
import { type Commands, reads, writes } from "./command.ts";
import { glob } from "./glob.ts";
import type { Keyspace } from "./keyspace.ts";
import { OK, RedisError, type Reply, Status, syntaxError } from "./reply.ts";

type Expiry = { command: string; ms: number; from: "now" | "1970" };

/** EXPIRE and its three sisters; NX, XX, GT and LT as in Redis 7. */
const expire =
  ({ command, ms, from }: Expiry) =>
  (keys: Keyspace, key: string, amount: string, ...rest: string[]): Reply => {
    const options = keywords(rest, { NX: 0, XX: 0, GT: 0, LT: 0 });
    if (options.has("NX") && options.size > 1) {
      throw new RedisError("ERR NX and XX, GT or LT options at the same time are not compatible");
    }
    if (options.has("GT") && options.has("LT")) {
      throw new RedisError("ERR GT and LT options at the same time are not compatible");
    }
    const at = integer(amount) * ms + (from === "now" ? keys.now() : 0);
    if (!Number.isSafeInteger(at)) throw new RedisError(`ERR invalid expire time in '${command}' command`);
    const old = keys.expiry(key);
    if (old === undefined) return 0;
    // A key that stays counts as one that ends at no time.
    const before = old ?? Number.POSITIVE_INFINITY;
    const isRefused =
      (options.has("NX") && old !== null) ||
      (options.has("XX") && old === null) ||
      (options.has("GT") && at <= before) ||
      (options.has("LT") && at >= before);
    if (isRefused) return 0;
    keys.expire(key, at);
    return 1;
  };

/** -2 for no key, -1 for one that stays. */
const remaining =
  (show: (at: number, now: number) => number) =>
  (keys: Keyspace, key: string): Reply => {
    const at = keys.expiry(key);
    if (at === undefined) return -2;
    return at === null ? -1 : show(at, keys.now());
  };

const seconds = (ms: number) => Math.floor((ms + 500) / 1000);

function scan(keys: Keyspace, cursor: string, ...rest: string[]): Reply {
  const options = keywords(rest, { MATCH: 1, COUNT: 1, TYPE: 1, WITHTYPE: 0 });
  if (!/^\d+$/.test(cursor)) throw new RedisError("ERR invalid cursor");
  const count = integer(options.get("COUNT")?.[0] ?? "10");
  if (count < 1) throw syntaxError();
  const found = keys.scan(Number(cursor), count);
  const pattern = glob(options.get("MATCH")?.[0] ?? "*");
  const kind = options.get("TYPE")?.[0]?.toLowerCase();
  const names = found.names.filter((name) => pattern.test(name) && (!kind || keys.kindOf(name) === kind));
  const shown = options.has("WITHTYPE") ? names.flatMap((name) => [name, keys.kindOf(name) ?? "none"]) : names;
  return [String(found.cursor), shown];
}

function copy(keys: Keyspace, from: string, to: string, ...rest: string[]): Reply {
  const options = keywords(rest, { REPLACE: 0 });
  const kind = keys.kindOf(from);
  if (from === to) throw new RedisError("ERR source and destination objects are the same");
  if (kind === undefined || (keys.kindOf(to) !== undefined && !options.has("REPLACE"))) return 0;
  const value = structuredClone(keys.read(from, kind));
  if (value !== undefined) keys.put(to, { kind, value, expiresAt: keys.expiry(from) ?? null });
  return 1;
}

const remove = (keys: Keyspace, ...names: string[]) => names.filter((name) => keys.delete(name)).length;
const present = (keys: Keyspace, ...names: string[]) => names.filter((name) => keys.kindOf(name) !== undefined).length;
const flush = (keys: Keyspace) => {
  keys.clear();
  return OK;
};

export const generic: Commands = {
  del: writes(-2, remove),
  unlink: writes(-2, remove),
  exists: reads(-2, present),
  touch: reads(-2, present),
  type: reads(2, (keys, key: string) => new Status(keys.kindOf(key) ?? "none")),
  keys: reads(2, (keys, pattern: string) => {
    const matcher = glob(pattern);
    return keys.names().filter((name) => matcher.test(name));
  }),
  scan: reads(-2, scan),
  randomkey: reads(1, (keys) => {
    const names = keys.names();
    return names[Math.floor(Math.random() * names.length)] ?? null;
  }),
  rename: writes(3, (keys, from: string, to: string) => {
    keys.move(from, to);
    return OK;
  }),
  renamenx: writes(3, (keys, from: string, to: string) => {
    if (keys.kindOf(from) === undefined) throw new RedisError("ERR no such key");
    if (keys.kindOf(to) !== undefined) return 0;
    keys.move(from, to);
    return 1;
  }),
  copy: writes(-3, copy),
  expire: writes(-3, expire({ command: "expire", ms: 1000, from: "now" })),
  pexpire: writes(-3, expire({ command: "pexpire", ms: 1, from: "now" })),
  expireat: writes(-3, expire({ command: "expireat", ms: 1000, from: "1970" })),
  pexpireat: writes(-3, expire({ command: "pexpireat", ms: 1, from: "1970" })),
  persist: writes(2, (keys, key: string) => {
    if ((keys.expiry(key) ?? null) === null) return 0;
    keys.expire(key, null);
    return 1;
  }),
  ttl: reads(
    2,
    remaining((at, now) => seconds(at - now)),
  ),
  pttl: reads(
    2,
    remaining((at, now) => at - now),
  ),
  expiretime: reads(
    2,
    remaining((at) => seconds(at)),
  ),
  pexpiretime: reads(
    2,
    remaining((at) => at),
  ),
};

export const server: Commands = {
  ping: reads(-1, (_, text?: string) => text ?? new Status("PONG")),
  echo: reads(2, (_, text: string) => text),
  time: reads(1, (keys) => {
    const now = keys.now();
    return [String(Math.floor(now / 1000)), String((now % 1000) * 1000)];
  }),
  dbsize: reads(1, (keys) => keys.names().length),
  flushdb: writes(-1, flush),
  flushall: writes(-1, flush),
};
