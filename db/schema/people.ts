/** Tables of the schema people. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { boolean, pgSchema, text } from "drizzle-orm/pg-core";
import { created, id, moment, stamps, tenant } from "../columns.ts";

export const people = pgSchema("people");

/** A person: behind a Chatwoot contact, a client, a customer and a phone number. */
export const contacts = people.table("contacts", {
  ...tenant(),
  id: id(),
  name: text(),
  preferredChannel: text(),
  language: text(),
  timezone: text(),
  mergedInto: text(),
  erasedAt: moment(),
  ...stamps(),
});

/** One way to reach a person: a phone number, an e-mail address, a chat account. */
export const contactPoints = people.table("contact_points", {
  ...tenant(),
  id: id(),
  contactId: text().notNull(),
  kind: text().notNull(),
  value: text().notNull(),
  valueNorm: text().notNull(),
  ...stamps(),
});

/** Two records were declared one person, and perhaps taken apart again. */
export const merges = people.table("merges", {
  ...tenant(),
  id: id(),
  fromContactId: text().notNull(),
  intoContactId: text().notNull(),
  actor: text().notNull(),
  undoneAt: moment(),
  ...created(),
});

/** A consent given or withdrawn, with the proof; the newest per channel and scope counts. */
export const consents = people.table("consents", {
  ...tenant(),
  id: id(),
  contactId: text().notNull(),
  channel: text().notNull(),
  scope: text().notNull(),
  granted: boolean().notNull(),
  shownText: text(),
  proofRef: text(),
  source: text(),
  occurredAt: moment().notNull(),
  ...created(),
});
