// The app with a QStash that really delivers: wake-ups come back as signed jobs, in process, and are counted.
import type { Clock } from "#brain/kernel/clock.ts";
import type { Embedder } from "#brain/kernel/ports.ts";
import { runtimeOf } from "#functions/runtime.ts";
import { signDelivery } from "#local/qstash/jwt.ts";
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
      return app.fetch(given.clock ? await signedNow(request) : request);
    },
  });
  const bound = bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url, qstashUrl: qstash.url });
  app = openApp(bound, { ...given, queue: runtimeOf(bound).ports.queue });
  return { app, qstash, close: () => qstash.close() };
}

/** The vendor's library checks a signature's age by the wall clock, whatever time it is here. */
async function signedNow(request: Request): Promise<Request> {
  const body = new Uint8Array(await request.clone().arrayBuffer());
  const id = request.headers.get("upstash-message-id") ?? "";
  const signature = signDelivery(QSTASH.current, { url: request.url, body, now: new Date(), id });
  const headers = new Headers(request.headers);
  headers.set("upstash-signature", signature);
  return new Request(request, { headers });
}
