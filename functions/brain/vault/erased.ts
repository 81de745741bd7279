/** Documents of a subject leave with their listing; what they were made into goes with all passages and evidence. */
import { sql } from "drizzle-orm";
import { blank, doomed, type Erasure, names } from "../kernel/erasure.ts";

export const erased: Erasure = {
  subjects: {
    document: (id) =>
      sql`select shared.erase_ids('source', array(select d.id from vault.documents d where d.project_id = shared.scope() and d.id = ${id}))`,
  },
  first: [sql`select vault.begin_erasure()`],
  parts: [
    {
      table: "vault.entries",
      how: "delete",
      key: ["source_id", "path"],
      whose: sql`${names("path", "title", "url")} or exists (select from vault.documents d where d.project_id = r.project_id
        and d.source_id = r.source_id and d.path = r.path and d.id in ${doomed("source")})`,
    },
    {
      table: "vault.documents",
      how: "delete",
      stone: "vault.documents",
      whose: sql`r.id in ${doomed("source")}`,
    },
    {
      table: "vault.deliveries",
      how: "redact",
      whose: sql`r.raw is not null and (shared.names_him(r.raw::text) or shared.says_name(r.raw::text) or r.id in ${doomed("delivery")})`,
      blank: { raw: blank.none },
      keeps: "delivery_id event body_hash",
    },
    ...["sources", "sync_status"].map((table) => ({
      table: `vault.${table}`,
      how: "exempt" as const,
      why: "Of the places that documents come from",
    })),
  ],
  mentions: {
    "vault.documents": sql`shared.says_name(concat_ws(' ', r.path, r.content))`,
  },
};
