/** Memory's part of the sweep: a chunk that waits while no wake-up is on its way. */
import { sql } from "drizzle-orm";
import { raw } from "../kernel/batch.ts";
import type { Publishable } from "../kernel/outbox.ts";
import type { Sweep } from "../kernel/sweep.ts";

export const sweep: Sweep = {
  part: (ctx) =>
    raw<{ staged: Publishable | null }>(ctx, sql`select memory.sweep(${ctx.ids.next("outbox")}) as staged`),
  due: sql`select memory.due_projects()`,
};
