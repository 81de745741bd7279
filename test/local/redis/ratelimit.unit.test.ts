// The vendor's rate limiter, unmodified: its Lua runs, its windows pass, its hashes are found or fallen back from.
import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type LocalRedis, startRedis } from "#local/redis.ts";

let server: LocalRedis;
let redis: Redis;

beforeEach(async () => {
  // The limiter reads Date.now() itself; the start of a window of ten seconds.
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-15T08:00:00.000Z") });
  server = await startRedis({ token: "t" });
  redis = new Redis({ url: server.url, token: "t", enableTelemetry: false });
});

afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

const advance = (ms: number) => vi.setSystemTime(Date.now() + ms);

type Algorithm = ReturnType<typeof Ratelimit.fixedWindow>;
/** Without its own memory every verdict is Redis's. */
const limiter = (algorithm: Algorithm) => new Ratelimit({ redis, limiter: algorithm, ephemeralCache: false });

async function verdicts(limit: Ratelimit, count: number): Promise<boolean[]> {
  const told: boolean[] = [];
  for (let i = 0; i < count; i++) told.push((await limit.limit("lars")).success);
  return told;
}

test("fixed window: as many as allowed, then none until the window has passed", async () => {
  const limit = limiter(Ratelimit.fixedWindow(3, "10 s"));
  expect(await verdicts(limit, 5)).toEqual([true, true, true, false, false]);
  expect((await limit.limit("mette")).success).toBe(true);
  advance(10_000);
  expect(await verdicts(limit, 4)).toEqual([true, true, true, false]);
});

test("sliding window: the previous window weighs by what is left of it", async () => {
  const limit = limiter(Ratelimit.slidingWindow(10, "10 s"));
  expect((await verdicts(limit, 11)).filter(Boolean)).toHaveLength(10);
  // A quarter into the next window, three quarters of ten still weigh: seven.
  advance(12_500);
  expect(await verdicts(limit, 4)).toEqual([true, true, true, false]);
  // Both windows are over, and their keys have ended of themselves.
  advance(30_000);
  expect(server.stats().keys).toBe(0);
  expect(await verdicts(limit, 1)).toEqual([true]);
});

test("token bucket: filled up at its rate, never beyond its size", async () => {
  const limit = limiter(Ratelimit.tokenBucket(2, "10 s", 5));
  expect(await verdicts(limit, 6)).toEqual([true, true, true, true, true, false]);
  advance(10_000);
  expect(await verdicts(limit, 3)).toEqual([true, true, false]);
  // A month of ten-second refills is more milliseconds than 32 bits hold.
  advance(30 * 86_400_000);
  expect(await verdicts(limit, 6)).toEqual([true, true, true, true, true, false]);
});

test("a script is sent whole once, and by its hash from then on", async () => {
  await verdicts(limiter(Ratelimit.fixedWindow(5, "10 s")), 3);
  expect(server.stats().byCommand).toMatchObject({ evalsha: 3, eval: 1, incrby: 3, pexpire: 1 });
  expect(server.stats().failed).toBe(1);
});

test("what remains can be asked for, and used tokens be given back", async () => {
  const limit = limiter(Ratelimit.fixedWindow(5, "10 s"));
  await verdicts(limit, 4);
  expect(await limit.getRemaining("lars")).toMatchObject({ remaining: 1, limit: 5 });
  await limit.resetUsedTokens("lars");
  expect(await limit.getRemaining("lars")).toMatchObject({ remaining: 5 });
});
