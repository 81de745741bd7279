/** An erased person's offers keep their sums and lose their words and whom they were for. */
import { sql } from "drizzle-orm";
import { blank, doomed, type Erasure, names } from "../kernel/erasure.ts";

const his = sql`r.offer_id in ${doomed("offer")}`;

export const erased: Erasure = {
  first: [sql`select crm.begin_erasure()`],
  parts: [
    {
      table: "crm.account_contacts",
      how: "delete",
      key: ["account_id", "contact_id"],
      whose: sql`r.contact_id in ${doomed("person")} or ${names("role")}`,
    },
    {
      table: "crm.offer_items",
      how: "redact",
      whose: sql`${his} or ${names("description")}`,
      blank: { description: blank.word },
      keeps: "fact_id stale_reason",
    },
    {
      table: "crm.offers",
      how: "redact",
      stone: "offer",
      whose: sql`r.id in ${doomed("offer")}`,
      blank: { title: blank.word, note: blank.none, review_note: blank.none, contact_id: blank.none },
      keeps: "currency review_reason",
    },
    {
      table: "crm.offers",
      how: "redact",
      whose: names("title", "note", "review_note"),
      blank: { title: blank.word, note: blank.none, review_note: blank.none },
    },
    {
      table: "crm.accounts",
      how: "redact",
      whose: names("name", "registration", "note"),
      blank: { name: blank.word, registration: blank.none, note: blank.none },
    },
    { table: "crm.offer_approvals", how: "exempt", why: "Ids and codes" },
  ],
  mentions: { "crm.accounts": sql`shared.says_name(concat_ws(' ', r.name, r.note))` },
};
