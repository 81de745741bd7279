/** Answers that were given: the recent ones, or one with the words it rests on. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { type Audience, audienceSchema } from "./audience.ts";

export const Answer = () =>
  z.object({
    id: z.string(),
    question: z.string(),
    audience: audienceSchema(),
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
    answerer: z.string(),
    stale_at: z.string().nullable().describe("Since when its evidence has been edited or is gone"),
    stale_reason: z.string().nullable(),
    created_at: z.string(),
  });

type Citation = { id: string; version: number; table: string; pk: string; quote: string; occurred_at: string };
type Row = {
  id: string;
  question: string;
  audience: Audience;
  status: "answered" | "insufficient_evidence";
  sentences: { text: string; citations: string[] }[];
  citations: Citation[] | null;
  answerer: string;
  stale_at: string | null;
  stale_reason: string | null;
  created_at: string;
};

const columns = sql`a.id, a.question, a.audience, a.status, a.sentences, a.answerer, a.stale_at, a.stale_reason, a.created_at,
  (select jsonb_agg(jsonb_build_object('id', q.evidence_id, 'version', q.evidence_version, 'table', q.source_table, 'pk', q.source_pk, 'quote', q.quote,
      'occurred_at', q.occurred_at) order by q.position)
    from memory.answer_citations q where q.project_id = a.project_id and q.answer_id = a.id) as citations`;

const view = (row: Row): z.output<ReturnType<typeof Answer>> => ({
  id: row.id,
  question: row.question,
  audience: row.audience,
  status: row.status,
  sentences: row.sentences,
  citations: (row.citations ?? []).map(({ id, version, table, pk, quote, occurred_at }) => ({
    id,
    version,
    source: { table, pk },
    quote,
    occurred_at: instant(occurred_at),
  })),
  answerer: row.answerer,
  stale_at: instant(row.stale_at),
  stale_reason: row.stale_reason,
  created_at: instant(row.created_at),
});

export const listAnswers = reading(
  {
    name: "memory.answers.list",
    summary: "Answers that were given, newest first",
    needs: "memory:read",
    input: () => z.object(paging()),
    output: () => page(Answer()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<Row>(
        ctx,
        sql`select ${columns} from memory.answers a
          where ${after ? sql`(a.created_at, a.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by a.created_at desc, a.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, { view, position: (row) => ({ at: row.created_at, id: row.id }) }),
  },
);

export const getAnswer = reading(
  {
    name: "memory.answers.get",
    summary: "One answer with the words it rests on",
    needs: "memory:read",
    faults: ["answer_unknown"],
    input: () => z.object({ id: z.string().min(1).max(64) }),
    output: Answer,
  },
  {
    part: (ctx, { id }) => raw<Row>(ctx, sql`select ${columns} from memory.answers a where a.id = ${id}`),
    view: (found) => {
      const row = (found as { rows: Row[] }).rows[0];
      if (!row) throw new Fault("not_found", "answer_unknown");
      return view(row);
    },
  },
);
