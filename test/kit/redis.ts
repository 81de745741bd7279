// A world whose limits are in force: the product's own limiter before a local Redis that goes by the world's clock.
import { Redis } from "@upstash/redis";
import type { Limiter, LimitPolicy } from "#brain/kernel/ports.ts";
import { type LocalRedis, startRedis } from "#local/redis.ts";
import { limiter } from "#providers/limiter.ts";
import { type World, type WorldOptions, world } from "./world.ts";

const token = "redis-of-a-test";
const start = "2026-11-15T08:00:00.000Z";

export type LimitedWorld = World & {
  redis: LocalRedis;
  limiter: Limiter;
  /** As if everybody counted under this policy had made so many requests more. */
  use(policy: LimitPolicy, requests: number): Promise<void>;
};

/** `timeoutMs` is generous: a busy machine is no dead Redis. */
export async function limitedWorld(options: WorldOptions & { timeoutMs?: number } = {}): Promise<LimitedWorld> {
  let now = () => new Date(start);
  const redis = await startRedis({ token, clock: { now: () => now() } });
  const { timeoutMs = 10_000, ...rest } = options;
  let made: Limiter | undefined;
  const w = await world({
    now: start,
    ...rest,
    limiter: (given) => {
      now = given.now;
      made = limiter({ url: redis.url, token, timeoutMs, ...given });
      return made;
    },
  });
  if (!made) throw new Error("the world made no limiter");
  const client = new Redis({ url: redis.url, token, enableTelemetry: false });
  const use = async (policy: LimitPolicy, requests: number) => {
    for (const name of await client.keys(`limit:${policy.name}:*`)) await client.incrby(name, requests);
  };
  return { ...w, redis, limiter: made, use };
}
