/** A domain's part in retention: which of its rows grow old, which of them stay all the same, and how they leave. */
import { type SQL, sql } from "drizzle-orm";
import type { Ctx } from "./ctx.ts";

/** Why something old stays. `holds` speaks of the row under the alias `r`. */
export type Spare = { reason: string; holds: SQL };

export type Retention = {
  /** `domain.things`; the ledger, the audit trail and tombstones are never among them. */
  kind: string;
  /** For people: what these are. */
  what: string;
  /** For people: what the days are counted from. */
  since: string;
  /** Kept so long unless the project says otherwise; null is for ever. */
  keepDays: number | null;
  /** Fewer days would break what the rows are for. */
  leastDays: number;
  /** The table, with an `id` and row security. */
  table: SQL;
  /** The instant that the row's age counts from, of the alias `r`; rows leave in its order. */
  age: SQL;
  /** Which rows of the table are meant, of the alias `r`. */
  where?: SQL;
  spares?: readonly Spare[];
  /** Unless rows are simply deleted: a query that takes those of the relation `doomed (id)` away and yields a row for each. */
  take?(ctx: Ctx, how: { before: SQL; most: number }): SQL;
};

/** What belongs to no project and leaves by the tick: `purge` answers `{kind: how many}` and takes at most so many of each. */
export type Housekeeping = {
  kinds: readonly { kind: string; what: string; keepDays: number; since: string }[];
  purge(most: number): SQL;
};

/** What is older than this leaves, by the project's policy. */
export const byPolicy = (part: Retention): SQL => sql`(select shared.kept_since(${part.kind}, ${part.keepDays}::int))`;

/** What would leave were so many days to be kept. */
export const byDays = (days: number | null): SQL => sql`(select shared.clock() - make_interval(days => ${days}::int))`;

const isOld = (part: Retention, before: SQL): SQL =>
  sql`r.project_id = shared.scope() and ${part.age} < ${before} and (${part.where ?? sql`true`})`;

const isSpared = (part: Retention): SQL =>
  sql.join([sql`false`, ...(part.spares ?? []).map(({ holds }) => holds)], sql` or `);

const reason = ({ spares = [] }: Retention): SQL =>
  spares.length === 0
    ? sql`null::text`
    : sql`case ${sql.join(
        spares.map((spare) => sql`when ${spare.holds} then ${spare.reason}::text`),
        sql` `,
      )} end`;

/** `{kind, reason, n}`: how many old rows there are, by the reason that they stay; null is the reason of those that leave. */
export const countOld = (part: Retention, before: SQL): SQL =>
  sql`select ${part.kind}::text as kind, ${reason(part)} as reason, count(*)::int as n
    from ${part.table} r where ${isOld(part, before)} group by 2`;

/** Takes as many of the oldest as this purge has room for; `{kind, removed}`. */
export function takeOld(ctx: Ctx, part: Retention, most: number): SQL {
  const before = byPolicy(part);
  const gone = part.take
    ? part.take(ctx, { before, most })
    : sql`delete from ${part.table} r using doomed d where r.project_id = shared.scope() and r.id = d.id returning r.id`;
  return sql`with doomed as materialized (
      select r.id from ${part.table} r where ${isOld(part, before)} and not (${isSpared(part)})
        order by ${part.age}, r.id limit shared.purge_room() ${part.take ? sql`` : sql`for update`}
    ), gone as (${gone})
    select ${part.kind}::text as kind, shared.purge_took(${part.kind}, (select count(*)::int from gone)) as removed`;
}
