/** Outbound's part of the sweep: a message that is due while no wake-up is on its way. */
import { sql } from "drizzle-orm";
import { raw } from "../kernel/batch.ts";
import type { Publishable } from "../kernel/outbox.ts";
import type { Sweep } from "../kernel/sweep.ts";

export const outboundSweep: Sweep = {
  part: (ctx) =>
    raw<{ staged: Publishable | null }>(ctx, sql`select outbound.sweep(${ctx.ids.next("outbox")}) as staged`),
  due: sql`select outbound.due_projects()`,
};
