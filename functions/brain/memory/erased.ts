/** Passages, vectors and answers are copies of what somebody said; knowledge may quote it. */
import { sql } from "drizzle-orm";
import { blank, doomed, type Erasure, names } from "../kernel/erasure.ts";

const passage = sql`c.contact_id in ${doomed("person")} or c.conversation_global_id in ${doomed("conversation")} or c.source_pk in ${doomed("source")}`;
const ofPassage = sql`r.chunk_id in (select c.id from memory.chunks c where c.project_id = r.project_id and (${passage}))`;

/** Evidence about the subject, whatever became of it. */
const proof = sql`(select e.id from shared.evidence_items e where e.project_id = r.project_id
  and (e.contact_id in ${doomed("person")} or e.source_pk in ${doomed("source")}))`;

export const erased: Erasure = {
  subjects: {
    entry: (id) =>
      sql`select shared.erase_ids('source', array(select k.id from memory.kb_entries k where k.project_id = shared.scope() and k.id = ${id}))`,
  },
  first: [sql`select memory.begin_erasure()`],
  parts: [
    { table: "memory.vectors", how: "delete", key: ["chunk_id"], whose: ofPassage },
    { table: "memory.pending", how: "delete", key: ["chunk_id"], whose: ofPassage },
    {
      table: "memory.chunks",
      how: "delete",
      whose: sql`r.contact_id in ${doomed("person")} or r.conversation_global_id in ${doomed("conversation")} or r.source_pk in ${doomed("source")}`,
    },
    {
      table: "shared.prompt_runs",
      how: "redact",
      whose: sql`r.request_id in (select a.request_id from memory.answers a where a.project_id = r.project_id and a.id in ${doomed("answer")})
        or shared.names_him(r.answer::text)`,
      blank: { answer: blank.none },
      keeps: "request_id operation provider model prompt_version context_hash error_code",
    },
    {
      table: "memory.answer_citations",
      how: "redact",
      key: ["answer_id", "position"],
      whose: sql`r.evidence_id in ${proof} or r.answer_id in ${doomed("answer")}`,
      blank: { quote: blank.text },
      keeps: "source_table source_pk",
    },
    {
      table: "memory.answers",
      how: "redact",
      stone: "memory.answers",
      whose: sql`r.id in ${doomed("answer")}`,
      blank: { question: blank.text, sentences: blank.array },
      also: { stale_at: sql`coalesce(r.stale_at, shared.clock())`, stale_reason: sql`'evidence_erased'` },
      keeps: "actor request_id audience answerer",
    },
    {
      table: "memory.canary_runs",
      how: "redact",
      whose: sql`r.canary_id in ${doomed("canary")} or ${names("sentences", "cited", "failures")}`,
      blank: { failures: blank.list, sentences: blank.array, cited: blank.array },
    },
    {
      table: "memory.canaries",
      how: "redact",
      whose: sql`r.id in ${doomed("canary")}`,
      blank: { question: blank.word, words: blank.list, forbidden: blank.list },
      also: { enabled: sql`false`, updated_at: sql`shared.clock()`, version: sql`r.version + 1` },
      keeps: "audience source_table source_pk",
    },
    {
      table: "memory.kb_versions",
      how: "redact",
      key: ["entry_id", "version"],
      whose: sql`r.entry_id in ${doomed("source")}`,
      blank: { title: blank.word, body: blank.text, tags: blank.list, source_fingerprint: blank.text },
      keeps: "type written_by",
    },
    {
      table: "memory.kb_proposals",
      how: "delete",
      stone: "memory.kb_proposals",
      whose: sql`r.entry_id in ${doomed("source")}`,
    },
    {
      table: "memory.kb_entries",
      how: "redact",
      stone: "memory.kb_entries",
      whose: sql`r.id in ${doomed("source")}`,
      blank: {
        title: blank.word,
        body: blank.text,
        tags: blank.list,
        source_id: blank.none,
        source_url: blank.none,
        source_fingerprint: blank.text,
        returned_reason: blank.none,
        deprecated_reason: blank.none,
      },
      also: {
        status: sql`case r.status when 'draft' then 'draft' else 'deprecated' end`,
        deprecated_at: sql`case r.status when 'draft' then null else coalesce(r.deprecated_at, shared.clock()) end`,
        updated_at: sql`shared.clock()`,
      },
      keeps: "submitted_by published_by deprecated_by evidence_refs",
    },
    { table: "memory.kb_questions", how: "exempt", why: "Ids of entries and answers" },
    { table: "memory.kb_transitions", how: "exempt", why: "Part of the product" },
    { table: "memory.models", how: "exempt", why: "Names of models" },
  ],
  mentions: {
    "memory.chunks": sql`r.tsv @@ shared.name_query()`,
    "memory.kb_entries": sql`shared.says_name(concat_ws(' ', r.title, r.body))`,
  },
};
