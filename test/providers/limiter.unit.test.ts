// The limiter alone before a local Redis: counting, forgetting, and being out of the way.
import { afterEach, beforeEach, expect, test } from "vitest";
import { settableClock } from "#brain/kernel/clock.ts";
import type { LimitPolicy } from "#brain/kernel/ports.ts";
import { parseEnv } from "#functions/env.ts";
import { networkOf } from "#gateway/network.ts";
import { type LocalRedis, startRedis } from "#local/redis.ts";
import { type LimiterSettings, limiter } from "#providers/limiter.ts";

const policy: LimitPolicy = { name: "test", quota: 3, windowSeconds: 10 };
const clock = settableClock("2026-11-15T08:00:00.000Z");
let redis: LocalRedis;
let lines: Record<string, unknown>[];

beforeEach(async () => {
  lines = [];
  redis = await startRedis({ token: "t", clock });
});

afterEach(() => redis.close());

/** Another isolate: nothing remembered. */
const isolate = (changed: Partial<LimiterSettings> = {}) =>
  limiter({
    url: redis.url,
    token: "t",
    now: clock.now,
    log: (line) => lines.push(line),
    timeoutMs: 10_000,
    ...changed,
  });

test("isolates count together, in one round trip of three commands", async () => {
  const told = [];
  for (let i = 0; i < 4; i++) told.push(await isolate().take("k", policy));
  expect(told).toEqual([
    { allowed: true, limit: 3, remaining: 2, resetSeconds: 10 },
    { allowed: true, limit: 3, remaining: 1, resetSeconds: 10 },
    { allowed: true, limit: 3, remaining: 0, resetSeconds: 10 },
    { allowed: false, limit: 3, remaining: 0, resetSeconds: 10 },
  ]);
  expect(redis.stats()).toMatchObject({ served: 4, commands: 12, byCommand: { incr: 4, pexpire: 4, pttl: 4 } });
});

test("of many at the same moment exactly the quota passes", async () => {
  const isolates = Array.from({ length: 40 }, () => isolate());
  const told = await Promise.all(isolates.map((one) => one.take("k", policy)));
  expect(told.filter((one) => one !== "unavailable" && one.allowed)).toHaveLength(3);
  expect(told).not.toContain("unavailable");
});

test("the window begins with the first request and ends on time, refused ones do not draw it out", async () => {
  const one = isolate();
  for (let i = 0; i < 4; i++) await one.take("k", policy);
  clock.advance(9_999);
  expect(await one.take("k", policy)).toEqual({ allowed: false, limit: 3, remaining: 0, resetSeconds: 1 });
  clock.advance(1);
  expect(await one.take("k", policy)).toEqual({ allowed: true, limit: 3, remaining: 2, resetSeconds: 10 });
  expect(redis.stats().keys).toBe(1);
});

test("a refused key is answered from memory until its window ends, other keys are not", async () => {
  const one = isolate();
  for (let i = 0; i < 4; i++) await one.take("k", policy);
  redis.resetStats();
  for (let i = 0; i < 20; i++) expect(await one.take("k", policy)).toMatchObject({ allowed: false });
  expect(redis.stats().commands).toBe(0);
  expect(await one.take("other", policy)).toMatchObject({ allowed: true });
  expect(one.counts).toEqual({ allowed: 4, denied: 21, uncounted: 0 });
});

test("too slow is away: one caller waits, those after him do not", async () => {
  redis.faults.slow(2_000);
  const one = isolate({ timeoutMs: 50 });
  expect(await one.take("k", policy)).toBe("unavailable");
  redis.resetStats();
  for (let i = 0; i < 20; i++) expect(await one.take("k", policy)).toBe("unavailable");
  expect(lines).toEqual([{ level: "warn", limiter: "unavailable", reason: expect.stringMatching(/timeout/i) }]);
  expect(one.counts.uncounted).toBe(21);
  redis.faults.ok();
});

test("after the rest one caller tries again while the others go on", async () => {
  const one = isolate();
  redis.faults.down();
  await one.take("k", policy);
  clock.advance(5_000);
  redis.faults.ok();
  const told = await Promise.all(Array.from({ length: 5 }, () => one.take("k", policy)));
  expect(told.map((taken) => taken === "unavailable")).toEqual([false, true, true, true, true]);
  expect(await one.take("k", policy)).toMatchObject({ remaining: 1 });
  expect(lines.at(-1)).toEqual({ level: "info", limiter: "available", uncounted: 5 });
});

test("a wrong token is a reason like any other, told without the key", async () => {
  const one = isolate({ token: "wrong" });
  expect(await one.take("somebody", policy)).toBe("unavailable");
  expect(lines).toEqual([{ level: "warn", limiter: "unavailable", reason: expect.stringContaining("WRONGPASS") }]);
  expect(JSON.stringify(lines)).not.toContain("somebody");
});

test("a cut connection is not tried again: a count whose answer was lost would be counted twice", async () => {
  redis.faults.down();
  await isolate().take("k", policy);
  expect(redis.stats()).toMatchObject({ dropped: 1, served: 0 });
});

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:DB8::6", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  ["fe80::", "fe80:0:0:0"],
  ["2001:0db8:0001:0002::", "2001:db8:1:2"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["", ""],
])("the network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test("both bindings or neither, and never over plain http to elsewhere", () => {
  const bindings = {
    DATABASE_URL: "postgres://u:p@db.example/x",
    PUBLIC_URL: "https://omneuro.example",
    SECRETS_KEYS: `k1:${btoa("0123456789abcdef0123456789abcdef")}`,
    QSTASH_TOKEN: "q",
    QSTASH_CURRENT_SIGNING_KEY: "sig_current_1",
    QSTASH_NEXT_SIGNING_KEY: "sig_next_0001",
  };
  const url = "https://calm-cat-1.upstash.example";
  expect(parseEnv(bindings).UPSTASH_REDIS_REST_URL).toBeUndefined();
  const both = { ...bindings, UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: "secret-of-redis" };
  expect(parseEnv(both).UPSTASH_REDIS_REST_URL).toBe(url);
  expect(() => parseEnv({ ...bindings, UPSTASH_REDIS_REST_URL: url })).toThrow("belong together");
  expect(() => parseEnv({ ...bindings, UPSTASH_REDIS_REST_TOKEN: "secret-of-redis" })).toThrow("belong together");
  const plain = { ...both, UPSTASH_REDIS_REST_URL: "http://redis.example" };
  expect(() => parseEnv(plain)).toThrow("UPSTASH_REDIS_REST_URL: must be https");
});
