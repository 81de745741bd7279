/** The job that reads what people said for facts, and lays what it finds before somebody who decides. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../../kernel/batch.ts";
import type { Ctx } from "../../kernel/ctx.ts";
import type { Schedule } from "../../kernel/schedule.ts";
import { verb } from "../../kernel/verb.ts";
import type { Run } from "./model.ts";

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

const runsFrom = (runs: Run[]) =>
  sql`insert into shared.prompt_runs (project_id, id, request_id, operation, provider, model, prompt_version, context_hash, input_tokens,
      output_tokens, latency_ms, status, error_code)
    select shared.scope(), r.id, current_setting('app.request_id'), 'world.extract', r.provider, r.model, r.prompt_version, r.context_hash, r.input_tokens,
      r.output_tokens, r.latency_ms, r.status, r.error_code
    from jsonb_to_recordset(${JSON.stringify(runs)}::jsonb) r (id text, provider text, model text, prompt_version text, context_hash text,
      input_tokens int, output_tokens int, latency_ms int, status text, error_code text)`;

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
  return { found, runs };
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
    const { found, runs } = await read(ctx, unread.rows);
    const propose = raw<{ made: number }>(
      ctx,
      sql`select world.propose(${JSON.stringify(found)}::jsonb, ${last.upto}::timestamptz, ${last.evidence}) as made`,
    );
    const [done] = await send(ctx, [propose, ...(runs.length > 0 ? [raw(ctx, runsFrom(runs))] : [])]);
    return { read: unread.rows.length, proposed: done.rows[0]?.made ?? 0 };
  },
);
