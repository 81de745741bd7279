/** A person's records: emptied last, because his addresses say what else is his. */
import { sql } from "drizzle-orm";
import { blank, doomed, type Erasure, names } from "../kernel/erasure.ts";

const stamped = { updated_at: sql`shared.clock()`, version: sql`r.version + 1` };

export const erased: Erasure = {
  subjects: {
    person: (id) => sql`select shared.erase_ids('person', people.same_person(array[${id}]))`,
  },
  first: [sql`select people.begin_erasure()`],
  parts: [
    {
      table: "people.merges",
      how: "redact",
      whose: sql`r.from_contact_id in ${doomed("person")} or r.into_contact_id in ${doomed("person")} or ${names("note", "undone_note")}`,
      blank: { note: blank.none, undone_note: blank.none, points: blank.list },
      also: stamped,
      keeps: "actor evidence_refs undone_by",
    },
    { table: "people.merge_proposals", how: "exempt", why: "Ids and codes" },
    {
      table: "people.consents",
      how: "redact",
      whose: sql`r.contact_id in ${doomed("person")}`,
      blank: { shown_text: blank.none, proof_ref: blank.none, source: blank.none },
    },
    {
      table: "people.contacts",
      how: "redact",
      whose: names("notes"),
      blank: { notes: blank.none },
      also: stamped,
    },
    {
      table: "people.contacts",
      how: "redact",
      stone: "people.contacts",
      whose: sql`r.id in ${doomed("person")}`,
      blank: {
        name: blank.none,
        notes: blank.none,
        preferred_channel: blank.none,
        language: blank.none,
        timezone: blank.none,
      },
      todo: sql`not exists (select from shared.tombstones t where t.project_id = r.project_id and t.object_type = 'people.contacts' and t.object_id = r.id)`,
      also: stamped,
    },
    { table: "people.contact_points", how: "delete", whose: sql`r.contact_id in ${doomed("person")}` },
  ],
};
