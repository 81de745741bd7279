/** What the inbox keeps only for a time: words of old turns, and what arrived. */
import { sql } from "drizzle-orm";
import type { Housekeeping, Retention, Spare } from "../kernel/retention.ts";
import { citedByAnswer } from "../memory/index.ts";

/** The audit trail stays for ever, and so does what an act in it rested on. */
const citedByAct: Spare = {
  reason: "cited_by_act",
  holds: sql`exists (select from shared.evidence_items e
    where e.project_id = r.project_id and e.source_table = 'inbox.cw_messages' and e.source_pk = r.id
      and e.id in (select unnest(a.evidence_refs) from shared.audit_events a where a.project_id = shared.scope()))`,
};

export const retained: readonly Retention[] = [
  {
    kind: "inbox.turns",
    what: "Words and files of conversations",
    since: "after they were said or edited",
    keepDays: null,
    leastDays: 1,
    table: sql`inbox.cw_messages`,
    age: sql`greatest(r.created_at, r.updated_at)`,
    where: sql`r.removed_at is null and r.deleted_at is null`,
    spares: [citedByAnswer, citedByAct],
    take: (ctx, { before, most }) => {
      const tombstones = JSON.stringify(Array.from({ length: most }, () => ctx.ids.next("tombstone")));
      return sql`select inbox.remove_words(array(select d.id from doomed d), ${before}, array(select jsonb_array_elements_text(${tombstones}::jsonb))) as id`;
    },
  },
  {
    kind: "inbox.raw_deliveries",
    what: "Webhooks kept whole because they were not understood or repeated with another body",
    since: "after they expire",
    keepDays: 0,
    leastDays: 0,
    table: sql`inbox.deliveries`,
    age: sql`r.expires_at`,
  },
  {
    kind: "inbox.deliveries",
    what: "Marks that a webhook was heard, so that a repeat is harmless",
    since: "after they came",
    keepDays: 180,
    // A sender that stutters does so within minutes; an import may tell the same weeks later.
    leastDays: 30,
    table: sql`inbox.deliveries`,
    age: sql`r.received_at`,
    where: sql`r.expires_at is null`,
  },
];

export const housekeeping: Housekeeping = {
  kinds: [
    {
      kind: "inbox.quarantine",
      what: "Webhooks of an account that is bound to no project",
      keepDays: 0,
      since: "after their week",
    },
  ],
  purge: (most) => sql`select inbox.purge_quarantine(${most}::int) as purged`,
};
