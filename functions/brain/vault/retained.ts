/** What the vault keeps only for a time: the webhooks it heard. */
import { sql } from "drizzle-orm";
import type { Retention } from "../kernel/retention.ts";

export const retained: readonly Retention[] = [
  {
    kind: "vault.deliveries",
    what: "GitHub's webhooks, by which a repeat is told",
    since: "after they expire, thirty days after they came",
    keepDays: 0,
    leastDays: 0,
    table: sql`vault.deliveries`,
    age: sql`r.expires_at`,
  },
];
