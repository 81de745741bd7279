/** Clients are told what happened: the job that reads the ledger's new lines, and queues a message for each, once. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { verb } from "../kernel/verb.ts";
import { defaultTemplates, type NoticeEvent, notices } from "./notice-texts.ts";
import { draftOf, type House, type Text, type Untold, wayOf } from "./notice-words.ts";

/** Lines of one run; more are found by the next, which this one wakes. */
const most = 50;

const Told = () => z.object({ queued: z.int(), skipped: z.int() });
type Claim = { rows: Untold[]; texts: Text[] | null; brand: string };
type Outcome = { queued: number; skipped: number; wakes: Publishable[] };

export const tellNotices = verb(
  {
    name: "field.notices.tell",
    summary: "Tell clients what happened since, by the project's rules",
    needs: "outbound:write",
    doors: ["job"],
    effect: "external",
    // What is new, then what is decided about it.
    steps: 2,
    input: () => z.object({}),
    output: Told,
    did: ({ queued, skipped }) => queued + skipped,
  },
  async (ctx) => {
    const [claimed] = await send(ctx, [
      raw<{ claim: Claim }>(
        ctx,
        sql`select field.claim_notices(${most}::int, ${JSON.stringify(defaultTemplates())}::jsonb) as claim`,
      ),
    ]);
    const claim = claimed.rows[0]?.claim;
    if (!claim || claim.rows.length === 0) return { queued: 0, skipped: 0 };
    const rows = JSON.stringify(decided(ctx, claim));
    const next =
      claim.rows.length === most
        ? [raw<{ wake: Publishable | null }>(ctx, sql`select ${noticesWake(ctx)} as wake`)]
        : [];
    const answers = await send(ctx, [
      raw<{ told: Outcome }>(ctx, sql`select field.tell(${rows}::jsonb) as told`),
      ...next,
    ]);
    const [told, woken] = answers as unknown as [
      { rows: { told: Outcome }[] },
      { rows: { wake: Publishable | null }[] } | undefined,
    ];
    const { queued = 0, skipped = 0, wakes = [] } = told.rows[0]?.told ?? {};
    const wake = woken?.rows[0]?.wake;
    publishStaged(ctx, wake ? [...wakes, wake] : wakes);
    return { queued, skipped };
  },
);

/** What an act stages when clients may have to be told of it: one wake-up a project, however many acts. For `commit`'s `wake`. */
export const noticesWake = (ctx: Ctx) =>
  sql`outbound.wake(${ctx.ids.next("outbox")}, 'field.notices.tell', null, shared.clock())`;

function decided(ctx: Ctx, claim: Claim): Record<string, unknown>[] {
  const templates = Object.fromEntries(
    notices.map((event) => [event, `notice-${event.replaceAll("_", "-")}`]),
  ) as Record<NoticeEvent, string>;
  for (const { event, rule } of claim.rows) templates[event] = rule.template;
  const house: House = { texts: claim.texts ?? [], brand: claim.brand, now: ctx.clock.now(), templates };
  return claim.rows.map((row) => one(ctx, row, house));
}

function one(ctx: Ctx, row: Untold, house: House): Record<string, unknown> {
  const { event, event_id, job, contact } = row;
  const notice = { id: ctx.ids.next("notice"), wake: ctx.ids.next("outbox"), event, event_id, job, contact };
  if (row.reason) return { ...notice, reason: row.reason };
  const { way, reason } = wayOf(row);
  if (!way) return { ...notice, reason };
  const id = ctx.ids.next("message");
  const isOfTime = event === "scheduled" || event === "rescheduled";
  // Who was told nothing of it yet is told when it is, and not that it was moved.
  const first = draftOf(row, { house, way, event: isOfTime ? "scheduled" : event, id });
  const again = isOfTime ? draftOf(row, { house, way, event: "rescheduled", id }) : null;
  const wordless = [first, again].find((draft) => typeof draft === "string");
  if (wordless) return { ...notice, reason: wordless };
  return { ...notice, channel: way.channel, instead_of: reason, first, again };
}
