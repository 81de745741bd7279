/** What an operator does with a dead letter: send it again, alone or with others, or put it away. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { verb } from "../kernel/verb.ts";
import { jobName, Letter, type LetterRow, letterColumns, letterView } from "./letter.ts";

/** A hundred at once; whoever has more asks again. */
const most = 100;

const arrayText = (ids: string[]): string => `{${ids.join(",")}}`;

/** Not there, or not open: somebody was quicker, or it was settled before. */
const lost = (ctx: Ctx, id: string) => async (): Promise<Fault> => {
  const [found] = await send(ctx, [
    raw<{ state: string }>(ctx, sql`select state from shared.dead_letters where id = ${id}`),
  ]);
  const [row] = found.rows;
  if (!row) return new Fault("not_found", "letter_unknown");
  return new Fault("conflict", "letter_not_open", { detail: `This letter is ${row.state}.`, state: row.state });
};

type Retried = { letter: LetterRow; staged: Publishable[] };

export const retryLetter = verb(
  {
    name: "shared.letters.retry",
    summary: "Send a dead letter's work again, under the identity it has always had",
    needs: "shared:operate",
    effect: "write",
    faults: ["letter_unknown", "letter_not_open"],
    // The second when somebody was quicker.
    steps: 2,
    input: () => z.object({ id: z.string().max(64) }),
    output: Letter,
  },
  async (ctx, { id }) => {
    const row = (await commit(ctx, {
      change: sql`select done.r->'staged' as staged, to_jsonb(l) as letter
        from (select shared.retry_letters(array[${id}], null, array[${ctx.ids.next("event")}]) as r) done
          cross join lateral (select ${letterColumns}
            from jsonb_populate_record(null::shared.dead_letters, done.r->'letter')) l
        where (done.r->>'retried')::int > 0`,
      audit: { action: "shared.letter.retried", ref: ["letter", id], evidence: "none" },
      lost: lost(ctx, id),
    })) as Retried;
    publishStaged(ctx, row.staged);
    return row;
  },
  ({ letter }) => letterView(letter),
);

export const retryLetters = verb(
  {
    name: "shared.letters.retry_many",
    summary: `Send open dead letters again, all or those of one job, at most ${most} at a time`,
    needs: "shared:operate",
    effect: "write",
    // Whoever finds nothing to retry asks once more whether his twin has.
    steps: 2,
    audits: "shared.letters.retried",
    input: () => z.object({ job: jobName().optional() }),
    output: () => z.object({ retried: z.int() }),
    example: () => ({ job: "memory.embed" }),
  },
  async (ctx, { job }) => {
    const events = arrayText(Array.from({ length: most }, () => ctx.ids.next("event")));
    const row = (await commit(ctx, {
      change: sql`select (done.r->>'retried')::int as retried, done.r->'staged' as staged
        from (select shared.retry_letters(null, ${job ?? null}, ${events}::text[]) as r) done
        where (done.r->>'retried')::int > 0`,
      audit: { action: "shared.letters.retried", ref: ["letters", job ?? "all"], evidence: "none" },
      lost: () => new Fault("conflict", "nothing_open"),
    }).catch((thrown: unknown) => {
      // No act, hence nothing for the trail.
      if (thrown instanceof Fault && thrown.code === "nothing_open") return { retried: 0, staged: [] };
      throw thrown;
    })) as { retried: number; staged: Publishable[] };
    publishStaged(ctx, row.staged);
    return row;
  },
  ({ retried }) => ({ retried }),
);

export const discardLetter = verb(
  {
    name: "shared.letters.discard",
    summary: "Put a dead letter away for good, with a reason",
    needs: "shared:operate",
    effect: "write",
    faults: ["letter_unknown", "letter_not_open"],
    steps: 2,
    input: () =>
      z.object({
        id: z.string().max(64),
        reason: z.string().trim().min(1).max(500).describe("Kept with the letter, not in the ledger"),
      }),
    output: Letter,
    example: () => ({ id: "ltr_06f0e5k2m8a3c9d1e4g7h2j5k8", reason: "The order was cancelled" }),
  },
  async (ctx, { id, reason }) =>
    commit(ctx, {
      change: sql`update shared.dead_letters set state = 'discarded', note = ${reason}, settled_at = shared.clock(),
          updated_at = shared.clock(), version = version + 1
        where project_id = shared.scope() and id = ${id} and state = 'open'
        returning ${letterColumns}`,
      // Parked until now; done rows leave with the sweep.
      also: [
        sql`update shared.outbox o set state = 'done', updated_at = shared.clock() from change
          where o.project_id = shared.scope() and o.id = change.work and o.state = 'failed'`,
      ],
      event: { kind: "shared.letter.discarded", ref: ["letter", id] },
      audit: { action: "shared.letter.discarded", ref: ["letter", id], evidence: "none" },
      lost: lost(ctx, id),
    }),
  (row) => letterView(row as LetterRow),
);
