// The app with a QStash that really delivers: wake-ups come back as signed jobs, in process, and are counted.
import type { Clock } from "#brain/kernel/clock.ts";
import type { Embedder } from "#brain/kernel/ports.ts";
import { runtimeOf } from "#functions/runtime.ts";
import { type LocalQStash, startQStash } from "#local/qstash.ts";
import { type BenchApp, bindings, openApp, QSTASH } from "./app.ts";
import type { Stage } from "./stage.ts";

export type Outside = {
  app: BenchApp;
  qstash: LocalQStash;
  close(): Promise<void>;
};

/** With a clock that is set, nothing happens by itself: move it, then `qstash.wake()`. */
export async function openOutside(stage: Stage, given: { embedder: Embedder; clock?: Clock }): Promise<Outside> {
  let app: BenchApp | undefined;
  const qstash = await startQStash({
    token: QSTASH.token,
    currentSigningKey: QSTASH.current,
    nextSigningKey: QSTASH.next,
    ...(given.clock ? { clock: given.clock } : {}),
    deliver: async (request) => {
      if (!app) throw new Error("a delivery before the app is there");
      return app.fetch(request);
    },
  });
  const bound = bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url, qstashUrl: qstash.url });
  app = openApp(bound, { ...given, queue: runtimeOf(bound).ports.queue });
  return { app, qstash, close: () => qstash.close() };
}
