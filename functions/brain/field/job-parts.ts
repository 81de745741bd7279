/** What was used or is needed for a job. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { verb } from "../kernel/verb.ts";
import { jobId, Part, partColumns, partView } from "./job.ts";

export const addPart = verb(
  {
    name: "field.parts.add",
    summary: "Write down a part of a job, with its price",
    needs: "field:work",
    effect: "write",
    faults: ["job_unknown"],
    input: () =>
      z
        .object({
          id: jobId(),
          name: z.string().trim().min(1).max(200),
          quantity: z.number().min(0.001).max(1_000_000).multipleOf(0.001).default(1),
          price_minor: z
            .int()
            .min(0)
            .max(1_000_000_000_000)
            .optional()
            .describe("Of one, in the currency's smallest unit, before tax"),
          currency: z
            .string()
            .regex(/^[A-Z]{3}$/)
            .optional(),
        })
        .refine((asked) => (asked.price_minor === undefined) === (asked.currency === undefined), {
          path: ["currency"],
          message: "a price and its currency go together",
        }),
    output: Part,
    example: () => ({ id: "job_0", name: "Caster wheel, 75 mm", quantity: 2, price_minor: 12_900, currency: "DKK" }),
  },
  async (ctx, { id, name, quantity, price_minor = null, currency = null }) => {
    const made = ctx.ids.next("part");
    return commit(ctx, {
      status: 201,
      change: sql`insert into field.job_parts as p (project_id, id, job_id, name, quantity, price_minor, currency, added_by)
        select j.project_id, ${made}, j.id, ${name}, ${quantity}::numeric, ${price_minor}::bigint, ${currency}, current_setting('app.actor')
        from field.hold_job(${id}, null) j returning ${partColumns}`,
      event: { kind: "job.part.added", ref: ["job", id], payload: { part: made } },
    });
  },
  partView,
);

export const removePart = verb(
  {
    name: "field.parts.remove",
    summary: "Strike a part that was written down by mistake",
    needs: "field:work",
    effect: "write",
    faults: ["job_unknown", "part_unknown"],
    input: () => z.object({ id: jobId(), part: z.string().min(1).max(64) }),
    output: () => z.object({ id: z.string(), removed: z.literal(true) }),
    example: () => ({ id: "job_0", part: "prt_0" }),
  },
  async (ctx, { id, part }) =>
    commit(ctx, {
      change: sql`delete from field.job_parts p using field.hold_job(${id}, null) j
        where p.project_id = j.project_id and p.job_id = j.id and p.id = ${part} returning p.id, true as removed`,
      event: { kind: "job.part.removed", ref: ["job", id], payload: { part } },
      lost: () => new Fault("not_found", "part_unknown"),
    }),
  (row) => ({ id: String(row["id"]), removed: true as const }),
);
