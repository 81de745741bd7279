/** Commands on lists; those that block are not part of the REST protocol. */
import { integer, keywords, span } from "./arguments.ts";
import { type Commands, reads, writes } from "./command.ts";
import type { Keyspace } from "./keyspace.ts";
import { OK, RedisError, type Reply, syntaxError } from "./reply.ts";

type End = "left" | "right";

const list = (keys: Keyspace, key: string): readonly string[] => keys.read(key, "list") ?? [];

const push =
  (end: End) =>
  (keys: Keyspace, key: string, ...values: string[]): number => {
    const items = keys.open(key, "list");
    if (end === "left") items.unshift(...values.toReversed());
    else items.push(...values);
    return items.length;
  };

const pushKnown =
  (end: End) =>
  (keys: Keyspace, key: string, ...values: string[]): number =>
    keys.read(key, "list") === undefined ? 0 : push(end)(keys, key, ...values);

const pop =
  (end: End) =>
  (keys: Keyspace, key: string, count?: string): Reply => {
    if (count !== undefined && !/^\d+$/.test(count)) {
      throw new RedisError("ERR value is out of range, must be positive");
    }
    const items = keys.read(key, "list");
    if (items === undefined) return null;
    const n = count === undefined ? 1 : integer(count);
    const taken = end === "left" ? items.splice(0, n) : items.splice(Math.max(items.length - n, 0)).reverse();
    keys.prune(key);
    return count === undefined ? (taken[0] ?? null) : taken;
  };

/** Takes out up to |count| of them, from the right where count is negative; 0 is all. */
function remove(keys: Keyspace, key: string, count: string, value: string): Reply {
  const n = integer(count);
  const items = [...list(keys, key)];
  if (n < 0) items.reverse();
  let left = n === 0 ? items.length : Math.abs(n);
  const kept = items.filter((item) => item !== value || left-- <= 0);
  if (n < 0) kept.reverse();
  const gone = items.length - kept.length;
  if (gone > 0) keys.put(key, { kind: "list", value: kept, expiresAt: keys.expiry(key) ?? null });
  return gone;
}

function insert(keys: Keyspace, key: string, where: string, pivot: string, value: string): Reply {
  const side = where.toUpperCase();
  if (side !== "BEFORE" && side !== "AFTER") throw syntaxError();
  const items = keys.read(key, "list");
  if (items === undefined) return 0;
  const at = items.indexOf(pivot);
  if (at < 0) return -1;
  items.splice(side === "BEFORE" ? at : at + 1, 0, value);
  return items.length;
}

function endOf(text: string): End {
  const end = text.toLowerCase();
  if (end !== "left" && end !== "right") throw syntaxError();
  return end;
}

function move(keys: Keyspace, given: { from: string; to: string; take: End; put: End }): Reply {
  if (keys.read(given.from, "list") === undefined) return null;
  list(keys, given.to);
  const taken = pop(given.take)(keys, given.from);
  if (typeof taken === "string") push(given.put)(keys, given.to, taken);
  return taken;
}

function positions(keys: Keyspace, key: string, value: string, ...rest: string[]): Reply {
  const options = keywords(rest, { RANK: 1, COUNT: 1, MAXLEN: 1 });
  const rank = integer(options.get("RANK")?.[0] ?? "1");
  const count = integer(options.get("COUNT")?.[0] ?? "1");
  const most = integer(options.get("MAXLEN")?.[0] ?? "0");
  if (rank === 0)
    throw new RedisError(
      "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
    );
  if (count < 0) throw new RedisError("ERR COUNT can't be negative");
  if (most < 0) throw new RedisError("ERR MAXLEN can't be negative");
  const items = list(keys, key);
  const order = [...items.keys()];
  if (rank < 0) order.reverse();
  const looked = most === 0 ? order : order.slice(0, most);
  const found = looked.filter((i) => items[i] === value).slice(Math.abs(rank) - 1);
  if (!options.has("COUNT")) return found[0] ?? null;
  return count === 0 ? found : found.slice(0, count);
}

function trim(keys: Keyspace, key: string, from: string, to: string): Reply {
  const items = list(keys, key);
  const { start, end } = span(items.length, { from: integer(from), to: integer(to) });
  if (items.length > 0) {
    keys.put(key, { kind: "list", value: items.slice(start, end), expiresAt: keys.expiry(key) ?? null });
  }
  return OK;
}

export const lists: Commands = {
  llen: reads(2, (keys, key: string) => list(keys, key).length),
  lindex: reads(3, (keys, key: string, index: string) => list(keys, key).at(integer(index)) ?? null),
  lrange: reads(4, (keys, key: string, from: string, to: string) => {
    const asked = { from: integer(from), to: integer(to) };
    const items = list(keys, key);
    const { start, end } = span(items.length, asked);
    return items.slice(start, end);
  }),
  lpos: reads(-3, positions),
  lpush: writes(-3, push("left")),
  rpush: writes(-3, push("right")),
  lpushx: writes(-3, pushKnown("left")),
  rpushx: writes(-3, pushKnown("right")),
  lpop: writes(-2, pop("left")),
  rpop: writes(-2, pop("right")),
  ltrim: writes(4, trim),
  lset: writes(4, (keys, key: string, index: string, value: string) => {
    const items = keys.read(key, "list");
    if (items === undefined) throw new RedisError("ERR no such key");
    const at = integer(index) < 0 ? items.length + integer(index) : integer(index);
    if (at < 0 || at >= items.length) throw new RedisError("ERR index out of range");
    items[at] = value;
    return OK;
  }),
  linsert: writes(5, insert),
  lrem: writes(4, remove),
  lmove: writes(5, (keys, from: string, to: string, take: string, put: string) =>
    move(keys, { from, to, take: endOf(take), put: endOf(put) }),
  ),
  rpoplpush: writes(3, (keys, from: string, to: string) => move(keys, { from, to, take: "right", put: "left" })),
};
