/** Tables of the schema field. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { boolean, integer, jsonb, pgSchema, text } from "drizzle-orm/pg-core";
import { id, moment, stamps, tenant } from "../columns.ts";

export const field = pgSchema("field");

/** A message exchanged with a customer without a help desk in between. */
export const messages = field.table("messages", {
  ...tenant(),
  id: id(),
  jobId: text(),
  techId: text(),
  clientId: text(),
  contactId: text(),
  direction: text().notNull(),
  channel: text().notNull(),
  sourceId: text().notNull(),
  provider: text().notNull(),
  providerMessageId: text().notNull(),
  address: text().notNull(),
  subject: text(),
  body: text().notNull(),
  cutAt: integer(),
  attachments: jsonb().notNull(),
  mailId: text(),
  mailRefs: text().array().notNull(),
  threadId: text().notNull(),
  seq: integer().notNull(),
  answers: text(),
  automatic: boolean().notNull(),
  meta: jsonb().notNull(),
  ts: moment().notNull(),
  editedAt: moment(),
  erasedAt: moment(),
  receivedAt: moment().notNull(),
  ...stamps(),
});

/** A webhook of a customers' channel that was accepted: what makes a repeat harmless. */
export const deliveries = field.table("deliveries", {
  ...tenant(),
  id: id(),
  sourceId: text().notNull(),
  deliveryId: text().notNull(),
  bodyHash: text().notNull(),
  event: text().notNull(),
  outcome: text().notNull(),
  raw: jsonb(),
  expiresAt: moment(),
  receivedAt: moment().notNull(),
});
