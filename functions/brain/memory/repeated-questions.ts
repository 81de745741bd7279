/** The nightly job that drafts an entry for what is asked again and again without an answer. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { verb } from "../kernel/verb.ts";
import { withPlaceholders } from "./placeholders.ts";

export const repeatedRule = {
  days: 30,
  /** Askings without an answer, whoever asked; after a dismissal as many again. */
  least: 3,
  /** Drafts of one night: more than anybody reads would hide the first. */
  most: 20,
} as const;

const longestTitle = 300;

type Repeated = { proposal: string; question: string; times: number; answers: string[] };

export const proposeEntries = verb(
  {
    name: "memory.knowledge.propose",
    summary: "Draft an entry for each question that was asked repeatedly without an answer",
    needs: "knowledge:write",
    doors: ["job"],
    effect: "write",
    idempotency: "none",
    // Numbers and addresses in a question become placeholders before it is anybody's title.
    steps: 2,
    input: () => z.object({}),
    output: () => z.object({ proposed: z.int() }),
    did: ({ proposed }) => proposed,
  },
  async (ctx) => {
    const [found] = await send(ctx, [
      raw<Repeated>(
        ctx,
        sql`select * from memory.repeated_questions(make_interval(days => ${repeatedRule.days}::int), ${repeatedRule.least}::int,
          ${repeatedRule.most}::int)`,
      ),
    ]);
    const told = found.rows.map(({ proposal, question, answers }) => ({
      proposal,
      entry: ctx.ids.next("entry"),
      ledger: ctx.ids.next("event"),
      title: withPlaceholders(question).replace(/\s+/g, " ").trim().slice(0, longestTitle).toWellFormed(),
      answers,
    }));
    if (told.length === 0) return { proposed: 0 };
    const [done] = await send(ctx, [
      raw<{ made: number }>(ctx, sql`select memory.propose_questions(${JSON.stringify(told)}::jsonb) as made`),
    ]);
    return { proposed: done.rows[0]?.made ?? 0 };
  },
);
