/** A QStash on the laptop: publishes are kept on disk, delivered signed, retried, and at last laid to the dead letters. */

import { listen } from "./loopback.ts";
import { answerApi, statsOf } from "./qstash/api.ts";
import type { Deliver } from "./qstash/attempt.ts";
import { type Accepted, Courier } from "./qstash/courier.ts";
import { documentedBackoff } from "./qstash/durations.ts";
import { Schedules } from "./qstash/schedules.ts";
import { Store } from "./qstash/store.ts";

export type QStashOptions = {
  port?: number;
  token: string;
  currentSigningKey: string;
  nextSigningKey: string;
  /** Where pending messages, schedules, dead letters and the deduplication window outlive the process. */
  file?: string;
  /** Milliseconds before retry n, counted from 1. */
  backoff?(retry: number): number;
  clock?: { now(): Date };
  /** Carries a request to its destination; a test may answer it in process. */
  deliver?: Deliver;
  /** Deliveries under way at once: a burst must not swamp the laptop it runs on. */
  concurrency?: number;
};

export type QStashStats = ReturnType<typeof statsOf>;

export type LocalQStash = {
  port: number;
  url: string;
  stats(): QStashStats;
  resetStats(): void;
  /** Resolves when nothing is under way, and nothing falls due within the time given; a delivery that is under way by then is awaited. */
  idle(timeoutMs: number): Promise<void>;
  /** Takes publishes but delivers nothing until resumed. */
  pause(): void;
  resume(): void;
  /** Strikes and delivers what has fallen due by a clock that a test has moved. */
  wake(): void;
  /** When the next message or schedule falls due, in milliseconds since 1970: how far a test may move its clock. */
  nextAt(): number | undefined;
  /** Strikes a schedule now. */
  fire(scheduleId: string): Accepted;
  faults: {
    /** The next n publishes (a batch is one) fail: answered 500, or cut off without answer. */
    losePublish(n: number, how?: "500" | "drop"): void;
    /** The next n successful deliveries arrive once more, with the same message id. */
    duplicateDelivery(n: number): void;
  };
  close(): Promise<void>;
};

const POLL_MS = 5;
/** Of a delivery that had begun when the time given was over. */
const PATIENCE_MS = 30_000;

export async function startQStash(options: QStashOptions): Promise<LocalQStash> {
  const clock = options.clock ?? { now: () => new Date() };
  const store = new Store(options.file);
  const concurrency = options.concurrency ?? 20;
  const courier = new Courier({
    store,
    clock,
    signingKey: options.currentSigningKey,
    deliver: options.deliver ?? ((request) => fetch(request)),
    backoff: options.backoff ?? documentedBackoff,
    concurrency,
  });
  const schedules = new Schedules({ store, courier, clock });
  const lost = { lost: 0, how: "500" as "500" | "drop" };
  const keys = { current: options.currentSigningKey, next: options.nextSigningKey };
  const api = { token: options.token, keys, store, courier, schedules, faults: lost, concurrency };
  const server = await listen({
    ...(options.port === undefined ? {} : { port: options.port }),
    handle: (asked) => answerApi(api, asked),
  });
  courier.wake();
  return {
    port: server.port,
    url: server.url,
    stats: () => statsOf(store),
    resetStats: () => store.resetCounts(),
    idle: (timeoutMs) => idle({ store, courier, clock, timeoutMs }),
    pause: () => courier.pause(),
    resume: () => courier.resume(),
    wake: () => {
      schedules.wake();
      courier.wake();
    },
    nextAt: () => [courier.nextAt, schedules.nextAt].filter((at) => at !== undefined).toSorted((a, b) => a - b)[0],
    fire: (scheduleId) => schedules.fire(scheduleId),
    faults: {
      losePublish: (n, how = "500") => Object.assign(lost, { lost: n, how }),
      duplicateDelivery: (n) => {
        courier.duplicates = n;
      },
    },
    close: async () => {
      await server.close();
      schedules.close();
      await courier.close();
      store.close();
    },
  };
}

async function idle(of: { store: Store; courier: Courier; clock: { now(): Date }; timeoutMs: number }): Promise<void> {
  const deadline = performance.now() + of.timeoutMs;
  for (;;) {
    const horizon = of.clock.now().getTime() + Math.max(0, deadline - performance.now());
    if (of.courier.busy === 0 && (of.courier.nextAt ?? Number.POSITIVE_INFINITY) > horizon) return;
    if (performance.now() > deadline + (of.courier.busy === 0 ? 0 : PATIENCE_MS)) {
      const soon = [...of.store.messages.values()].filter((message) => message.notBefore <= horizon);
      throw new Error(`${soon.length} messages still pending after ${of.timeoutMs} ms, first to ${soon[0]?.url}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
