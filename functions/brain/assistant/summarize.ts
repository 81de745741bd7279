/** The job that writes down what sessions, days and weeks came to: each once, on behalf of everybody who has a planner. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import type { Schedule } from "../kernel/schedule.ts";
import { verb } from "../kernel/verb.ts";
import { idleSeconds } from "./capture.ts";
import { type Fact, merged, plainSummary } from "./facts.ts";
import { summarizing, wordedSummary } from "./worded-summary.ts";

export const summarizeSchedule: Schedule = { kind: "assistant.summarize", everySeconds: 10_800, missed: "once" };

/** Summaries of one request, which is as many calls of a model at once; requests of one run. The next run goes on. */
const rule = { batch: 8, rounds: 5 } as const;

type Due = {
  person: string;
  chat: string;
  type: "session" | "daily" | "weekly";
  period: string;
  session: string | null;
  starts_at: string;
  ends_at: string;
  parts: Fact[][];
  events: string[];
};

async function written(ctx: Ctx, due: Due) {
  const { parts, ...rest } = due;
  const facts = merged(parts);
  const model = ctx.ports.language;
  const worded = model && facts.length > 0 ? await wordedSummary(ctx, { model, facts }) : undefined;
  return {
    ...rest,
    id: ctx.ids.next("summary"),
    event: ctx.ids.next("event"),
    facts,
    text: worded?.text ?? plainSummary(facts),
    author: worded?.text === undefined ? "rules" : "model",
    runs: worded ? [worded.run] : [],
    prompt_version: summarizing,
  };
}

async function round(ctx: Ctx): Promise<Due[]> {
  const query = sql`select assistant.summaries_due(make_interval(secs => ${idleSeconds}::int), ${rule.batch}::int) as due`;
  const [found] = await send(ctx, [raw<{ due: Due[] }>(ctx, query)]);
  const due = found.rows[0]?.due ?? [];
  if (due.length === 0) return [];
  const rows = JSON.stringify(await Promise.all(due.map((one) => written(ctx, one))));
  await send(ctx, [raw(ctx, sql`select assistant.put_summaries(${rows}::jsonb)`)]);
  return due;
}

const count = () => z.int().min(0);

export const summarize = verb(
  {
    name: "assistant.summarize",
    summary: "Write down what sessions, days and weeks of everybody's planner came to",
    needs: "assistant:use",
    doors: ["job"],
    effect: "write",
    idempotency: "none",
    input: () => z.object({}),
    output: () => z.object({ session: count(), daily: count(), weekly: count() }),
    did: ({ session, daily, weekly }) => session + daily + weekly,
    counts: (output) => output,
  },
  async (ctx) => {
    const sum = { session: 0, daily: 0, weekly: 0 };
    for (let rounds = 0; rounds < rule.rounds; rounds++) {
      const due = await round(ctx);
      for (const { type } of due) sum[type] += 1;
      if (due.length === 0) break;
    }
    return sum;
  },
);
