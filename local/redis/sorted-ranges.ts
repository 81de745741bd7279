/** Commands that look at a stretch of a sorted set: by place, by score, or by the bytes of the members. */
import { float, integer, keywords, span } from "./arguments.ts";
import { type Commands, reads, writes } from "./command.ts";
import type { Keyspace } from "./keyspace.ts";
import { byBytes, RedisError, type Reply, syntaxError } from "./reply.ts";
import { ordered, removeMembers, type Scored, withScores, zset } from "./sorted-sets.ts";

type By = "rank" | "score" | "lex";
type Stretch = { by: By; from: string; to: string };

const notFloat = () => new RedisError("ERR min or max is not a float");
const notText = () => new RedisError("ERR min or max not valid string range item");

/** `5` or `(5`: whether a score is on the right side of the bound. */
function scoreBound(text: string): { at: number; open: boolean } {
  const open = text.startsWith("(");
  return { at: float(open ? text.slice(1) || "0" : text, notFloat), open };
}

/** `[a`, `(a`, `-` or `+`: where a member stands to the bound, never on it when it is open. */
function place(member: string, bound: string): number {
  if (bound === "-") return 1;
  if (bound === "+") return -1;
  if (!bound.startsWith("[") && !bound.startsWith("(")) throw notText();
  return byBytes(member, bound.slice(1));
}

function isWithin(stretch: Stretch): (one: Scored) => boolean {
  const { from, to } = stretch;
  if (stretch.by === "score") {
    const [low, high] = [scoreBound(from), scoreBound(to)];
    return ([, score]) =>
      (low.open ? score > low.at : score >= low.at) && (high.open ? score < high.at : score <= high.at);
  }
  place("", from);
  place("", to);
  const openFrom = from.startsWith("(");
  const openTo = to.startsWith("(");
  return ([member]) => {
    const [after, before] = [place(member, from), place(member, to)];
    return (openFrom ? after > 0 : after >= 0) && (openTo ? before < 0 : before <= 0);
  };
}

function within(keys: Keyspace, key: string, stretch: Stretch & { reversed?: true }): Scored[] {
  if (stretch.by === "rank") {
    const [from, to] = [integer(stretch.from), integer(stretch.to)];
    const all = ordered(zset(keys, key));
    if (stretch.reversed) all.reverse();
    const { start, end } = span(all.length, { from, to });
    return all.slice(start, end);
  }
  const test = isWithin(stretch);
  const found = ordered(zset(keys, key)).filter(test);
  return stretch.reversed ? found.reverse() : found;
}

/** LIMIT's offset and count; a negative count is no limit, a negative offset finds nothing. */
function cut(found: Scored[], limit: string[] | undefined): Scored[] {
  if (limit === undefined) return found;
  const [offset, count] = [integer(limit[0] ?? ""), integer(limit[1] ?? "")];
  if (offset < 0) return [];
  return count < 0 ? found.slice(offset) : found.slice(offset, offset + count);
}

const show = (found: Scored[], options: Map<string, string[]>): Reply =>
  options.has("WITHSCORES") ? withScores(found) : found.map(([member]) => member);

function byOf(options: Map<string, string[]>): By {
  if (options.has("BYSCORE") && options.has("BYLEX")) throw syntaxError();
  const by = options.has("BYSCORE") ? "score" : options.has("BYLEX") ? "lex" : "rank";
  if (by === "rank" && options.has("LIMIT")) {
    throw new RedisError("ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
  }
  if (by === "lex" && options.has("WITHSCORES")) {
    throw new RedisError("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
  }
  return by;
}

const rangeKeywords = { BYSCORE: 0, BYLEX: 0, REV: 0, LIMIT: 2, WITHSCORES: 0 };

/** With REV the greater bound comes first, except among places. */
function range(keys: Keyspace, key: string, first: string, second: string, ...rest: string[]): Reply {
  const options = keywords(rest, rangeKeywords);
  const by = byOf(options);
  const turned = options.has("REV") && by !== "rank";
  const stretch = turned ? { by, from: second, to: first } : { by, from: first, to: second };
  const found = within(keys, key, options.has("REV") ? { ...stretch, reversed: true } : stretch);
  return show(cut(found, options.get("LIMIT")), options);
}

const legacy =
  (by: By, order: "up" | "down") =>
  (keys: Keyspace, key: string, first: string, second: string, ...rest: string[]): Reply => {
    const allowed = by === "score" ? { LIMIT: 2, WITHSCORES: 0 } : by === "lex" ? { LIMIT: 2 } : { WITHSCORES: 0 };
    keywords(rest, allowed as Record<string, number>);
    const how = [...(by === "rank" ? [] : [`BY${by}`]), ...(order === "down" ? ["REV"] : [])];
    return range(keys, key, first, second, ...how, ...rest);
  };

function store(keys: Keyspace, target: string, key: string, first: string, second: string, ...rest: string[]): Reply {
  const found = range(keys, key, first, second, ...rest) as string[];
  const scores = zset(keys, key);
  const value = new Map(found.map((member) => [member, scores.get(member) ?? 0]));
  keys.put(target, { kind: "zset", value });
  return value.size;
}

const count =
  (by: By) =>
  (keys: Keyspace, key: string, from: string, to: string): Reply =>
    within(keys, key, { by, from, to }).length;

const remove =
  (by: By) =>
  (keys: Keyspace, key: string, from: string, to: string): Reply =>
    removeMembers(
      keys,
      key,
      within(keys, key, { by, from, to }).map(([member]) => member),
    );

export const sortedRanges: Commands = {
  zrange: reads(-4, range),
  zrangebyscore: reads(-4, legacy("score", "up")),
  zrevrangebyscore: reads(-4, legacy("score", "down")),
  zrangebylex: reads(-4, legacy("lex", "up")),
  zrevrangebylex: reads(-4, legacy("lex", "down")),
  zrevrange: reads(-4, legacy("rank", "down")),
  zcount: reads(4, count("score")),
  zlexcount: reads(4, count("lex")),
  zrangestore: writes(-5, store),
  zremrangebyrank: writes(4, remove("rank")),
  zremrangebyscore: writes(4, remove("score")),
  zremrangebylex: writes(4, remove("lex")),
};
