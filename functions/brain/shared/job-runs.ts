/** Executions of jobs that did something or failed, for the people who run the system. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { as, type Ctx } from "../kernel/ctx.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { traceId } from "../kernel/trace.ts";
import { reading } from "../kernel/verb.ts";

const JobRun = () =>
  z.object({
    id: z.string(),
    job: z.string(),
    status: z.enum(["running", "ok", "failed"]),
    processed: z.int(),
    error: z.string().nullable().describe("A code, never words"),
    trace: z.string().nullable(),
    counts: z.record(z.string(), z.int()).nullable().describe("What it did of which kind, where it says so"),
    started_at: z.string(),
    finished_at: z.string().nullable(),
  });

type Row = Omit<z.output<ReturnType<typeof JobRun>>, "processed"> & { processed_count: number };

export const listJobRuns = reading(
  {
    name: "shared.job_runs.list",
    summary: "What jobs did, newest first; runs that found nothing to do are not kept",
    needs: "shared:read",
    input: () =>
      z.object({ ...paging(), job: z.string().max(80).optional(), status: z.enum(["ok", "failed"]).optional() }),
    output: () => page(JobRun()),
  },
  {
    part: (ctx, { limit, after, job, status }) =>
      raw<Row>(
        ctx,
        sql`select j.id::text, j.job_name as job, j.status, j.processed_count, j.error, j.meta->>'trace' as trace, j.meta->'counts' as counts, j.started_at, j.finished_at
          from shared.job_runs j
          where ${job ? sql`j.job_name = ${job}` : sql`true`} and ${status ? sql`j.status = ${status}` : sql`true`}
            and ${after ? sql`(j.started_at, j.id) < (${after.at}::timestamptz, ${after.id}::bigint)` : sql`true`}
          order by j.started_at desc, j.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view: ({ processed_count, ...row }) => ({
          ...row,
          processed: processed_count,
          started_at: instant(row.started_at),
          finished_at: instant(row.finished_at),
        }),
        position: (row) => ({ at: row.started_at, id: row.id }),
      }),
  },
);

export type JobRunRecord = {
  job: string;
  project: string;
  startedAt: Date;
  processed: number;
  error?: string;
  counts?: Record<string, number>;
};

/** In a request of its own after the job's answer, on a meter of its own. */
export async function recordJobRun(ctx: Ctx, run: JobRunRecord): Promise<void> {
  const credential = { kind: "system", project: run.project, job: "job_runs" } as const;
  const entry = { permission: "shared:operate", scope: "project" } as const;
  const own: Ctx = { ...as(ctx, { credential, entry }), meter: { requests: 0 } };
  await send(own, [
    raw(
      own,
      sql`insert into shared.job_runs (project_id, job_name, status, started_at, finished_at, processed_count, error, meta)
        values (shared.scope(), ${run.job}, ${run.error === undefined ? "ok" : "failed"}, ${run.startedAt.toISOString()}::timestamptz,
          shared.clock(), ${run.processed}::int, ${run.error ?? null}, ${JSON.stringify({ trace: traceId(ctx.trace), counts: run.counts })}::jsonb)`,
    ),
  ]);
}
