/** Passages as operators see them: the words, who may know them, and whether their meaning is remembered yet. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";

const states = ["ready", "pending", "processing", "failed"] as const;
const visibilityNames = ["public", "contact", "internal"] as const;

export const Passage = () =>
  z.object({
    id: z.string(),
    source: z.object({ table: z.string(), pk: z.string() }),
    index: z.number().int().describe("Its place among the passages of its source"),
    conversation: z.string().nullable(),
    contact: z.string().nullable(),
    visibility: z.enum(visibilityNames),
    text: z.string(),
    status: z.enum(states),
    attempts: z.number().int(),
    error: z.string().nullable(),
    model: z.string().nullable(),
    evidence: z.object({ id: z.string(), version: z.number().int() }).nullable(),
    occurred_at: z.string(),
    embedded_at: z.string().nullable(),
  });

export type PassageRow = {
  id: string;
  source_table: string;
  source_pk: string;
  chunk_index: number;
  conversation: string | null;
  contact: string | null;
  visibility: number;
  text: string;
  status: (typeof states)[number];
  attempts: number;
  error: string | null;
  model: string | null;
  evidence_id: string | null;
  evidence_version: number | null;
  occurred_at: string;
  embedded_at: string | null;
};

/** Of the relation `passageFrom`, whose chunk is `k` and whose state is `r`. */
export const passageColumns = sql`k.id, k.source_table, k.source_pk, k.chunk_index, k.conversation_global_id as conversation,
  k.contact_id as contact, k.visibility, k.text, r.embedding_status as status, r.embedding_attempts as attempts,
  r.embedding_error as error, r.embedding_model as model, e.id as evidence_id, e.version as evidence_version,
  k.occurred_at, r.last_embedded_at as embedded_at`;

export const passageFrom = sql`memory.chunks k
  join memory.rag_chunks r on r.project_id = k.project_id and r.id = k.id
  left join shared.evidence_items e
    on e.project_id = k.project_id and e.source_table = k.source_table and e.source_pk = k.source_pk`;

export const passageView = (row: PassageRow): z.output<ReturnType<typeof Passage>> => ({
  id: row.id,
  source: { table: row.source_table, pk: row.source_pk },
  index: row.chunk_index,
  conversation: row.conversation,
  contact: row.contact,
  visibility: visibilityNames[row.visibility] ?? "internal",
  text: row.text,
  status: row.status,
  attempts: row.attempts,
  error: row.error,
  model: row.model,
  evidence: row.evidence_id === null ? null : { id: row.evidence_id, version: row.evidence_version ?? 1 },
  occurred_at: instant(row.occurred_at),
  embedded_at: instant(row.embedded_at),
});

export const listFailedPassages = reading(
  {
    name: "memory.passages.failed",
    summary: "Passages that could not be embedded, with the reason, the latest failure first",
    needs: "memory:read",
    input: () => z.object(paging()),
    output: () => page(Passage().extend({ failed_at: z.string() })),
  },
  {
    part: (ctx, { limit, after }) =>
      raw(
        ctx,
        sql`select ${passageColumns}, q.failed_at from memory.pending q
            join memory.chunks k on k.project_id = q.project_id and k.id = q.chunk_id
            join memory.rag_chunks r on r.project_id = k.project_id and r.id = k.id
            left join shared.evidence_items e
              on e.project_id = k.project_id and e.source_table = k.source_table and e.source_pk = k.source_pk
          where q.failed_at is not null
            and ${after ? sql`(q.failed_at, k.id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql`true`}
          order by q.failed_at desc, k.id desc limit ${limit + 1}`,
      ),
    view: (found, asked) =>
      paged((found as { rows: (PassageRow & { failed_at: string })[] }).rows, asked, {
        view: (row) => ({ ...passageView(row), failed_at: instant(row.failed_at) }),
        position: (row) => ({ at: row.failed_at, id: row.id }),
      }),
  },
);
