/** Documents are changed where they are written: here they are counted, for people to look at. */
import { sql } from "drizzle-orm";
import type { Erasure } from "../kernel/erasure.ts";

export const erased: Erasure = {
  parts: [
    ...["documents", "entries"].map((table) => ({
      table: `vault.${table}`,
      how: "exempt" as const,
      why: "The house's documents, changed where they are written; those that name him are counted",
    })),
    ...["sources", "sync_status", "deliveries"].map((table) => ({
      table: `vault.${table}`,
      how: "exempt" as const,
      why: "Of the places that documents come from",
    })),
  ],
  mentions: {
    "vault.documents": sql`shared.names_him(concat_ws(' ', r.path, r.content)) or shared.says_name(concat_ws(' ', r.path, r.content))`,
  },
};
