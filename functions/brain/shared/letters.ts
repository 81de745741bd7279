/** Dead letters for reading, one with the runs of its trace, and staged work that never left. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { jobName, Letter, type LetterRow, letterColumns, letterStates, letterView } from "./letter.ts";

export const listLetters = reading(
  {
    name: "shared.letters.list",
    summary: "Work that QStash gave up on, newest first",
    needs: "shared:read",
    input: () => z.object({ ...paging(), state: z.enum(letterStates).optional(), job: jobName().optional() }),
    output: () => page(Letter()),
  },
  {
    part: (ctx, { limit, after, state, job }) =>
      raw<LetterRow>(
        ctx,
        sql`select ${letterColumns}, note from shared.dead_letters
          where ${state ? sql`state = ${state}` : sql`true`} and ${job ? sql`job = ${job}` : sql`true`}
            and ${after ? sql`(died_at, id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by died_at desc, id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: LetterRow[] }).rows, input, {
        view: letterView,
        position: (row) => ({ at: row.died_at, id: row.id }),
      }),
  },
);

const Run = () =>
  z.object({
    job: z.string(),
    status: z.string(),
    processed: z.int(),
    error: z.string().nullable(),
    started_at: z.string(),
  });

type Runs = { runs: z.output<ReturnType<typeof Run>>[] };

/** More would be another page's subject. */
const mostRuns = 20;

export const getLetter = reading(
  {
    name: "shared.letters.get",
    summary: "One dead letter, with the newest runs of its trace",
    needs: "shared:read",
    faults: ["letter_unknown"],
    input: () => z.object({ id: z.string().max(64) }),
    output: () => Letter().extend({ runs: z.array(Run()) }),
  },
  {
    part: (ctx, { id }) =>
      raw<LetterRow & Runs>(
        ctx,
        sql`select ${letterColumns}, note, coalesce((select jsonb_agg(r order by r.started_at desc) from (
              select j.job_name as job, j.status, j.processed_count as processed, j.error, j.started_at from shared.job_runs j
              where j.project_id = d.project_id and j.meta->>'trace' = split_part(d.trace, '-', 2)
              order by j.started_at desc limit ${mostRuns}) r), '[]') as runs
          from shared.dead_letters d where d.id = ${id}`,
      ),
    view: (found) => {
      const [row] = (found as { rows: (LetterRow & Runs)[] }).rows;
      if (!row) throw new Fault("not_found", "letter_unknown");
      const { runs, ...letter } = row;
      return { ...letterView(letter), runs: runs.map((run) => ({ ...run, started_at: instant(run.started_at) })) };
    },
  },
);

const Stuck = () =>
  z.object({
    id: z.string(),
    kind: z.string(),
    state: z.enum(["pending", "failed"]),
    attempts: z.int(),
    error: z.string().nullable().describe("Why QStash did not take it: a code"),
    due_at: z.string(),
    request: z.string().nullable(),
  });

type StuckRow = z.output<ReturnType<typeof Stuck>>;

export const listStuck = reading(
  {
    name: "shared.outbox.stuck",
    summary:
      "Staged work that QStash did not take, or that failed without a letter, oldest first; the sweep goes on with what is pending",
    needs: "shared:read",
    input: () => z.object(paging()),
    output: () => page(Stuck()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<StuckRow>(
        ctx,
        sql`select o.id, o.kind, o.state, o.attempts, o.error, o.due_at, o.request_id as request from shared.outbox o
          where o.project_id = shared.scope() and ((o.state = 'pending' and o.error is not null and o.message_id is null)
              or (o.state = 'failed' and not exists (select from shared.dead_letters d where d.project_id = o.project_id and d.work_id = o.id)))
            and ${after ? sql`(o.due_at, o.id) > (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by o.due_at, o.id limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: StuckRow[] }).rows, input, {
        view: (row) => ({ ...row, due_at: instant(row.due_at) }),
        position: (row) => ({ at: row.due_at, id: row.id }),
      }),
  },
);
