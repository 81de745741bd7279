/** Who is erased is nobody here any more: what we promised him, and what may go wrong with him. */
import { sql } from "drizzle-orm";
import { doomed, type Erasure } from "../kernel/erasure.ts";

const his = sql`r.contact_id in ${doomed("person")} or r.evidence_id in (select e.id from shared.evidence_items e where e.project_id = r.project_id
  and (e.contact_id in ${doomed("person")} or e.source_pk in ${doomed("source")}))`;

export const erased: Erasure = {
  parts: [
    { table: "insight.risk_radar_items", how: "delete", whose: his },
    { table: "world.commitments", how: "delete", whose: his },
    { table: "insight.read_messages", how: "exempt", why: "Ids of messages, for some days" },
  ],
};
