/** Tables of the schema people. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { boolean, pgSchema, text, uuid } from "drizzle-orm/pg-core";
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
  origin: text().notNull(),
  notes: text(),
  erasedAt: moment(),
  forUserId: uuid(),
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
  proof: text().notNull(),
  judgedAt: moment(),
  ...stamps(),
});

/** Two records were declared one person, and perhaps taken apart again. */
export const merges = people.table("merges", {
  ...tenant(),
  id: id(),
  fromContactId: text().notNull(),
  intoContactId: text().notNull(),
  actor: text().notNull(),
  reason: text().notNull(),
  note: text(),
  evidenceRefs: text().array().notNull(),
  points: text().array().notNull(),
  undoneAt: moment(),
  undoneBy: text(),
  undoneNote: text(),
  ...stamps(),
});

/** Two records that may be one person, until a colleague decides. */
export const mergeProposals = people.table("merge_proposals", {
  ...tenant(),
  id: id(),
  contactId: text().notNull(),
  otherContactId: text().notNull(),
  kind: text().notNull(),
  why: text().notNull(),
  state: text().notNull(),
  mergeId: text(),
  decidedBy: text(),
  decidedAt: moment(),
  ...stamps(),
});

/** A consent given or withdrawn, with the proof; the newest per channel and scope counts. */
export const consents = people.table("consents", {
  ...tenant(),
  id: id(),
  contactId: text().notNull(),
  channel: text(),
  scope: text().notNull(),
  granted: boolean().notNull(),
  shownText: text(),
  proofRef: text(),
  source: text(),
  occurredAt: moment().notNull(),
  ...created(),
});
