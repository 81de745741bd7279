/** Upstash Redis as the counter of requests: one fixed window per key, one round trip, and out of the way when it is away. */
import { Redis } from "@upstash/redis/cloudflare";
import type { Limiter, LimitPolicy, Taken } from "#brain/kernel/ports.ts";

export type LimiterSettings = {
  url: string;
  token: string;
  log(line: Record<string, unknown>): void;
  now?: () => Date;
  timeoutMs?: number;
};

/** A round trip within a continent takes a fifth of it; no caller waits longer for being counted. */
const patienceMs = 250;
/** So long nobody asks again after a failure: a dead Redis costs one caller a timeout, not each. */
const restMs = 5_000;
/** An isolate that has met more exhausted keys forgets them all and asks again. */
const mostRemembered = 10_000;

/**
 * MULTI INCR, PEXPIRE NX, PTTL instead of a script: atomic too, so no counter is left without an end; no script to be
 * loaded and not found; Upstash bills commands inside scripts as well, so Lua would not be cheaper. A window begins
 * with a caller's first request, not with the minute, so callers do not come back all at once. Twice the quota may pass
 * around the end of a window: good enough where machines are protected. What is worth money is counted in Postgres.
 */
async function count(redis: Redis, given: { name: string; windowMs: number }): Promise<{ used: number; ms: number }> {
  const { name, windowMs } = given;
  const [used, , ms] = await redis
    .multi()
    .incr(name)
    .pexpire(name, windowMs, "NX")
    .pttl(name)
    .exec<[number, number, number]>();
  if (!Number.isInteger(used) || !Number.isInteger(ms)) throw new Error("the answer is not a count and a time");
  return { used, ms: ms < 0 ? windowMs : ms };
}

function verdict(policy: LimitPolicy, told: { used: number; ms: number }): Taken {
  return {
    allowed: told.used <= policy.quota,
    limit: policy.quota,
    remaining: Math.max(0, policy.quota - told.used),
    resetSeconds: Math.max(1, Math.ceil(told.ms / 1000)),
  };
}

/** The vendor's client repeats the command in its errors; the first part says what happened. */
const reasonOf = (error: unknown): string => String(error).split(", command was")[0] ?? "";

type Surroundings = Pick<LimiterSettings, "log"> & { now(): number };

/** Whether Redis is left alone, since when, and how many requests passed uncounted meanwhile. */
function outage({ log, now }: Surroundings) {
  /** Zero while Redis answers. */
  let until = 0;
  let uncounted = 0;
  return {
    isOn(): boolean {
      if (until === 0) return false;
      if (now() < until) return true;
      // One caller tries; the others go on passing until he knows.
      until = now() + restMs;
      return false;
    },
    isBegun: (): boolean => until > 0,
    begin(error: unknown): void {
      if (until === 0) log({ level: "warn", limiter: "unavailable", reason: reasonOf(error) });
      until = now() + restMs;
    },
    pass(): void {
      uncounted += 1;
    },
    end(): void {
      if (until > 0) log({ level: "info", limiter: "available", uncounted });
      until = 0;
      uncounted = 0;
    },
  };
}

/** Used-up keys until their window ends: a flood is answered from memory. */
function exhaustion({ log, now }: Surroundings) {
  const ends = new Map<string, number>();
  return {
    /** Milliseconds left, 0 for a key that has to be asked about. */
    left(name: string): number {
      const ms = (ends.get(name) ?? 0) - now();
      if (ms <= 0) ends.delete(name);
      return Math.max(0, ms);
    },
    remember(name: string, ms: number): void {
      if (ends.size >= mostRemembered) ends.clear();
      // Once per window and isolate; the key is a keyed hash and tells nothing.
      if (!ends.has(name)) log({ level: "info", limited: name.slice(0, 32) });
      ends.set(name, now() + ms);
    },
  };
}

const clientOf = ({ url, token, timeoutMs = patienceMs }: LimiterSettings): Redis =>
  new Redis({
    url,
    token,
    enableTelemetry: false,
    automaticDeserialization: false,
    // Tries once. `retry: false` would try twice, and a count whose answer was lost would be counted twice.
    retry: { retries: 0 },
    readYourWrites: false,
    signal: () => AbortSignal.timeout(timeoutMs),
  });

export function limiter(settings: LimiterSettings): Limiter {
  const surroundings = { log: settings.log, now: () => (settings.now?.() ?? new Date()).getTime() };
  const redis = clientOf(settings);
  const away = outage(surroundings);
  const exhausted = exhaustion(surroundings);
  const counts = { allowed: 0, denied: 0, uncounted: 0 };

  const uncounted = () => {
    counts.uncounted += 1;
    away.pass();
    return "unavailable" as const;
  };
  const ask = async (name: string, policy: LimitPolicy): Promise<Taken> => {
    const told = await count(redis, { name, windowMs: policy.windowSeconds * 1000 });
    away.end();
    if (told.used > policy.quota) exhausted.remember(name, told.ms);
    return verdict(policy, told);
  };

  return {
    counts,
    get degraded() {
      return away.isBegun();
    },
    take: async (key, policy) => {
      const name = `limit:${policy.name}:${key}`;
      const ms = exhausted.left(name);
      if (ms === 0 && away.isOn()) return uncounted();
      try {
        const taken = ms > 0 ? verdict(policy, { used: policy.quota + 1, ms }) : await ask(name, policy);
        counts[taken.allowed ? "allowed" : "denied"] += 1;
        return taken;
      } catch (error) {
        away.begin(error);
        return uncounted();
      }
    },
  };
}
