/** Once a day the audit chain's newest root is told outside the database, so that a chain rewritten as a whole is noticed. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Schedule } from "../kernel/schedule.ts";
import { verb } from "../kernel/verb.ts";

type Anchored = { seq: number; root: string } | null;

export const anchorSchedule: Schedule = { kind: "shared.audit.anchor", cron: "10 3 * * *", missed: "once" };

export const anchorAudit = verb(
  {
    name: "shared.audit.anchor",
    summary: "Tell the audit chain's newest root to the log, and remember that it was told",
    needs: "shared:operate",
    doors: ["job"],
    effect: "write",
    idempotency: "none",
    input: () => z.object({}),
    did: ({ anchored }) => Number(anchored),
    output: () => z.object({ anchored: z.boolean(), seq: z.int().optional(), root: z.string().optional() }),
  },
  async (ctx) => {
    const [found] = await send(ctx, [raw<{ anchored: Anchored }>(ctx, sql`select shared.anchor_audit() as anchored`)]);
    const anchored = found.rows[0]?.anchored;
    if (!anchored) return { anchored: false };
    ctx.log({ anchor: "audit_day", project: ctx.who?.project, ...anchored });
    return { anchored: true, ...anchored };
  },
);
