/** Runs of schedules: each fire time and what became of it. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";

const statuses = ["pending", "running", "ok", "failed", "skipped", "poison"] as const;

export const Run = () =>
  z.object({
    id: z.string(),
    schedule: z.string(),
    job: z.string(),
    status: z.enum(statuses).describe("poison: its workers vanished too often, and nobody begins it again by himself"),
    cause: z.enum(["clock", "person", "after"]),
    fire_time: z.string().describe("When the schedule said, or when somebody asked"),
    due_at: z.string().describe("When it may begin, or begin again"),
    attempts: z.int().describe("Times it was begun"),
    recoveries: z.int().describe("Times its worker vanished"),
    processed: z.int().nullable(),
    error: z.string().nullable().describe("A code, never words"),
    started_at: z.string().nullable(),
    finished_at: z.string().nullable(),
    milliseconds: z.number().nullable().describe("The last attempt, from its beginning to its end"),
  });

export type RunView = z.output<ReturnType<typeof Run>>;
export type RunRow = Omit<RunView, "milliseconds"> & { created_at: string };

/** Of the relation `r`; the job by its schedule, so that it also works in a `returning`. */
export const runColumns = sql`r.id, r.scheduled_job_id as schedule,
  (select s.kind from shared.scheduled_jobs s where s.project_id = r.project_id and s.id = r.scheduled_job_id) as job,
  r.status, r.cause, r.fire_time, r.due_at, r.attempts, r.recoveries, r.processed_count as processed, r.error, r.started_at, r.finished_at,
  r.created_at`;

const millis = (text: string) => Date.parse(instant(text));

export const runView = ({ created_at: _, ...row }: RunRow): RunView => ({
  ...row,
  fire_time: instant(row.fire_time),
  due_at: instant(row.due_at),
  started_at: instant(row.started_at),
  finished_at: instant(row.finished_at),
  milliseconds: row.started_at && row.finished_at ? millis(row.finished_at) - millis(row.started_at) : null,
});

export const listRuns = reading(
  {
    name: "shared.runs.list",
    summary: "Runs of schedules, newest first, with their attempts and errors",
    needs: "shared:read",
    input: () =>
      z.object({ ...paging(), schedule: z.string().max(64).optional(), status: z.enum(statuses).optional() }),
    output: () => page(Run()),
  },
  {
    part: (ctx, { limit, after, schedule, status }) =>
      raw<RunRow>(
        ctx,
        sql`select ${runColumns} from shared.worker_runs r
          where ${schedule ? sql`r.scheduled_job_id = ${schedule}` : sql`true`} and ${status ? sql`r.status = ${status}` : sql`true`}
            and ${after ? sql`(r.created_at, r.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by r.created_at desc, r.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: RunRow[] }).rows, input, {
        view: runView,
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);
