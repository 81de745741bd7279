/** Enqueuing: the job that writes the messages of members whose step is due, in bounded batches, from wherever the last run ended. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { verb } from "../kernel/verb.ts";
import { type Brief, type Member, type Row, rowOf } from "./campaign-write.ts";

export const campaignRule = {
  /** Members of one request. */
  batch: 500,
  /** The words of one request, about: a batch of long e-mails is smaller. */
  batchCharacters: 1_000_000,
  /** Batches of one run; the next wake-up goes on. */
  batches: 10,
} as const;

const Ran = () =>
  z.object({
    queued: z.int(),
    withdrawn: z.int().describe("Of cancelled campaigns, or put back after a pause"),
    /** Members who are not written to, by the reason. */
    ended: z.record(z.string(), z.int()),
  });
type Tally = z.output<ReturnType<typeof Ran>>;

export const runCampaigns = verb(
  {
    name: "outbound.campaigns.run",
    summary: "Queue the messages of campaigns whose time has come",
    needs: "outbound:operate",
    doors: ["job"],
    effect: "external",
    // The words and the first members; then what was written together with the next members.
    steps: 2,
    input: () =>
      z.object({ campaign: z.string().max(64).optional().describe("Left out, every one that has something to do") }),
    output: Ran,
    did: ({ queued, withdrawn, ended }) => queued + withdrawn + Object.values(ended).reduce((sum, n) => sum + n, 0),
  },
  async (ctx, { campaign }) => {
    const tally: Tally = { queued: 0, withdrawn: 0, ended: {} };
    for (const id of campaign === undefined ? await waiting(ctx) : [campaign]) await runOne(ctx, { id, tally });
    return tally;
  },
);

async function waiting(ctx: Ctx): Promise<string[]> {
  const query = sql`select c.id from outbound.campaigns c
    where c.project_id = shared.scope() and outbound.campaign_waits(c) order by c.id limit 20`;
  const [found] = await send(ctx, [raw<{ id: string }>(ctx, query)]);
  return found.rows.map(({ id }) => id);
}

type Taken = { state: string | null; members: Member[]; withdrawn: number };
type Put = { queued: number; ended: Record<string, number> };

const take = (ctx: Ctx, campaign: string, batch: number) =>
  raw<{ taken: Taken }>(ctx, sql`select outbound.campaign_take(${campaign}, ${batch}::int) as taken`);
const put = (ctx: Ctx, campaign: string, rows: Row[]) =>
  raw<{ put: Put }>(ctx, sql`select outbound.campaign_put(${campaign}, ${JSON.stringify(rows)}::jsonb) as put`);

/** So many that a request stays of a size. */
function batchFor(brief: Brief): number {
  const longest = Math.max(0, ...brief.steps.flatMap(({ templates }) => templates.map(({ body }) => body.length)));
  return Math.max(10, Math.min(campaignRule.batch, Math.floor(campaignRule.batchCharacters / (longest + 500))));
}

async function runOne(ctx: Ctx, { id, tally }: { id: string; tally: Tally }): Promise<void> {
  const [words, first] = await send(ctx, [
    raw<{ brief: Brief | null }>(ctx, sql`select outbound.campaign_brief(${id}) as brief`),
    take(ctx, id, campaignRule.batch),
  ]);
  const brief = words.rows[0]?.brief;
  if (!brief) return;
  const nothing: Taken = { state: null, members: [], withdrawn: 0 };
  let taken: Taken = first.rows[0]?.taken ?? nothing;
  const batch = batchFor(brief);
  for (let done = 1; ; done++) {
    tally.withdrawn += taken.withdrawn;
    const rows: Row[] = taken.members.slice(0, batch).map((member) => rowOf(ctx, brief, member));
    const isDone = (rows.length === 0 && taken.withdrawn === 0) || done >= campaignRule.batches;
    if (isDone) return close(ctx, { id, rows, tally, hasMore: rows.length > 0 || taken.withdrawn > 0 });
    const [told, next] = await send(ctx, [put(ctx, id, rows), take(ctx, id, batch)]);
    count(tally, told.rows[0]?.put);
    taken = next.rows[0]?.taken ?? nothing;
  }
}

function count(tally: Tally, put: Put | undefined): void {
  tally.queued += put?.queued ?? 0;
  for (const [reason, n] of Object.entries(put?.ended ?? {})) tally.ended[reason] = (tally.ended[reason] ?? 0) + n;
}

async function close(
  ctx: Ctx,
  { id, rows, tally, hasMore }: { id: string; rows: Row[]; tally: Tally; hasMore: boolean },
): Promise<void> {
  const ids = { dispatch: ctx.ids.next("outbox"), run: ctx.ids.next("outbox"), event: ctx.ids.next("event") };
  const [told, closed] = await send(ctx, [
    put(ctx, id, rows),
    raw<{ closed: { wakes: Publishable[] } }>(
      ctx,
      sql`select outbound.campaign_close(${id}, ${hasMore}::boolean, ${JSON.stringify(ids)}::jsonb) as closed`,
    ),
  ]);
  count(tally, told.rows[0]?.put);
  publishStaged(ctx, closed.rows[0]?.closed.wakes ?? []);
}
