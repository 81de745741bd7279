/** Commands on sets. */
import { integer, keywords, numbered } from "./arguments.ts";
import { type Commands, reads, writes } from "./command.ts";
import { page, sample } from "./hashes.ts";
import type { Keyspace } from "./keyspace.ts";
import { RedisError, type Reply } from "./reply.ts";

const set = (keys: Keyspace, key: string): Members => keys.read(key, "set") ?? new Set();

type Members = ReadonlySet<string>;

const operations = {
  union: (a: Members, b: Members): Members => new Set([...a, ...b]),
  inter: (a: Members, b: Members): Members => new Set([...a].filter((member) => b.has(member))),
  diff: (a: Members, b: Members): Members => new Set([...a].filter((member) => !b.has(member))),
};
type Operation = keyof typeof operations;

const combine = (keys: Keyspace, given: { operation: Operation; names: string[] }): Set<string> => {
  const all = given.names.map((key) => set(keys, key));
  return new Set(all.reduce(operations[given.operation]));
};

const combined =
  (operation: Operation) =>
  (keys: Keyspace, ...names: string[]): Reply => [...combine(keys, { operation, names })];

const store =
  (operation: Operation) =>
  (keys: Keyspace, target: string, ...names: string[]): Reply => {
    const value = combine(keys, { operation, names });
    keys.put(target, { kind: "set", value });
    return value.size;
  };

function countInter(keys: Keyspace, ...rest: string[]): Reply {
  const { names, rest: more } = numbered(rest, {
    few: "ERR numkeys should be greater than 0",
    many: "ERR Number of keys can't be greater than number of args",
  });
  const limit = integer(keywords(more, { LIMIT: 1 }).get("LIMIT")?.[0] ?? "0");
  if (limit < 0) throw new RedisError("ERR LIMIT can't be negative");
  const { size } = combine(keys, { operation: "inter", names });
  return limit > 0 ? Math.min(size, limit) : size;
}

function take(keys: Keyspace, key: string, members: string[]): number {
  const known = keys.read(key, "set");
  const gone = members.filter((member) => known?.delete(member)).length;
  keys.prune(key);
  return gone;
}

function popRandom(keys: Keyspace, key: string, count?: string): Reply {
  if (count !== undefined && !/^\d+$/.test(count)) throw new RedisError("ERR value is out of range, must be positive");
  const picked = sample([...set(keys, key)], count === undefined ? 1 : integer(count));
  take(keys, key, picked);
  return count === undefined ? (picked[0] ?? null) : picked;
}

export const sets: Commands = {
  smembers: reads(2, (keys, key: string) => [...set(keys, key)]),
  sismember: reads(3, (keys, key: string, member: string) => (set(keys, key).has(member) ? 1 : 0)),
  smismember: reads(-3, (keys, key: string, ...members) =>
    members.map((member) => (set(keys, key).has(member) ? 1 : 0)),
  ),
  scard: reads(2, (keys, key: string) => set(keys, key).size),
  srandmember: reads(-2, (keys, key: string, count?: string) =>
    count === undefined ? (sample([...set(keys, key)], 1)[0] ?? null) : sample([...set(keys, key)], integer(count)),
  ),
  sscan: reads(-3, (keys, key: string, cursor: string, ...rest) =>
    page(cursor, { rest, members: [...set(keys, key)].map((member) => [member]) }),
  ),
  sunion: reads(-2, combined("union")),
  sinter: reads(-2, combined("inter")),
  sdiff: reads(-2, combined("diff")),
  sintercard: reads(-3, countInter),
  sadd: writes(-3, (keys, key: string, ...members) => {
    const known = keys.open(key, "set");
    const before = known.size;
    for (const member of members) known.add(member);
    return known.size - before;
  }),
  srem: writes(-3, (keys, key: string, ...members) => take(keys, key, members)),
  spop: writes(-2, popRandom),
  smove: writes(4, (keys, from: string, to: string, member: string) => {
    if (keys.read(from, "set") === undefined) return 0;
    set(keys, to);
    if (!set(keys, from).has(member)) return 0;
    take(keys, from, [member]);
    keys.open(to, "set").add(member);
    return 1;
  }),
  sunionstore: writes(-3, store("union")),
  sinterstore: writes(-3, store("inter")),
  sdiffstore: writes(-3, store("diff")),
};
