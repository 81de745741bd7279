/** Tables of the schema vault. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { boolean, integer, jsonb, pgSchema, smallint, text, uuid } from "drizzle-orm/pg-core";
import { created, id, moment, stamps, tenant } from "../columns.ts";

export const vault = pgSchema("vault");

/** A repository, workspace or folder whose documents the project reads. */
export const sources = vault.table("sources", {
  ...tenant(),
  id: id(),
  source: text().notNull(),
  repository: text().notNull(),
  branch: text(),
  folder: text(),
  visibility: smallint().notNull(),
  ...stamps(),
});

/** How far the copy of a source is, and the run that is under way. */
export const syncStatus = vault.table("sync_status", {
  ...tenant(),
  id: id(),
  source: text().notNull(),
  repository: text().notNull(),
  lastSyncAt: moment(),
  status: text().notNull(),
  errorMessage: text(),
  documentCount: integer().notNull(),
  phase: text(),
  run: uuid(),
  token: uuid(),
  leaseUntil: moment(),
  notBefore: moment(),
  failures: integer().notNull(),
  again: boolean().notNull(),
  cursor: jsonb(),
  checkpoint: jsonb(),
  nextCheckpoint: jsonb(),
  changed: integer().notNull(),
  removed: integer().notNull(),
  startedAt: moment(),
  updatedAt: moment().notNull(),
  ...created(),
});

/** A document as the last listing named it. */
export const entries = vault.table("entries", {
  ...tenant(),
  sourceId: text().notNull(),
  path: text().notNull(),
  ref: text().notNull(),
  sha: text().notNull(),
  title: text(),
  url: text(),
  occurredAt: moment(),
  run: uuid().notNull(),
  skipped: text(),
});

/** A document as it is at its source. */
export const documents = vault.table("documents", {
  ...tenant(),
  id: id(),
  sourceId: text().notNull(),
  source: text().notNull(),
  repository: text().notNull(),
  path: text().notNull(),
  content: text().notNull(),
  sha: text(),
  metadata: jsonb().notNull(),
  ...stamps(),
});

/** A verified webhook of a source of documents. */
export const deliveries = vault.table("deliveries", {
  ...tenant(),
  id: id(),
  sourceId: text().notNull(),
  deliveryId: text().notNull(),
  event: text().notNull(),
  bodyHash: text().notNull(),
  outcome: text().notNull(),
  raw: jsonb(),
  receivedAt: moment().notNull(),
  expiresAt: moment().notNull(),
});
