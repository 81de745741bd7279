/** Hearing: verified deliveries of one source become messages, evidence, passages and a wake-up in one request to the database. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { verb } from "../kernel/verb.ts";
import { type Binding, type Delivery, eventOf } from "./events.ts";

/** duplicate: nothing was written. stale: on record, but something newer was known. */
export const outcomes = ["stored", "stale", "ignored", "duplicate", "quarantined", "replayed"] as const;
export type Outcome = (typeof outcomes)[number];

type Answer = { outcomes: Record<string, Outcome>; wake: Publishable | null; answers?: Publishable[] };

/** Many deliveries of one source at once, in any order; answers in theirs. Imports come this way too. */
export async function ingestDeliveries(
  ctx: Ctx,
  input: { binding: Binding; deliveries: Delivery[] },
): Promise<{ delivery: string; outcome: Outcome }[]> {
  const events = await Promise.all(input.deliveries.map((delivery) => eventOf(ctx, delivery, input.binding)));
  if (events.length === 0) return [];
  const [found] = await send(ctx, [
    raw<{ answer: Answer }>(ctx, sql`select inbox.ingest(${JSON.stringify(events)}::jsonb) as answer`),
  ]);
  const answer = found.rows[0]?.answer;
  if (!answer) throw new Error("ingest returned no row");
  const staged = [...(answer.wake ? [answer.wake] : []), ...(answer.answers ?? [])];
  if (staged.length > 0) publishStaged(ctx, staged);
  return events.map(({ id }) => ({ delivery: id, outcome: answer.outcomes[id] ?? "duplicate" }));
}

export const ingest = verb(
  {
    name: "inbox.ingest",
    summary: "Take in one verified webhook of a bound Chatwoot account",
    needs: "inbox:receive",
    doors: ["hook"],
    effect: "write",
    idempotency: "none",
    faults: ["source_unknown", "source_stale", "account_bound_elsewhere"],
    input: () =>
      z.object({
        binding: z.object({ source: z.string(), project: z.uuid(), account: z.string() }),
        delivery: z.string().nullable(),
        sentAt: z.string().length(27),
        body: z.looseObject({ event: z.string().min(1) }),
      }),
    output: () => z.object({ delivery: z.string(), outcome: z.enum(outcomes) }),
  },
  async (ctx, { binding, ...delivery }) => {
    const [told] = await ingestDeliveries(ctx, { binding, deliveries: [delivery] });
    if (!told) throw new Error("a delivery got no answer");
    return told;
  },
);
