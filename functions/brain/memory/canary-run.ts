/** Asking canary questions: each as its reader, judged, and kept. It reads what everybody reads and writes its own rows only. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit, replayCheck } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { verb } from "../kernel/verb.ts";
import { audienceSchema } from "./audience.ts";
import { canaryColumns } from "./canaries.ts";
import { type CanaryRow, judge, type Verdict } from "./canary.ts";
import { meant, type Question } from "./question.ts";
import { type Evidence, evidenceFor } from "./recall.ts";

export const canaryRule = {
  /** Questions of one run, those that waited longest first. */
  most: 10,
  /** Passages an answer is looked for in, as when somebody asks. */
  k: 40,
} as const;

type Asked = { canary: CanaryRow; question: Question };
const nothing: Evidence = { passages: [], around: [], words: [], facts: [] };
const unanswerable: Verdict = {
  failures: ["reader_unknown"],
  status: "insufficient_evidence",
  sentences: [],
  cited: [],
};

const statement = (ctx: Ctx, { canary, question }: Asked) =>
  evidenceFor(ctx, { question, audience: canary.audience, narrowing: {}, k: canaryRule.k });

const isReader = ({ canary }: Asked): boolean => audienceSchema().safeParse(canary.audience).success;

/** Null for one whose reader is nobody any more; the others are not to suffer for it. */
async function evidenceOf(ctx: Ctx, asked: Asked[]): Promise<(Evidence | null)[]> {
  try {
    const answers = await send(
      ctx,
      asked.map((one) => statement(ctx, one)),
    );
    return (answers as { rows: Evidence[] }[]).map(({ rows }) => rows[0] ?? nothing);
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !/^(contact|technician)_unknown$/.test(thrown.code)) throw thrown;
    if (asked.length === 1) return [null];
    const found: (Evidence | null)[] = [];
    for (const one of asked) found.push(...(await evidenceOf(ctx, [one])));
    return found;
  }
}

const Ran = () => z.object({ ran: z.int(), passed: z.int(), regressed: z.int() });

export const runCanaries = verb(
  {
    name: "memory.canaries.run",
    summary: "Ask canary questions now, the ones asked longest ago first, or one of them; ten at most",
    needs: "memory:write",
    doors: ["rest", "mcp", "job"],
    effect: "external",
    // The questions, recall once they are embedded, then what became of them.
    steps: 3,
    idempotency: "optional",
    input: () => z.object({ canary: z.string().min(1).max(64).optional().describe("Only this one, enabled or not") }),
    output: Ran,
    faults: ["canary_unknown"],
    did: ({ ran }) => ran,
    counts: ({ passed, regressed }) => ({ passed, regressed }),
    example: () => ({}),
  },
  async (ctx, { canary }) => {
    const which = canary === undefined ? sql`c.enabled` : sql`c.id = ${canary}`;
    const answers = await send(ctx, [
      ...replayCheck(ctx),
      raw<CanaryRow>(
        ctx,
        sql`select ${canaryColumns} from memory.canaries c where c.project_id = shared.scope() and ${which}
          order by c.last_run_at nulls first, c.id limit ${canaryRule.most}`,
      ),
    ]);
    const { rows } = answers.at(-1) as { rows: CanaryRow[] };
    if (canary !== undefined && rows.length === 0) throw new Fault("not_found", "canary_unknown");
    const asked: Asked[] = [];
    for (const row of rows) asked.push({ canary: row, question: await meant(ctx, row.question) });
    const known = asked.filter(isReader);
    const found = await evidenceOf(ctx, known);
    const evidence = new Map(known.map((one, i) => [one, found[i] ?? null]));
    const told = asked.map((one) => {
      const { canary, question } = one;
      const given = evidence.get(one);
      const { failures, ...verdict } = given ? judge(canary, given) : unanswerable;
      const ids = { id: canary.id, run: ctx.ids.next("canaryRun"), ledger: ctx.ids.next("event") };
      return { ...ids, passed: failures.length === 0, failures, ...verdict, degraded: !question.vector };
    });
    const row = await commit(ctx, {
      change: sql`select d.done from (select memory.note_canaries(${JSON.stringify(told)}::jsonb) as done) d`,
    });
    return row["done"] as z.output<ReturnType<typeof Ran>>;
  },
);
