/** What the mirror has and a run did not meet: asked for one by one, and taken out only where Chatwoot says 404. */
import { sql } from "drizzle-orm";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { vanish } from "./sync-reads.ts";
import { type Work, writeStep } from "./sync-state.ts";

type Missing = { kind: "conversation" | "contact"; number: number; id: string };
type Lacking = { stored: number; lacking: number; some: Missing[] };

/** More than so many and more than this share at once looks like a token that sees less, or another account. */
const fewest = 20;
const largestShare = 0.2;
const atOnce = 16;

export async function vanishedUnit(ctx: Ctx, work: Work): Promise<void> {
  const { run } = work.state;
  const query = sql`select inbox.missing_rows(${run}, ${work.binding.account}, ${atOnce}::int) as missing`;
  const [answer] = await send(ctx, [raw<{ missing: Lacking }>(ctx, query)]);
  const { stored, lacking, some } = answer.rows[0]?.missing ?? { stored: 0, lacking: 0, some: [] };
  const judged = lacking + (work.state.counts["gone_rows"] ?? 0);
  if (judged > fewest && judged > largestShare * stored && work.state.kind !== "full") {
    return finish(ctx, work, { held_back: lacking });
  }
  if (some.length === 0) return finish(ctx, work, {});
  const asked = await Promise.all(some.map(async (one) => ({ one, found: await ask(work, one) })));
  work.requests += asked.length;
  const gone = (kind: Missing["kind"]) =>
    asked.filter(({ one, found }) => one.kind === kind && found === null).map(({ one }) => one.id);
  const there = (kind: Missing["kind"]) =>
    JSON.stringify(asked.filter(({ one, found }) => one.kind === kind && found !== null).map(({ one }) => one.number));
  const rows = { conversations: gone("conversation"), contacts: gone("contact") };
  await writeStep(ctx, work, {
    after: [
      raw(ctx, sql`select inbox.mark_seen(${run}, 'conversation', ${there("conversation")}::jsonb)`),
      raw(ctx, sql`select inbox.mark_seen(${run}, 'contact', ${there("contact")}::jsonb)`),
      vanish(ctx, work, { at: ctx.clock.now(), ...rows }),
    ],
    step: {
      counts: {
        requests: asked.length,
        gone_rows: rows.conversations.length + rows.contacts.length,
        // There, but in no list that was walked or with no messages to be had: it was not read, and nothing may say it was.
        skipped: asked.filter(({ one, found }) => one.kind === "conversation" && found !== null).length,
      },
    },
  });
}

const ask = (work: Work, { kind, number }: Missing) =>
  kind === "conversation"
    ? work.chatwoot.conversation(work.access, number)
    : work.chatwoot.contact(work.access, number);

async function finish(ctx: Ctx, work: Work, counts: Record<string, number>): Promise<void> {
  await writeStep(ctx, work, { step: { phase: "done", state: "done", counts } });
}
