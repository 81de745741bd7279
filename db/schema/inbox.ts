/** Tables of the schema inbox. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { bigint, boolean, integer, jsonb, pgSchema, text, uuid } from "drizzle-orm/pg-core";
import { created, id, moment, tenant } from "../columns.ts";

export const inbox = pgSchema("inbox");

/** A contact as Chatwoot knows him. */
export const cwContacts = inbox.table("cw_contacts", {
  ...tenant(),
  id: id(),
  accountId: bigint({ mode: "bigint" }).notNull(),
  contactId: bigint({ mode: "bigint" }).notNull(),
  personId: text().notNull(),
  name: text(),
  email: text(),
  phoneNumber: text(),
  identifier: text(),
  customAttributes: jsonb().notNull(),
  data: jsonb().notNull(),
  heardAt: moment().notNull(),
  updatedAt: moment(),
  deletedAt: moment(),
  ...created(),
});

/** A conversation as Chatwoot knows it. */
export const cwConversations = inbox.table("cw_conversations", {
  ...tenant(),
  id: id(),
  accountId: bigint({ mode: "bigint" }).notNull(),
  conversationId: bigint({ mode: "bigint" }).notNull(),
  contactGlobalId: text(),
  inboxId: bigint({ mode: "bigint" }),
  channel: text(),
  status: text(),
  assigneeId: bigint({ mode: "bigint" }),
  turns: integer().notNull(),
  data: jsonb().notNull(),
  lastMessageAt: moment(),
  heardAt: moment().notNull(),
  updatedAt: moment(),
  deletedAt: moment(),
  ...created(),
});

/** A message as Chatwoot knows it. */
export const cwMessages = inbox.table("cw_messages", {
  ...tenant(),
  id: id(),
  accountId: bigint({ mode: "bigint" }).notNull(),
  messageId: bigint({ mode: "bigint" }).notNull(),
  conversationId: bigint({ mode: "bigint" }),
  conversationGlobalId: text().notNull(),
  contactGlobalId: text(),
  senderType: text(),
  senderId: bigint({ mode: "bigint" }),
  private: boolean().notNull(),
  messageType: text(),
  contentType: text(),
  content: text(),
  contentHash: text().notNull(),
  seq: integer().notNull(),
  attachments: jsonb().notNull(),
  data: jsonb().notNull(),
  heardAt: moment().notNull(),
  deletedAt: moment(),
  removedAt: moment(),
  needsRefetch: boolean().notNull(),
  createdAt: moment(),
  updatedAt: moment(),
});

/** How far the mirror of one source is known to be complete. */
export const syncWatermarks = inbox.table("sync_watermarks", {
  ...tenant(),
  source: text().notNull(),
  cursorTs: moment(),
  cursorId: text(),
  meta: jsonb().notNull(),
  updatedAt: moment().notNull(),
});

/** One reading of a source's API. */
export const syncRuns = inbox.table("sync_runs", {
  ...tenant(),
  id: id(),
  source: text().notNull(),
  kind: text().notNull(),
  state: text().notNull(),
  phase: text().notNull(),
  position: jsonb().notNull(),
  todo: jsonb().notNull(),
  counts: jsonb().notNull(),
  windowFrom: moment(),
  asOf: moment(),
  token: text(),
  leaseUntil: moment(),
  failures: integer().notNull(),
  error: text(),
  waitingUntil: moment(),
  actor: text().notNull(),
  startedAt: moment().notNull(),
  updatedAt: moment().notNull(),
  finishedAt: moment(),
});

/** What a run has met in Chatwoot's lists. */
export const syncSeen = inbox.table("sync_seen", {
  ...tenant(),
  runId: text().notNull(),
  kind: text().notNull(),
  number: bigint({ mode: "bigint" }).notNull(),
});

/** A webhook that was accepted: what makes a repeat harmless. */
export const deliveries = inbox.table("deliveries", {
  id: id(),
  projectId: uuid(),
  accountScopeId: uuid(),
  sourceId: text().notNull(),
  deliveryId: text().notNull(),
  contentKey: text(),
  bodyHash: text().notNull(),
  event: text().notNull(),
  accountId: bigint({ mode: "bigint" }),
  outcome: text().notNull(),
  raw: jsonb(),
  sentAt: moment(),
  expiresAt: moment(),
  receivedAt: moment().notNull(),
});
