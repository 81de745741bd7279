/** What memory keeps only for a time, and what it needs of others' rows. */
import { sql } from "drizzle-orm";
import type { Retention, Spare } from "../kernel/retention.ts";

export const retained: readonly Retention[] = [
  {
    kind: "memory.answers",
    what: "Questions, answers and their quotations",
    since: "after the answer",
    keepDays: 365,
    leastDays: 1,
    table: sql`memory.answers`,
    age: sql`r.created_at`,
  },
  {
    kind: "memory.canary_runs",
    what: "What canary questions were answered",
    since: "after they were asked",
    keepDays: 90,
    leastDays: 1,
    table: sql`memory.canary_runs`,
    age: sql`r.created_at`,
  },
];

/** Words of `inbox.cw_messages r` that an answer quotes, for as long as the answer is kept. */
export const citedByAnswer: Spare = {
  reason: "cited_by_answer",
  holds: sql`exists (select from shared.evidence_items e
    join memory.answer_citations q on q.project_id = e.project_id and q.evidence_id = e.id
    where e.project_id = r.project_id and e.source_table = 'inbox.cw_messages' and e.source_pk = r.id)`,
};
