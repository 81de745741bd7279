/** What of the spine is somebody's, and why its trails stay whole. */
import { sql } from "drizzle-orm";
import { blank, doomed, type Erasure, names } from "../kernel/erasure.ts";

const wordless = "Ids, codes, numbers and keyed hashes; a check refuses words";

export const erased: Erasure = {
  parts: [
    {
      table: "shared.idempotency_keys",
      how: "delete",
      whose: sql`r.route not like '%erasures%' and shared.speaks_of(r.idempotency_key || ' ' || coalesce(r.response_body::text, ''))`,
    },
    {
      table: "shared.evidence_items",
      how: "redact",
      whose: sql`r.contact_id in ${doomed("person")} or r.source_pk in ${doomed("source")}`,
      blank: { content_hash: blank.text, search_text: blank.none },
      also: {
        withdrawn_at: sql`coalesce(r.withdrawn_at, shared.clock())`,
        updated_at: sql`shared.clock()`,
        version: sql`r.version + 1`,
      },
      keeps: "source_table source_pk contact_id",
    },
    {
      table: "shared.dead_letters",
      how: "redact",
      whose: names("note"),
      blank: { note: blank.none },
      keeps: "job work_id reason message_id message_ids dlq_id request_id trace payload",
    },
    { table: "shared.exports", how: "delete", whose: sql`r.contact_id in ${doomed("person")}` },
    { table: "shared.imports", how: "exempt", why: "Counts by table" },
    { table: "shared.import_links", how: "exempt", why: "Ids, until the import is over" },
    { table: "shared.events", how: "exempt", why: wordless },
    { table: "shared.audit_events", how: "exempt", why: wordless },
    { table: "shared.audit_seals", how: "exempt", why: "Hashes over wordless rows" },
    { table: "shared.audit_anchors", how: "exempt", why: "Hashes over wordless rows" },
    { table: "shared.outbox", how: "exempt", why: wordless },
    { table: "shared.job_runs", how: "exempt", why: wordless },
    { table: "shared.worker_runs", how: "exempt", why: "Ids and codes" },
    {
      table: "shared.scheduled_jobs",
      how: "exempt",
      why: "The house's own plan; a check refuses words in what it hands on",
    },
    { table: "shared.retention_policies", how: "exempt", why: "Names of kinds" },
    { table: "shared.tombstones", how: "exempt", why: "Ids of what may not come back" },
    { table: "shared.erasures", how: "exempt", why: "Ids, counts and keyed hashes: the proof" },
    { table: "shared.erasure_ids", how: "exempt", why: "Ids, for as long as the run takes" },
    { table: "shared.erasure_steps", how: "exempt", why: "Keyed hashes of ids: the proof" },
    { table: "shared.stray_letters", how: "exempt", why: "Of no project; ids and codes" },
    { table: "shared.users", how: "exempt", why: "People on staff" },
    { table: "shared.schema_functions", how: "exempt", why: "The migration runner's own" },
    { table: "shared.schema_migrations", how: "exempt", why: "The migration runner's own" },
  ],
};
