/** Upstash's Redis on the laptop: its REST protocol over keys in memory, Lua included, spoken by the vendor's own clients. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, type Asked, listen } from "./loopback.ts";
import { type Api, answerApi, noRequests, resetStats, statsOf } from "./redis/api.ts";
import { Engine } from "./redis/engine.ts";
import { Keyspace } from "./redis/keyspace.ts";
import { Snapshot } from "./redis/snapshot.ts";

export type RedisOptions = {
  port?: number;
  token: string;
  /** What expiry is measured by. */
  clock?: { now(): Date };
  /** Where the keys outlive the process. */
  file?: string;
  /** How long a script may run. */
  scriptMs?: number;
};

export type RedisStats = ReturnType<typeof statsOf>;

export type LocalRedis = {
  port: number;
  url: string;
  stats(): RedisStats;
  resetStats(): void;
  faults: {
    /** Connections are cut without an answer, until `ok`. */
    down(): void;
    /** Every answer, and what it is about, waits this long, until `ok`. */
    slow(ms: number): void;
    ok(): void;
  };
  close(): Promise<void>;
};

export async function startRedis(options: RedisOptions): Promise<LocalRedis> {
  const clock = options.clock ?? { now: () => new Date() };
  const keys = new Keyspace(() => clock.now().getTime());
  const snapshot = new Snapshot(keys, options.file);
  const api: Api = {
    token: options.token,
    engine: new Engine(keys, { scriptMs: options.scriptMs ?? 5_000 }),
    requests: noRequests(),
  };
  let fault: { down: boolean; delayMs: number } = { down: false, delayMs: 0 };

  async function handle(asked: Asked): Promise<Answer> {
    if (fault.down) {
      api.requests.dropped += 1;
      return { drop: true };
    }
    if (fault.delayMs > 0) await sleep(fault.delayMs);
    const { changes } = api.engine;
    const answer = answerApi(api, asked);
    if (api.engine.changes > changes) snapshot.changed();
    return answer;
  }

  const server = await listen({
    ...(options.port === undefined ? {} : { port: options.port }),
    handle,
    failure: (message) => ({ error: `ERR ${message}` }),
  });
  return {
    port: server.port,
    url: server.url,
    stats: () => statsOf(api),
    resetStats: () => resetStats(api),
    faults: {
      down: () => {
        fault = { down: true, delayMs: 0 };
      },
      slow: (ms) => {
        fault = { down: false, delayMs: ms };
      },
      ok: () => {
        fault = { down: false, delayMs: 0 };
      },
    },
    close: async () => {
      await server.close();
      snapshot.close();
    },
  };
}
