/**
 * One guarded change and everything that must be true with it, as a chain of writable CTEs in one statement:
 * change → ledger → audit → outbox → idempotency. A lost race aborts the batch and becomes the verb's own fault.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Statement } from "#db/client.ts";
import { raw, send } from "./batch.ts";
import type { Ctx } from "./ctx.ts";
import {
  type Access,
  type Audit,
  accessFrom,
  auditFrom,
  type Event,
  eventFrom,
  type Staged,
  seal,
  stagedFrom,
} from "./events.ts";
import { Fault } from "./fault.ts";
import { assertNoTwin, isTwin, rememberFrom, replayCheck } from "./idempotency.ts";
import { publishStaged } from "./outbox.ts";

export { replayCheck } from "./idempotency.ts";

export type Change = {
  /** A data-modifying statement that returns exactly one row when it won. */
  change: SQL;
  /** Further writes that read the relation `change`. */
  also?: SQL[];
  event?: Event;
  audit?: Audit;
  /** In place of `audit` for an act that belongs to no project. */
  access?: Access;
  stage?: Staged[];
  /** A call over `change` that stages a wake-up and returns the row to publish as jsonb, or null when one is pending. */
  wake?: SQL;
  /** Statements before the change in the same transaction: locks, checks that raise. */
  before?: Statement[];
  /** Why nothing changed; asked only when nothing did. */
  lost?: () => Fault | Promise<Fault>;
  /** The project that `before` has moved the batch into, when it is not the entered one. */
  within?: string;
  /** HTTP-like status the stored answer is given again with. */
  status?: number;
};

type Outcome = { row: Record<string, unknown>; staged: StagedRow[] | null };
type StagedRow = { id: string; kind: string; payload: Record<string, unknown>; due_at: string };

const none = sql`select`;

function chain(ctx: Ctx, work: Change): SQL {
  const source = sql`change`;
  const parts: SQL[] = [sql`change as (${work.change})`];
  work.also?.forEach((also, i) => {
    parts.push(sql`${sql.identifier(`also_${i}`)} as (${also})`);
  });
  if (work.event) parts.push(sql`event as (${eventFrom(ctx, work.event, source)})`);
  if (work.audit) parts.push(sql`audit as (${auditFrom(ctx, work.audit, source)})`);
  if (work.access) parts.push(sql`access as (${accessFrom(ctx, work.access, source)})`);
  const staged = [...(work.stage ?? []), ...(work.audit ? [seal] : [])];
  staged.forEach((row, i) => {
    parts.push(sql`${sql.identifier(`staged_${i}`)} as (${stagedFrom(ctx, row, source)})`);
  });
  if (ctx.entry.idempotency) parts.push(sql`remembered as (${rememberFrom(ctx, work.status ?? 200, source)})`);
  const rows = staged.map((_, i) => sql`select * from ${sql.identifier(`staged_${i}`)}`);
  if (work.wake) {
    parts.push(sql`woken as materialized (select ${work.wake} as made from change)`);
    rows.push(sql`select w.* from woken, jsonb_to_record(woken.made) w (id text, kind text, payload jsonb, due_at timestamptz)
      where woken.made is not null`);
  }
  const all = rows.length ? sql`(select jsonb_agg(s) from (${sql.join(rows, sql` union all `)}) s)` : sql`null::jsonb`;
  return sql`with ${sql.join(parts, sql`, `)}
    select to_jsonb(change) as row, ${all} as staged from change
    union all
    select jsonb_build_object('lost', shared.fail('conflict', 'lost_race')), null where not exists (${none} from change)`;
}

/**
 * Sends the change and returns its row as JSON. Times are ISO text with microseconds.
 * Two concurrent requests with one key: the second waits on the key's index, aborts, and is answered from the first.
 */
export async function commit(ctx: Ctx, work: Change): Promise<Record<string, unknown>> {
  const act = work.audit ?? work.access;
  if (ctx.attempt && act) ctx.attempt.act = act;
  const statement = () => [...replayCheck(ctx), ...(work.before ?? []), raw<Outcome>(ctx, chain(ctx, work))];
  const answers = await send(ctx, statement()).catch(async (thrown: unknown) => {
    if (thrown instanceof Fault) {
      await assertNoTwin(ctx, thrown);
      if (thrown.code !== "lost_race") throw thrown;
      throw work.lost ? await work.lost() : new Fault("not_found", "not_found");
    }
    if (isTwin(ctx, thrown)) return send(ctx, statement());
    throw thrown;
  });
  const outcome = (answers.at(-1) as unknown as { rows: Outcome[] }).rows[0];
  if (!outcome) throw new Error("the change returned no row");
  if (ctx.attempt) delete ctx.attempt.act;
  if (outcome.staged) publishStaged(ctx, outcome.staged, work.within);
  return outcome.row;
}
