/** Schedules: seen, changed, switched on and off, run now. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging, version } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { isTimezone } from "../kernel/wall-time.ts";
import { complaintOf, nextFire } from "./fire-times.ts";
import { missedPolicies, Schedule, type ScheduleRow, scheduleColumns, scheduleView } from "./schedule.ts";
import { ruleOf } from "./schedule-plan.ts";
import { planChanged } from "./schedule-tick.ts";
import { Run, type RunRow, runColumns, runView } from "./worker-runs.ts";

const unknown = () => new Fault("not_found", "schedule_unknown");
const upcoming = 3;

export const listSchedules = reading(
  {
    name: "shared.schedules.list",
    summary: "What runs by the clock in this project, newest first",
    needs: "shared:read",
    input: () => z.object(paging()),
    output: () => page(Schedule()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<ScheduleRow>(
        ctx,
        sql`select ${scheduleColumns} from shared.scheduled_jobs s
          where ${after ? sql`(s.created_at, s.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by s.created_at desc, s.id desc limit ${limit + 1}`,
      ),
    view: (found, input, ctx) =>
      paged((found as { rows: ScheduleRow[] }).rows, input, {
        view: (row) => scheduleView(1)(row, ctx.clock.now()),
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);

const one = (ctx: Ctx, id: string) =>
  raw<ScheduleRow>(
    ctx,
    sql`select ${scheduleColumns} from shared.scheduled_jobs s where s.project_id = shared.scope() and s.id = ${id}`,
  );

export const getSchedule = reading(
  {
    name: "shared.schedules.get",
    summary: "One schedule with its next three fire times",
    needs: "shared:read",
    faults: ["schedule_unknown"],
    input: () => z.object({ id: z.string().max(64) }),
    output: Schedule,
  },
  {
    part: (ctx, { id }) => one(ctx, id),
    view: (found, _, ctx) => {
      const [row] = (found as { rows: ScheduleRow[] }).rows;
      if (!row) throw unknown();
      return scheduleView(upcoming)(row, ctx.clock.now());
    },
  },
);

const Change = () =>
  z.object({
    id: z.string().max(64),
    version: version(),
    cron: z.string().trim().max(120).optional(),
    timezone: z.string().max(64).optional(),
    missed: z.enum(missedPolicies).optional(),
    enabled: z.boolean().optional(),
  });

/** What is wrong with a change, before anything is asked. */
function assertSound(ctx: Ctx, { cron, timezone }: z.output<ReturnType<typeof Change>>): void {
  const wrong = cron === undefined ? undefined : complaintOf(cron, ctx.clock.now());
  const errors = [
    ...(wrong === undefined ? [] : [{ pointer: "/cron", detail: wrong }]),
    ...(timezone === undefined || isTimezone(timezone)
      ? []
      : [{ pointer: "/timezone", detail: "must be an IANA time zone, such as Europe/Copenhagen" }]),
  ];
  if (errors.length > 0) {
    throw new Fault("invalid", "invalid_input", { detail: "`errors` says what does not work.", errors });
  }
}

/** The schedule as it will be; null fire time: it is off, or follows others only. */
function changedFrom(ctx: Ctx, row: ScheduleRow, change: z.output<ReturnType<typeof Change>>) {
  const cron = change.cron ?? row.cron;
  const interval = change.cron === undefined ? row.interval_seconds : null;
  const timezone = change.timezone ?? row.timezone;
  const enabled = change.enabled ?? row.enabled;
  const rule = ruleOf({ cron, interval_seconds: interval, timezone });
  const next = enabled ? nextFire(rule, ctx.clock.now()) : null;
  return { cron, interval, timezone, enabled, missed: change.missed ?? row.missed, next: next?.toISOString() ?? null };
}

export const updateSchedule = verb(
  {
    name: "shared.schedules.update",
    summary: "Change when a schedule fires, or switch it off; what was planned under the old times does not begin",
    needs: "shared:operate",
    effect: "write",
    // Read and change: only code can work out the next fire time.
    steps: 2,
    faults: ["schedule_unknown", "schedule_changed"],
    input: Change,
    output: Schedule,
    example: () => ({ id: "sch_0", version: 1, cron: "30 2 * * *", timezone: "Europe/Copenhagen" }),
  },
  async (ctx, input) => {
    assertSound(ctx, input);
    const { id, version } = input;
    const [found] = await send(ctx, [one(ctx, id)]);
    const [row] = found.rows;
    if (!row) throw unknown();
    const to = changedFrom(ctx, row, input);
    const changed = await commit(ctx, {
      change: sql`update shared.scheduled_jobs s set cron = ${to.cron}, interval_seconds = ${to.interval}::int, timezone = ${to.timezone},
          missed = ${to.missed}, enabled = ${to.enabled}::boolean, next_run_at = ${to.next}::timestamptz, version = s.version + 1,
          updated_at = shared.clock()
        where s.project_id = shared.scope() and s.id = ${id} and s.version = ${version}::int returning ${scheduleColumns}`,
      also: [
        sql`update shared.worker_runs r set status = 'skipped', error = 'schedule_changed', finished_at = shared.clock() from change
          where r.project_id = shared.scope() and r.scheduled_job_id = change.id and r.status = 'pending' and r.cause = 'clock'
            and r.attempts = 0`,
        sql`update shared.outbox o set state = 'done', updated_at = shared.clock() from change, shared.worker_runs r
          where o.project_id = shared.scope() and o.kind = 'shared.schedules.run' and o.state = 'pending' and r.project_id = o.project_id
            and r.id = o.dedupe_key and r.scheduled_job_id = change.id and r.status = 'pending' and r.cause = 'clock' and r.attempts = 0`,
      ],
      event: { kind: "shared.schedule.changed", ref: ["schedule", id], payload: { enabled: to.enabled } },
      audit: { action: "shared.schedule.changed", ref: ["schedule", id], evidence: "none", payload: { version } },
      lost: () =>
        new Fault("stale", "schedule_changed", {
          detail: "Somebody changed it since you read it. Read it again, then change it.",
        }),
    });
    const project = ctx.who?.project ?? "";
    // Its first fire time may come before the next tick.
    const { next } = to;
    if (next)
      ctx.after(() => planChanged(ctx, { ...(changed as ScheduleRow), project, next_run_at: next, since: next }));
    return changed;
  },
  // As of the change, so that a repeated request gets the same answer.
  (row) => scheduleView(upcoming)(row as ScheduleRow, new Date(instant(String((row as ScheduleRow).updated_at)))),
);

async function whyNotRun(ctx: Ctx, id: string): Promise<Fault> {
  const [found] = await send(ctx, [one(ctx, id)]);
  if (found.rows.length === 0) return unknown();
  return new Fault("conflict", "run_waiting", { detail: "A run that somebody asked for is waiting to begin already." });
}

export const runNow = verb(
  {
    name: "shared.schedules.run_now",
    summary: "Run a schedule's job now, whether or not the schedule is switched on",
    needs: "shared:operate",
    effect: "write",
    faults: ["schedule_unknown", "run_waiting"],
    input: () => z.object({ id: z.string().max(64) }),
    output: Run,
    example: () => ({ id: "sch_0" }),
  },
  async (ctx, { id }) => {
    const run = ctx.ids.next("run");
    return commit(ctx, {
      // The microseconds keep it apart from a fire time of the clock's, and from what follows others.
      change: sql`insert into shared.worker_runs as r (project_id, id, scheduled_job_id, fire_time, schedule_version, cause)
        select s.project_id, ${run}, s.id, shared.clock() + interval '2 microseconds', s.version, 'person' from shared.scheduled_jobs s
          where s.project_id = shared.scope() and s.id = ${id} and not exists (select from shared.worker_runs w
            where w.project_id = s.project_id and w.scheduled_job_id = s.id and w.cause = 'person' and w.status = 'pending' and w.attempts = 0)
          on conflict (project_id, scheduled_job_id, fire_time) do nothing
        returning ${runColumns}`,
      stage: [{ kind: "shared.schedules.run", dedupe: run, payload: { run } }],
      event: { kind: "shared.schedule.run_asked", ref: ["schedule", id], payload: { run } },
      status: 202,
      lost: () => whyNotRun(ctx, id),
    });
  },
  (row) => runView(row as RunRow),
);
