/** What the spine keeps only for a time. */
import { sql } from "drizzle-orm";
import type { Retention } from "../kernel/retention.ts";

export const retained: readonly Retention[] = [
  {
    kind: "shared.idempotency_keys",
    what: "Answers kept for repeated requests",
    since: "after they expire",
    keepDays: 0,
    leastDays: 0,
    table: sql`shared.idempotency_keys`,
    age: sql`r.expires_at`,
  },
  {
    kind: "shared.outbox",
    what: "Wake-ups that were answered",
    since: "after they were done",
    keepDays: 1,
    leastDays: 1,
    table: sql`shared.outbox`,
    age: sql`r.updated_at`,
    where: sql`r.state = 'done'`,
  },
  {
    kind: "shared.job_runs",
    what: "What jobs did",
    since: "after they began",
    keepDays: 90,
    leastDays: 1,
    table: sql`shared.job_runs`,
    age: sql`r.started_at`,
  },
  {
    kind: "shared.worker_runs",
    what: "Fire times of schedules",
    since: "after their minute",
    keepDays: 90,
    // A fire time that is forgotten could run again while the schedule still catches up.
    leastDays: 7,
    table: sql`shared.worker_runs`,
    age: sql`r.fire_time`,
    where: sql`r.status not in ('pending', 'running')`,
  },
  {
    kind: "shared.exports",
    what: "Exports that were begun",
    since: "after they expire",
    keepDays: 0,
    leastDays: 0,
    table: sql`shared.exports`,
    age: sql`r.expires_at`,
    // Never changed, so that nobody may lock them for a change either.
    take: () =>
      sql`delete from shared.exports r using doomed d where r.project_id = shared.scope() and r.id = d.id returning r.id`,
  },
  {
    kind: "shared.prompt_runs",
    what: "Calls of the language model, with its answers",
    since: "after the call",
    keepDays: 90,
    leastDays: 1,
    table: sql`shared.prompt_runs`,
    age: sql`r.created_at`,
  },
];
