/** Hearing: a proven delivery of a customers' channel becomes person, message, evidence, passages and a wake-up in one request to the database. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { verb } from "../kernel/verb.ts";
import { type From, providers, rowOf, Told } from "./incoming.ts";

/** awaiting: its words are fetched by a job. stale: the message is known, under another delivery. */
export const outcomes = ["stored", "edited", "stale", "ignored", "duplicate", "replayed", "awaiting"] as const;

type Answer = { outcome: (typeof outcomes)[number]; delivery: string; message?: string; wakes: Publishable[] };

export async function takeIn(ctx: Ctx, told: z.input<ReturnType<typeof Told>>, from: From): Promise<Answer> {
  const row = await rowOf(ctx, told, from);
  const [found] = await send(ctx, [
    raw<{ answer: Answer }>(ctx, sql`select field.hear(${JSON.stringify(row)}::jsonb) as answer`),
  ]);
  const answer = found.rows[0]?.answer;
  if (!answer) throw new Error("field.hear returned no row");
  publishStaged(ctx, answer.wakes);
  return answer;
}

export const hear = verb(
  {
    name: "field.hear",
    summary: "Take in one proven delivery of a customers' channel",
    needs: "field:receive",
    doors: ["hook"],
    effect: "write",
    idempotency: "none",
    faults: ["source_unknown", "source_stale", "account_bound_elsewhere"],
    input: () => z.object({ source: z.string(), provider: z.enum(providers), told: Told() }),
    output: () => z.object({ delivery: z.string(), outcome: z.enum(outcomes), message: z.string().nullable() }),
  },
  async (ctx, { source, provider, told }) => {
    const { delivery, outcome, message = null } = await takeIn(ctx, told, { source, provider });
    return { delivery, outcome, message };
  },
);
