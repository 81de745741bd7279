/** Asking: recall for a reader, answer from what was recalled, and keep the answer with the words it rests on. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit, replayCheck } from "../kernel/commit.ts";
import type { Ctx, Who } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { type Run, runsFrom } from "../kernel/model-call.ts";
import { verb } from "../kernel/verb.ts";
import { answer } from "./answer.ts";
import { type Audience, allowedAudience, audienceSchema } from "./audience.ts";
import { type Citation, type Cited, cited, type Sentence, shownCitation } from "./citations.ts";
import { type Asking, citing } from "./facts.ts";
import { meant, questionText } from "./question.ts";
import { type Evidence, evidenceFor } from "./recall.ts";
import { promptVersion, worded } from "./worded.ts";

/** An instant of a year that people write with four digits. */
const moment = () => z.iso.datetime({ offset: true, abort: true }).regex(/^[1-9]/, "a year from 1000 on");

/** Passages an answer is looked for in. */
const k = 40;

const Asked = () =>
  z.object({
    id: z.string(),
    status: z.enum(["answered", "insufficient_evidence"]),
    sentences: z.array(z.object({ text: z.string(), citations: z.array(z.string()) })),
    citations: z.array(
      z.object({
        id: z.string(),
        version: z.int().describe("Of the evidence when it was quoted"),
        source: z.object({ table: z.string(), pk: z.string() }),
        quote: z.string(),
        occurred_at: z.string(),
      }),
    ),
  });

type Stored = Pick<z.output<ReturnType<typeof Asked>>, "id" | "status" | "sentences"> & { citations: Citation[] };
type Kept = Asking & {
  id: string;
  question: string;
  audience: Audience;
  answerer: string;
  cited: Cited;
  run: Run | undefined;
};

/** Refuses to keep an answer whose evidence was edited or withdrawn while it was being found. */
function insertion({ id, question, audience, answerer, cited: { sentences, citations } }: Kept): SQL {
  const rows = JSON.stringify(citations);
  return sql`insert into memory.answers (project_id, id, actor, request_id, question, audience, status, sentences, answerer)
    select shared.scope(), ${id}, current_setting('app.actor'), current_setting('app.request_id'), ${question},
      ${JSON.stringify(audience)}::jsonb, ${sentences.length > 0 ? "answered" : "insufficient_evidence"}, ${JSON.stringify(sentences)}::jsonb, ${answerer}
    where not exists (
      select from jsonb_to_recordset(${rows}::jsonb) c (evidence_id text, evidence_version int)
      where not exists (select from shared.evidence_items e where e.project_id = shared.scope()
        and e.id = c.evidence_id and e.version = c.evidence_version and e.withdrawn_at is null))
    returning id, status, sentences, ${rows}::jsonb as citations`;
}

const citationsFrom = ({ citations }: Cited): SQL =>
  sql`insert into memory.answer_citations
      (project_id, answer_id, position, evidence_id, evidence_version, source_table, source_pk, chunk_id, quote, occurred_at)
    select shared.scope(), change.id, c.position, c.evidence_id, c.evidence_version, c.source_table, c.source_pk, c.chunk_id, c.quote, c.occurred_at
    from change, rows from (jsonb_to_recordset(${JSON.stringify(citations)}::jsonb) as (evidence_id text, evidence_version int,
      source_table text, source_pk text, chunk_id uuid, quote text, occurred_at timestamptz)) with ordinality
      c (evidence_id, evidence_version, source_table, source_pk, chunk_id, quote, occurred_at, position)`;

const runFrom = (run: Run): SQL => runsFrom([run], { operation: "memory.ask", version: promptVersion });

const keep = (ctx: Ctx, kept: Kept) => {
  const facts = citing(kept.cited.citations, kept);
  return commit(ctx, {
    ...(facts ? { before: [raw(ctx, facts)] } : {}),
    change: insertion(kept),
    also: [citationsFrom(kept.cited), ...(kept.run ? [runFrom(kept.run)] : [])],
    event: {
      kind: "memory.answered",
      ref: ["answer", kept.id],
      payload: {
        status: kept.cited.sentences.length > 0 ? "answered" : "insufficient_evidence",
        audience: kept.audience.kind,
        citations: kept.cited.citations.length,
        answerer: kept.answerer,
      },
    },
    lost: async () => {
      // The model was asked and is to be paid, whatever became of its answer.
      if (kept.run) await send(ctx, [raw(ctx, runFrom(kept.run))]);
      return new Fault("conflict", "evidence_changed", {
        detail: "A message under the answer was edited or deleted meanwhile. Ask again.",
        retryAfter: 1,
      });
    },
  });
};

/** The model's wording where there is a model and its evidence bears it out, else the extract. */
async function answered(
  ctx: Ctx,
  question: string,
  evidence: Evidence,
): Promise<{ sentences: Sentence[]; answerer: string; run?: Run }> {
  const model = ctx.ports.language;
  const extract = { sentences: answer(question, evidence), answerer: "extractive" };
  if (!model || evidence.passages.length + evidence.facts.length === 0) return extract;
  const { sentences, run } = await worded(ctx, { model, question, evidence });
  return sentences.length > 0 ? { sentences, answerer: "worded", run } : { ...extract, run };
}

export const ask = verb(
  {
    name: "memory.ask",
    summary: "Answer a question from evidence that its reader may know, every sentence cited",
    needs: "memory:ask",
    effect: "external",
    // Credentials before the question is embedded, recall before it is answered, then the answer is kept.
    steps: 3,
    idempotency: "optional",
    faults: ["contact_unknown", "technician_unknown", "permission_missing", "evidence_changed"],
    input: () =>
      z.object({
        question: questionText(),
        audience: audienceSchema().optional(),
        conversation: z.string().min(1).max(200).optional(),
        contact: z.string().min(1).max(200).optional(),
        as_of: moment().optional().describe("What held then; now unless said"),
        known_at: moment().optional().describe("As we knew it then; now unless said"),
      }),
    output: Asked,
    example: () => ({ question: "When is the boiler serviced?", audience: { kind: "staff" as const } }),
  },
  async (ctx, { question: text, audience: wanted, conversation, contact, as_of: asOf, known_at: knownAt }) => {
    await send(ctx, replayCheck(ctx));
    const audience = allowedAudience(ctx.who as Who, wanted);
    const question = await meant(ctx, text);
    // Nobody had said by then what was said later.
    const until = [asOf, knownAt].filter((at) => at !== undefined).sort((a, b) => Date.parse(a) - Date.parse(b))[0];
    const times = { asOf, knownAt };
    const [found] = await send(ctx, [
      evidenceFor(ctx, { question, audience, narrowing: { conversation, contact, until }, k, ...times }),
    ]);
    const evidence = found.rows[0] ?? { passages: [], around: [], words: [], facts: [] };
    const { sentences, answerer, run } = await answered(ctx, text, evidence);
    const id = ctx.ids.next("answer");
    return (await keep(ctx, {
      ...times,
      id,
      question: text,
      audience,
      answerer,
      cited: cited(sentences),
      run,
    })) as Stored;
  },
  ({ id, status, sentences, citations }) => ({ id, status, sentences, citations: citations.map(shownCitation) }),
);
