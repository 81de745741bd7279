/** What the field keeps only for a time: marks of what arrived, and what was kept whole. */
import { sql } from "drizzle-orm";
import type { Retention } from "../kernel/retention.ts";

export const retained: readonly Retention[] = [
  {
    kind: "field.raw_deliveries",
    what: "Webhooks of customers' channels kept whole because they were not understood or repeated with another body",
    since: "after they expire",
    keepDays: 0,
    leastDays: 0,
    table: sql`field.deliveries`,
    age: sql`r.expires_at`,
  },
  {
    kind: "field.deliveries",
    what: "Marks that a customer's message was heard, so that a repeat is harmless",
    since: "after they came",
    keepDays: 180,
    leastDays: 30,
    table: sql`field.deliveries`,
    age: sql`r.received_at`,
    where: sql`r.expires_at is null`,
  },
  {
    kind: "field.notices",
    what: "What became of each thing that clients are told of by itself",
    since: "after it was decided",
    keepDays: 400,
    // Younger ones are what keeps an event from being told twice.
    leastDays: 30,
    table: sql`field.notices`,
    age: sql`r.created_at`,
  },
  {
    kind: "field.blackouts",
    what: "Times that were kept free of appointments",
    since: "after they end",
    keepDays: 400,
    leastDays: 30,
    table: sql`field.blackouts`,
    age: sql`r.ends at time zone 'UTC'`,
  },
];
