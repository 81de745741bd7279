/** What a running Worker has, whoever asks: the database, the outside world, time and settings. */
import type { Context } from "hono";
import type { Clock } from "#brain/kernel/clock.ts";
import type { Credential, Ctx, Settings } from "#brain/kernel/ctx.ts";
import type { Ids } from "#brain/kernel/ids.ts";
import type { LimitPolicy, Ports, Taken } from "#brain/kernel/ports.ts";
import { makeTally, type Tally } from "#brain/kernel/tally.ts";
import type { Db } from "#db/client.ts";
import { networkOf } from "./network.ts";
import type { Quotas } from "./quotas.ts";

export type Runtime = {
  db: Db;
  clock: Clock;
  ids: Ids;
  ports: Ports;
  settings: Settings;
  /** QStash's current and next signing key. */
  signingKeys: { current: string; next: string };
  /** What Telegram sends along with every update. */
  telegramSecret?: string;
  /** Requests a minute where they differ from the defaults. */
  quotas?: Partial<Quotas>;
  log(line: Record<string, unknown>): void;
};

export type App = {
  Bindings: Record<string, unknown>;
  Variables: {
    runtime: Runtime;
    requestId: string;
    /** Our `traceparent`. */
    trace: string;
    ctx?: Ctx;
    startedAt: number;
    /** What was counted for this request, where limits are in force. */
    limit?: { policy: LimitPolicy; taken: Taken };
  };
};

const tallies = new WeakMap<Runtime, Tally>();

function tallyOf(runtime: Runtime): Tally {
  const tally = tallies.get(runtime) ?? makeTally(runtime.clock.now());
  tallies.set(runtime, tally);
  return tally;
}

/** The context of one request; work after the response goes to waitUntil. */
export function contextOf(c: Context<App>, credential: Credential): Ctx {
  const runtime = c.get("runtime");
  const requestId = c.get("requestId");
  const address = c.req.header("cf-connecting-ip");
  const meter = c.get("ctx")?.meter ?? { requests: 0 };
  const ctx: Ctx = {
    db: runtime.db,
    credential,
    entry: { permission: "", scope: "none" },
    requestId,
    ...(address ? { network: networkOf(address) } : {}),
    trace: c.get("trace"),
    tally: tallyOf(runtime),
    clock: runtime.clock,
    ids: runtime.ids,
    ports: runtime.ports,
    settings: runtime.settings,
    meter,
    after: (work) => {
      // Counted apart: what happens after the response is no part of the answer's requests.
      c.executionCtx.waitUntil(
        Promise.resolve()
          .then(work)
          .catch((error: unknown) => runtime.log({ level: "warn", request: requestId, after: String(error) })),
      );
    },
    log: runtime.log,
  };
  c.set("ctx", ctx);
  return ctx;
}
