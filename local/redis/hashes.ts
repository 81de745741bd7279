/** Commands on hashes. */
import { addDecimals, addIntegers, bigInteger, float, integer, keywords, pairs } from "./arguments.ts";
import { type Commands, reads, writes } from "./command.ts";
import { glob } from "./glob.ts";
import type { Keyspace } from "./keyspace.ts";
import { OK, RedisError, type Reply, syntaxError } from "./reply.ts";

const hash = (keys: Keyspace, key: string): ReadonlyMap<string, string> => keys.read(key, "hash") ?? new Map();

const several = (command: string) => new RedisError(`ERR wrong number of arguments for '${command}' command`);

const fill =
  (command: string) =>
  (keys: Keyspace, key: string, ...rest: string[]): number => {
    const given = pairs(rest, () => several(command));
    const fields = keys.open(key, "hash");
    const before = fields.size;
    for (const [field, value] of given) fields.set(field, value);
    return fields.size - before;
  };

function random(keys: Keyspace, key: string, ...rest: string[]): Reply {
  const entries = [...hash(keys, key)];
  const [count, withValues, ...more] = rest;
  if (more.length > 0 || (withValues !== undefined && withValues.toUpperCase() !== "WITHVALUES")) throw syntaxError();
  if (count === undefined) return entries[Math.floor(Math.random() * entries.length)]?.[0] ?? null;
  const picked = sample(entries, integer(count));
  return picked.flatMap(([field, value]) => (withValues === undefined ? [field] : [field, value]));
}

/** A positive count takes each at most once, a negative one may take it again. */
export function sample<T>(from: T[], count: number): T[] {
  if (count < 0 && from.length > 0) {
    return Array.from({ length: -count }, () => from[Math.floor(Math.random() * from.length)] as T);
  }
  const left = [...from];
  const taken: T[] = [];
  while (taken.length < count && left.length > 0) {
    taken.push(...left.splice(Math.floor(Math.random() * left.length), 1));
  }
  return taken;
}

/** All members in one page: Redis does so with small collections, and a cursor of 0 says that there is no more. */
export function page(cursor: string, given: { rest: string[]; members: string[][] }): Reply {
  const options = keywords(given.rest, { MATCH: 1, COUNT: 1 });
  if (!/^\d+$/.test(cursor)) throw new RedisError("ERR invalid cursor");
  if (integer(options.get("COUNT")?.[0] ?? "10") < 1) throw syntaxError();
  const pattern = glob(options.get("MATCH")?.[0] ?? "*");
  return ["0", given.members.filter(([name = ""]) => pattern.test(name)).flat()];
}

export const hashes: Commands = {
  hget: reads(3, (keys, key: string, field: string) => hash(keys, key).get(field) ?? null),
  hmget: reads(-3, (keys, key: string, ...fields) => fields.map((field) => hash(keys, key).get(field) ?? null)),
  hgetall: reads(2, (keys, key: string) => [...hash(keys, key)].flat()),
  hexists: reads(3, (keys, key: string, field: string) => (hash(keys, key).has(field) ? 1 : 0)),
  hkeys: reads(2, (keys, key: string) => [...hash(keys, key).keys()]),
  hvals: reads(2, (keys, key: string) => [...hash(keys, key).values()]),
  hlen: reads(2, (keys, key: string) => hash(keys, key).size),
  hstrlen: reads(3, (keys, key: string, field: string) => hash(keys, key).get(field)?.length ?? 0),
  hrandfield: reads(-2, random),
  hscan: reads(-3, (keys, key: string, cursor: string, ...rest) =>
    page(cursor, { rest, members: [...hash(keys, key)] }),
  ),
  hset: writes(-4, fill("hset")),
  hmset: writes(-4, (keys, key: string, ...rest) => {
    fill("hmset")(keys, key, ...rest);
    return OK;
  }),
  hsetnx: writes(4, (keys, key: string, field: string, value: string) => {
    if (hash(keys, key).has(field)) return 0;
    keys.open(key, "hash").set(field, value);
    return 1;
  }),
  hdel: writes(-3, (keys, key: string, ...fields) => {
    const known = keys.read(key, "hash");
    const gone = fields.filter((field) => known?.delete(field)).length;
    keys.prune(key);
    return gone;
  }),
  hincrby: writes(4, (keys, key: string, field: string, by: string) => {
    const wrong = () => new RedisError("ERR hash value is not an integer");
    const more = bigInteger(by);
    const sum = addIntegers(hash(keys, key).get(field) ?? "0", { by: more, wrong });
    keys.open(key, "hash").set(field, String(sum));
    return Number(sum);
  }),
  hincrbyfloat: writes(4, (keys, key: string, field: string, by: string) => {
    if (!Number.isFinite(float(by))) throw new RedisError("ERR value is NaN or Infinity");
    const wrong = () => new RedisError("ERR hash value is not a float");
    const sum = addDecimals(hash(keys, key).get(field) ?? "0", by, wrong);
    keys.open(key, "hash").set(field, sum);
    return sum;
  }),
};
