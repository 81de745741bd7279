// A context without HTTP, for tests that speak to the kernel itself.

import type { Credential, Ctx, Entry } from "#brain/kernel/ctx.ts";
import { makeTally } from "#brain/kernel/tally.ts";
import { traceFrom } from "#brain/kernel/trace.ts";
import type { Tenant, World } from "./world.ts";

export const systemOf = (tenant: Tenant): Credential => ({ kind: "system", project: tenant.project, job: "test" });

/** What `after` was given runs when `settled` is awaited. */
export function ctxOf(
  w: World,
  credential: Credential,
  entry: Partial<Entry> = {},
): Ctx & { settled(): Promise<void> } {
  const { db, clock, ids, ports, settings } = w.runtime;
  const later: (() => Promise<void>)[] = [];
  return {
    db,
    clock,
    ids,
    ports,
    settings,
    credential,
    entry: { permission: "test:run", scope: "project", ...entry },
    requestId: ids.next("request"),
    trace: traceFrom(undefined, ids),
    tally: makeTally(clock.now()),
    meter: { requests: 0 },
    after: (work) => void later.push(work),
    log: w.runtime.log,
    settled: async () => {
      for (let work = later.shift(); work; work = later.shift()) await work();
    },
  };
}
