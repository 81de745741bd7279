/** Commands on sorted sets: members with a score, ordered by score and then by bytes. */
import { float, floatText, integer, keywords, numbered, pairs } from "./arguments.ts";
import { type Commands, reads, writes } from "./command.ts";
import { page } from "./hashes.ts";
import type { Keyspace } from "./keyspace.ts";
import { byBytes, RedisError, type Reply, syntaxError } from "./reply.ts";

export type Scored = [member: string, score: number];

export const zset = (keys: Keyspace, key: string): ReadonlyMap<string, number> => keys.read(key, "zset") ?? new Map();

export const ordered = (members: ReadonlyMap<string, number>): Scored[] =>
  [...members].sort((a, b) => a[1] - b[1] || byBytes(a[0], b[0]));

export const withScores = (found: Scored[]): Reply => found.flatMap(([member, score]) => [member, floatText(score)]);

function sum(a: number, b: number): number {
  const result = a + b;
  if (Number.isNaN(result)) throw new RedisError("ERR resulting score is not a number (NaN)");
  return result;
}

type Conditions = ReadonlySet<string>;

function conditionsOf(args: string[]): { conditions: Conditions; rest: string[] } {
  const known = new Set(["NX", "XX", "GT", "LT", "CH", "INCR"]);
  const first = args.findIndex((word) => !known.has(word.toUpperCase()));
  const at = first < 0 ? args.length : first;
  const conditions = new Set(args.slice(0, at).map((word) => word.toUpperCase()));
  const isBounded = conditions.has("GT") || conditions.has("LT");
  if (conditions.has("NX") && conditions.has("XX")) {
    throw new RedisError("ERR XX and NX options at the same time are not compatible");
  }
  if ((conditions.has("NX") && isBounded) || (conditions.has("GT") && conditions.has("LT"))) {
    throw new RedisError("ERR GT, LT, and/or NX options at the same time are not compatible");
  }
  return { conditions, rest: args.slice(at) };
}

const allows = (conditions: Conditions, change: { old: number | undefined; next: number }): boolean => {
  if (change.old === undefined) return !conditions.has("XX");
  if (conditions.has("NX")) return false;
  if (conditions.has("GT")) return change.next > change.old;
  return conditions.has("LT") ? change.next < change.old : true;
};

function add(keys: Keyspace, key: string, ...args: string[]): Reply {
  const { conditions, rest } = conditionsOf(args);
  const words = pairs(rest);
  if (words.length === 0) throw syntaxError();
  if (conditions.has("INCR") && words.length > 1) {
    throw new RedisError("ERR INCR option supports a single increment-element pair");
  }
  const given = words.map(([score, member]) => ({ member, by: float(score) }));
  const members = new Map(zset(keys, key));
  let added = 0;
  let changed = 0;
  let last: number | null = null;
  for (const { member, by } of given) {
    const old = members.get(member);
    const next = conditions.has("INCR") ? sum(old ?? 0, by) : by;
    if (!allows(conditions, { old, next })) continue;
    members.set(member, next);
    last = next;
    if (old === undefined) added += 1;
    else if (old !== next) changed += 1;
  }
  keep(keys, key, members);
  if (conditions.has("INCR")) return last === null ? null : floatText(last);
  return conditions.has("CH") ? added + changed : added;
}

function keep(keys: Keyspace, key: string, members: Map<string, number>): void {
  keys.put(key, { kind: "zset", value: members, expiresAt: keys.expiry(key) ?? null });
}

export function removeMembers(keys: Keyspace, key: string, members: string[]): number {
  const known = keys.read(key, "zset");
  const gone = members.filter((member) => known?.delete(member)).length;
  keys.prune(key);
  return gone;
}

const rank =
  (order: "up" | "down") =>
  (keys: Keyspace, key: string, member: string): Reply => {
    const all = ordered(zset(keys, key));
    if (order === "down") all.reverse();
    const at = all.findIndex(([name]) => name === member);
    return at < 0 ? null : at;
  };

const pop =
  (order: "up" | "down") =>
  (keys: Keyspace, key: string, count = "1"): Reply => {
    if (!/^-?\d+$/.test(count) || integer(count) < 0) {
      throw new RedisError("ERR value is out of range, must be positive");
    }
    const all = ordered(zset(keys, key));
    if (order === "down") all.reverse();
    const taken = all.slice(0, integer(count));
    removeMembers(
      keys,
      key,
      taken.map(([member]) => member),
    );
    return withScores(taken);
  };

type Combination = "union" | "inter" | "diff";

/** Members of plain sets take part with a score of 1. */
function scoresOf(keys: Keyspace, key: string): ReadonlyMap<string, number> {
  if (keys.kindOf(key) !== "set") return zset(keys, key);
  return new Map([...(keys.read(key, "set") ?? [])].map((member) => [member, 1]));
}

const aggregates: Record<string, (a: number, b: number) => number> = {
  SUM: (a, b) => (Number.isNaN(a + b) ? 0 : a + b),
  MIN: Math.min,
  MAX: Math.max,
};

type Asked = { kind: Combination; command: string; args: string[] };

function combine(keys: Keyspace, { kind, command, args }: Asked): { scores: Map<string, number>; shown: boolean } {
  const { names, rest } = numbered(args, { few: `ERR at least 1 input key is needed for '${command}' command` });
  const sources = names.map((name) => scoresOf(keys, name));
  const options = keywords(
    rest,
    kind === "diff" ? { WITHSCORES: 0 } : { WEIGHTS: names.length, AGGREGATE: 1, WITHSCORES: 0 },
  );
  const wrong = () => new RedisError("ERR weight value is not a float");
  const weights = options.get("WEIGHTS")?.map((weight) => float(weight, wrong));
  const aggregate = aggregates[options.get("AGGREGATE")?.[0]?.toUpperCase() ?? "SUM"];
  if (aggregate === undefined) throw syntaxError();
  const all = sources.map((members, i) => ({ weight: weights?.[i] ?? 1, members }));
  const scores = new Map<string, number>();
  for (const [i, { weight, members }] of all.entries()) {
    for (const [member, score] of members) {
      const others = all.filter((one, at) => at !== i && one.members.has(member)).length;
      const isIn = kind === "union" || (kind === "inter" ? others === all.length - 1 : i === 0 && others === 0);
      const old = scores.get(member);
      if (isIn) scores.set(member, old === undefined ? score * weight : aggregate(old, score * weight));
    }
  }
  return { scores, shown: options.has("WITHSCORES") };
}

const combined =
  (kind: Combination) =>
  (keys: Keyspace, ...args: string[]): Reply => {
    const { scores, shown } = combine(keys, { kind, command: `z${kind}`, args });
    const found = ordered(scores);
    return shown ? withScores(found) : found.map(([member]) => member);
  };

const store =
  (kind: Combination) =>
  (keys: Keyspace, target: string, ...args: string[]): Reply => {
    const { scores } = combine(keys, { kind, command: `z${kind}store`, args });
    keys.put(target, { kind: "zset", value: scores });
    return scores.size;
  };

const score = (keys: Keyspace, key: string, member: string): string | null => {
  const found = zset(keys, key).get(member);
  return found === undefined ? null : floatText(found);
};

export const sortedSets: Commands = {
  zscore: reads(3, score),
  zmscore: reads(-3, (keys, key: string, ...members) => members.map((member) => score(keys, key, member))),
  zcard: reads(2, (keys, key: string) => zset(keys, key).size),
  zrank: reads(3, rank("up")),
  zrevrank: reads(3, rank("down")),
  zscan: reads(-3, (keys, key: string, cursor: string, ...rest) =>
    page(cursor, { rest, members: ordered(zset(keys, key)).map(([member, at]) => [member, floatText(at)]) }),
  ),
  zunion: reads(-3, combined("union")),
  zinter: reads(-3, combined("inter")),
  zdiff: reads(-3, combined("diff")),
  zadd: writes(-4, add),
  zincrby: writes(4, (keys, key: string, by: string, member: string) => add(keys, key, "INCR", by, member)),
  zrem: writes(-3, (keys, key: string, ...members) => removeMembers(keys, key, members)),
  zpopmin: writes(-2, pop("up")),
  zpopmax: writes(-2, pop("down")),
  zunionstore: writes(-4, store("union")),
  zinterstore: writes(-4, store("inter")),
  zdiffstore: writes(-4, store("diff")),
};
