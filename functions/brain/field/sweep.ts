/** The field's part of the sweep: something happened that nobody has told the client of. */
import { sql } from "drizzle-orm";
import { raw } from "../kernel/batch.ts";
import type { Publishable } from "../kernel/outbox.ts";
import type { Sweep } from "../kernel/sweep.ts";

export const fieldSweep: Sweep = {
  part: (ctx) =>
    raw<{ staged: Publishable | null }>(ctx, sql`select field.sweep_notices(${ctx.ids.next("outbox")}) as staged`),
  due: sql`select field.due_projects()`,
};
