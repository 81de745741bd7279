/** The mirror of whoever is erased leaves as a whole; tombstones keep it away. */
import { sql } from "drizzle-orm";
import { blank, doomed, type Erasure } from "../kernel/erasure.ts";

const ofTalk = sql`r.conversation_global_id in ${doomed("conversation")}`;

export const erased: Erasure = {
  subjects: {
    message: (id) =>
      sql`select shared.erase_ids('source', array(select m.id from inbox.cw_messages m where m.project_id = shared.scope() and m.id = ${id}))`,
  },
  first: [sql`select inbox.begin_erasure()`],
  parts: [
    {
      table: "inbox.deliveries",
      how: "redact",
      whose: sql`r.raw is not null and (shared.names_him(r.raw::text) or shared.says_name(r.raw::text) or inbox.raw_speaks_of(r.raw))`,
      blank: { raw: blank.none },
      keeps: "source_id delivery_id content_key body_hash event",
    },
    {
      table: "inbox.cw_messages",
      how: "delete",
      stone: "inbox.cw_messages",
      whose: sql`${ofTalk} or r.contact_global_id in ${doomed("cw_contact")} or r.id in ${doomed("source")}`,
    },
    { table: "inbox.own_writes", how: "delete", whose: ofTalk },
    {
      table: "inbox.own_writes",
      how: "redact",
      whose: sql`shared.names_him(r.wanted::text)`,
      blank: { wanted: blank.json },
    },
    { table: "inbox.flip_breakers", how: "delete", key: ["conversation_global_id"], whose: ofTalk },
    {
      table: "inbox.cw_conversations",
      how: "delete",
      stone: "inbox.cw_conversations",
      whose: sql`r.id in ${doomed("conversation")}`,
    },
    {
      table: "inbox.cw_contacts",
      how: "delete",
      stone: "inbox.cw_contacts",
      whose: sql`r.id in ${doomed("cw_contact")}`,
    },
    { table: "inbox.sync_runs", how: "exempt", why: "Numbers and codes; a check refuses words" },
    { table: "inbox.sync_seen", how: "exempt", why: "Numbers, until the run ends" },
    { table: "inbox.sync_watermarks", how: "exempt", why: "Times and numbers of the newest message" },
  ],
};
