/** The tick's part in schedules: planned over all projects in bounded batches, and handed to QStash for their minute. */
import { sql } from "drizzle-orm";
import type { Statement } from "#db/client.ts";
import { raw, send } from "../kernel/batch.ts";
import { as, type Ctx } from "../kernel/ctx.ts";
import { type Handed, hand, type Publishable, publish } from "../kernel/outbox.ts";
import type { Schedule } from "../kernel/schedule.ts";
import type { Sweep } from "../kernel/sweep.ts";
import { type Due, type Plan, planOf, planRule } from "./schedule-plan.ts";
import { runRule } from "./schedule-run.ts";

/** Begin times of declared schedules are spread over so many seconds, so that projects do not all begin at once. */
const jitterSeconds = 45;
/** A tick brings new declarations to so many projects; the others follow with their traffic or the next tick. */
const mostProjects = 500;

const rowsOf = (schedules: readonly Schedule[]): string =>
  JSON.stringify(
    schedules.map(({ kind, cron, everySeconds, missed, after }) => ({
      name: kind,
      kind,
      cron: cron ?? null,
      interval_seconds: everySeconds ?? null,
      missed,
      after_kinds: after ?? [],
      jitter_seconds: cron === undefined && everySeconds === undefined ? 0 : jitterSeconds,
    })),
  );

/** Gives the declared schedules to the entered project, or to those that lack them. */
export const putSchedules = (ctx: Ctx, schedules: readonly Schedule[]): Statement =>
  raw(ctx, sql`select count(*)::int as put from shared.put_schedules(${rowsOf(schedules)}::jsonb, ${mostProjects})`);

/** A project's declared schedules, and its runs whose lease passed. */
export const scheduleSweep = (schedules: readonly Schedule[]): Sweep => ({
  part: (ctx) =>
    raw(
      ctx,
      sql`select (select count(*) from shared.put_schedules(${rowsOf(schedules)}::jsonb, 1)) as put,
        shared.reap_runs(${runRule.mostRecoveries}, ${runRule.batch}) as overdue`,
    ),
  due: sql`select shared.lapsed_projects()`,
});

type Found = { due: Due[]; lost: (Publishable & { project: string })[] };

export const dueSchedules = (ctx: Ctx): Statement =>
  raw<{ found: Found }>(
    ctx,
    sql`select shared.due_schedules(make_interval(secs => ${planRule.horizonSeconds}::int), ${planRule.batch}) as found`,
  );

export const planRuns = (ctx: Ctx, plans: Plan[]): Statement =>
  raw<{ row: Publishable & { project: string } }>(
    ctx,
    sql`select made as row from shared.plan_runs(${JSON.stringify(plans)}::jsonb) made`,
  );

type Rows<T> = { rows: T[] };
type Marked = Handed & { project: string };

/** One that cannot be worked out is left for a day, and told; the others do not wait for it. */
function plan(ctx: Ctx, due: Due): Plan {
  try {
    return planOf(due, ctx.clock.now());
  } catch (thrown) {
    ctx.log({ level: "error", schedule: due.id, project: due.project, error: String(thrown) });
    const next = new Date(ctx.clock.now().getTime() + 86_400_000).toISOString();
    return { project: due.project, id: due.id, version: due.version, was: due.next_run_at, next, fires: [] };
  }
}

/** Plans what `answer` found due and hands it over; how many runs that were. A quiet tick asks nothing further. */
export async function planFrom(ctx: Ctx, answer: unknown): Promise<number> {
  let found = (answer as Rows<{ found: Found }>).rows[0]?.found ?? { due: [], lost: [] };
  const marked: Marked[] = await handAll(ctx, found.lost);
  for (let round = 0; found.due.length > 0 && round < planRule.rounds; round++) {
    const isFull = found.due.length >= planRule.batch;
    const plans = found.due.map((due) => plan(ctx, due));
    const answers = await send(ctx, [planRuns(ctx, plans), ...(isFull ? [dueSchedules(ctx)] : [])] as Statement[]);
    const [made, next] = answers as unknown as [Rows<{ row: Publishable & { project: string } }>, Rows<{ found: Found }>?];
    marked.push(
      ...(await handAll(
        ctx,
        made.rows.map(({ row }) => row),
      )),
    );
    found = next?.rows[0]?.found ?? { due: [], lost: [] };
  }
  if (marked.length === 0) return 0;
  await send(ctx, [raw(ctx, sql`select shared.mark_handed(${JSON.stringify(marked)}::jsonb)`)]);
  const refused = marked.filter(({ error }) => error !== undefined);
  // The next delivery of this tick finds them again.
  if (refused.length > 0)
    throw new Error(`${refused.length} of ${marked.length} not handed over: ${refused[0]?.error}`);
  return marked.length;
}

/** Plans one schedule that was just changed, in its project, without waiting for the tick; a failure leaves it to that. */
export async function planChanged(ctx: Ctx, due: Due): Promise<void> {
  const credential = { kind: "system", project: due.project, job: "schedules" } as const;
  const entry = { permission: "shared:operate", scope: "project" } as const;
  const own: Ctx = { ...as(ctx, { credential, entry }), meter: { requests: 0 } };
  const plans = [plan(own, due)];
  if (plans[0]?.fires.length === 0) return;
  const [made] = (await send(own, [planRuns(own, plans)])) as unknown as [Rows<{ row: Publishable }>];
  if (made.rows.length > 0)
    await publish(
      own,
      due.project,
      made.rows.map(({ row }) => row),
    );
}

/** So many publishes are under way at once. */
const abreast = 20;

async function handAll(ctx: Ctx, rows: (Publishable & { project: string })[]): Promise<Marked[]> {
  const marked: Marked[] = [];
  for (let from = 0; from < rows.length; from += abreast) {
    const some = rows.slice(from, from + abreast);
    marked.push(
      ...(await Promise.all(
        some.map(async (row) => ({ ...(await hand(ctx, row.project, row)), project: row.project })),
      )),
    );
  }
  return marked;
}
