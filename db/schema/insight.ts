/** Tables of the schema insight. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { integer, pgSchema, smallint, text } from "drizzle-orm/pg-core";
import { id, moment, stamps, tenant } from "../columns.ts";

export const insight = pgSchema("insight");

/** Messages that were read for promises. */
export const readMessages = insight.table("read_messages", {
  ...tenant(),
  messageTable: text().notNull(),
  messageId: text().notNull(),
  readAt: moment().notNull(),
  evidenceVersion: integer(),
});

/** What may go wrong with somebody, one row a matter. */
export const riskRadarItems = insight.table("risk_radar_items", {
  ...tenant(),
  id: id(),
  kind: text().notNull(),
  dedupeKey: text().notNull(),
  status: text().notNull(),
  severity: smallint().notNull(),
  refType: text().notNull(),
  refId: text().notNull(),
  contactId: text(),
  evidenceId: text(),
  evidenceVersion: integer(),
  messageId: text(),
  code: text(),
  opened: integer().notNull(),
  firstSeenAt: moment().notNull(),
  lastSeenAt: moment().notNull(),
  closedAt: moment(),
  ...stamps(),
});
