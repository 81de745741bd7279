/** A schedule as people see it. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";
import { firesOf } from "./fire-times.ts";
import { ruleOf } from "./schedule-plan.ts";

export const missedPolicies = ["skip", "once", "each"] as const;

export const Schedule = () =>
  z.object({
    id: z.string(),
    name: z.string(),
    job: z.string().describe("The job it runs"),
    cron: z.string().nullable().describe("Five fields, read in its time zone"),
    every_seconds: z.int().nullable().describe("Instead of cron: counted from 1970 on"),
    timezone: z.string(),
    missed: z.enum(missedPolicies).describe("Fire times that passed while nothing ran: none, one for all, or each"),
    after: z.array(z.string()).describe("It also runs when one of these jobs ended well and did something"),
    enabled: z.boolean(),
    jitter_seconds: z.int().describe("A run begins up to so much after its fire time"),
    max_attempts: z.int(),
    origin: z.enum(["declared", "people"]),
    next: z.array(z.string()).describe("The next fire times, of which a list shows one"),
    last: z
      .object({ status: z.string(), error: z.string().nullable(), fire_time: z.string() })
      .nullable()
      .describe("The newest run that ended"),
    version: z.int().describe("Send it along with a change"),
  });

export type ScheduleView = z.output<ReturnType<typeof Schedule>>;

export type ScheduleRow = Omit<ScheduleView, "next" | "after" | "every_seconds"> & {
  interval_seconds: number | null;
  after_kinds: string[];
  created_at: string;
  updated_at: string;
};

export const scheduleColumns = sql`s.id, s.name, s.kind as job, s.cron, s.interval_seconds, s.timezone, s.missed, s.after_kinds, s.enabled,
  s.jitter_seconds, s.max_attempts, s.origin, s.version, s.created_at, s.updated_at,
  (select jsonb_build_object('status', r.status, 'error', r.error, 'fire_time', r.fire_time) from shared.worker_runs r
    where r.project_id = s.project_id and r.scheduled_job_id = s.id and r.status not in ('pending', 'running')
    order by r.fire_time desc limit 1) as last`;

/** The next `most` fire times; none of one that is switched off, or that nobody can work out. */
export function nextOf(row: ScheduleRow, now: Date, most: number): string[] {
  if (!row.enabled) return [];
  try {
    return firesOf(ruleOf(row), { after: now, most }).map((at) => at.toISOString());
  } catch {
    return [];
  }
}

export const scheduleView =
  (most: number) =>
  (row: ScheduleRow, now: Date): ScheduleView => {
    const { interval_seconds, after_kinds, created_at: _, updated_at: __, last, ...rest } = row;
    return {
      ...rest,
      every_seconds: interval_seconds,
      after: after_kinds,
      next: nextOf(row, now, most),
      last: last && { ...last, fire_time: instant(last.fire_time) },
    };
  };
