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

/** An answer takes 5 to 50 ms where all is well; no caller waits longer than this for being counted. */
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

export function limiter(settings: LimiterSettings): Limiter {
  const now = () => (settings.now?.() ?? new Date()).getTime();
  const redis = new Redis({
    url: settings.url,
    token: settings.token,
    enableTelemetry: false,
    automaticDeserialization: false,
    // Tries once. `retry: false` would try twice, and a count that was only slow would then be counted twice.
    retry: { retries: 0 },
    readYourWrites: false,
    signal: () => AbortSignal.timeout(settings.timeoutMs ?? patienceMs),
  });
  const counts = { allowed: 0, denied: 0, uncounted: 0 };
  /** Exhausted keys until their window ends: a flood is answered from memory. */
  const exhausted = new Map<string, number>();
  /** Zero while Redis answers. */
  const rest = { until: 0, uncounted: 0 };

  const fail = (error: unknown) => {
    if (rest.until === 0) settings.log({ level: "warn", limiter: "unavailable", reason: reasonOf(error) });
    rest.until = now() + restMs;
  };
  const recover = () => {
    if (rest.until > 0) settings.log({ level: "info", limiter: "available", uncounted: rest.uncounted });
    Object.assign(rest, { until: 0, uncounted: 0 });
  };
  const isResting = () => {
    if (rest.until === 0) return false;
    if (now() < rest.until) return true;
    // One caller tries; the others go on resting until he knows.
    rest.until = now() + restMs;
    return false;
  };
  const uncounted = () => {
    counts.uncounted += 1;
    rest.uncounted += 1;
    return "unavailable" as const;
  };
  const deny = (name: string, until: number) => {
    if (exhausted.size >= mostRemembered) exhausted.clear();
    // Once per window and isolate; the key is a keyed hash and tells nothing.
    if (!exhausted.has(name)) settings.log({ level: "info", limited: name.slice(0, 32) });
    exhausted.set(name, until);
  };

  return {
    counts,
    take: async (key, policy) => {
      const name = `limit:${policy.name}:${key}`;
      const until = exhausted.get(name) ?? 0;
      if (until > now()) {
        counts.denied += 1;
        return verdict(policy, { used: policy.quota + 1, ms: until - now() });
      }
      exhausted.delete(name);
      if (isResting()) return uncounted();
      try {
        const told = await count(redis, { name, windowMs: policy.windowSeconds * 1000 });
        recover();
        const taken = verdict(policy, told);
        counts[taken.allowed ? "allowed" : "denied"] += 1;
        if (!taken.allowed) deny(name, now() + told.ms);
        return taken;
      } catch (error) {
        fail(error);
        return uncounted();
      }
    },
  };
}
