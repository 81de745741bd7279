/** The job that reads what people said for facts, and lays what it finds before somebody who decides. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../../kernel/batch.ts";
import type { Ctx } from "../../kernel/ctx.ts";
import { type Run, runsFrom } from "../../kernel/model-call.ts";
import type { Schedule } from "../../kernel/schedule.ts";
import { verb } from "../../kernel/verb.ts";

export const extractRule = {
  /** Pieces of evidence of one run. */
  most: 100,
  /** Of these, so many are shown to a model. */
  mostAsked: 5,
} as const;

export const extractSchedule: Schedule = {
  kind: "world.extract.run",
  everySeconds: 900,
  missed: "skip",
  after: ["memory.embed"],
};

type Unread = {
  evidence: string;
  version: number;
  occurred_at: string;
  contact: string | null;
  texts: string[];
  upto: string;
};

/** What stands in evidence, read by rules and, where there is one, by a model too; rules come first where both say the same. */
async function read(ctx: Ctx, rows: readonly Unread[]) {
  // Seldom needed, and some kilobytes: not read when the Worker starts.
  const [{ proposalsIn, rulesVersion }, { promptVersion, readWith }] = await Promise.all([
    import("./rules.ts"),
    import("./model.ts"),
  ]);
  const runs: Run[] = [];
  const found = [];
  for (const { evidence, version, occurred_at: saidOn, contact, texts } of rows) {
    const facts: Record<string, unknown>[] = [];
    for (const text of texts) {
      const model = runs.length < extractRule.mostAsked ? ctx.ports.language : undefined;
      const asked = model && (await readWith(ctx, { model, text, saidOn }));
      if (asked) runs.push(asked.run);
      const by = { extractor: promptVersion, model: model?.model, prompt: promptVersion };
      const all = [
        ...proposalsIn(text, saidOn).map((one) => ({ ...one, extractor: rulesVersion })),
        ...(asked?.proposals ?? []).map((one) => ({ ...one, ...by })),
      ];
      for (const { attribute: key, ...one } of all) {
        if (facts.some((known) => JSON.stringify(known["value"]) === JSON.stringify(one.value))) continue;
        facts.push({ ...one, key, id: ctx.ids.next("fact"), entity: ctx.ids.next("entity") });
      }
    }
    found.push({ evidence, version, contact, facts });
  }
  return { found, runs, version: promptVersion };
}

export const runExtraction = verb(
  {
    name: "world.extract.run",
    summary: "Read what people said since the last time for facts, and propose them",
    needs: "world:write",
    doors: ["job"],
    effect: "external",
    idempotency: "none",
    // What is next, then what was found in it.
    steps: 2,
    input: () => z.object({}),
    output: () => z.object({ read: z.int(), proposed: z.int() }),
    did: ({ proposed }) => proposed,
    counts: ({ read: count }) => ({ read: count }),
  },
  async (ctx) => {
    const [unread] = await send(ctx, [raw<Unread>(ctx, sql`select * from world.unread(${extractRule.most}::int)`)]);
    const last = unread.rows.at(-1);
    if (!last) return { read: 0, proposed: 0 };
    const { found, runs, version } = await read(ctx, unread.rows);
    const propose = raw<{ made: number }>(
      ctx,
      sql`select world.propose(${JSON.stringify(found)}::jsonb, ${last.upto}::timestamptz, ${last.evidence}) as made`,
    );
    const [done] = await send(ctx, [
      propose,
      ...(runs.length > 0 ? [raw(ctx, runsFrom(runs, { operation: "world.extract", version }))] : []),
    ]);
    return { read: unread.rows.length, proposed: done.rows[0]?.made ?? 0 };
  },
);
