/** Tables of the schema assistant. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { bigint, boolean, date, integer, jsonb, pgSchema, smallint, text, time, uuid } from "drizzle-orm/pg-core";
import { created, id, moment, stamps, tenant } from "../columns.ts";

export const assistant = pgSchema("assistant");

/** Rows of one person in one project. */
const own = () => ({ ...tenant(), userId: uuid().notNull() });

/** A stretch of talk with the assistant in one chat. */
export const sessions = assistant.table("sessions", {
  ...own(),
  id: id(),
  chatId: text().notNull(),
  startedAt: moment().notNull(),
  lastActivityAt: moment().notNull(),
  endedAt: moment(),
  summarizedAt: moment(),
});

/** What was said, word for word. */
export const inboxItems = assistant.table("inbox_items", {
  ...own(),
  id: id(),
  chatId: text().notNull(),
  sessionId: text().notNull(),
  source: text().notNull(),
  clientMsgId: text(),
  messageRaw: text().notNull(),
  messageNorm: text().notNull(),
  receivedAt: moment().notNull(),
  edit: bigint({ mode: "bigint" }).notNull(),
  removedAt: moment(),
});

/** Every task, goal and problem by its id. */
export const entities = assistant.table("entities", { ...own(), entityType: text().notNull(), id: id() });

export const goals = assistant.table("goals", {
  ...own(),
  id: id(),
  title: text().notNull(),
  titleNorm: text().notNull(),
  description: text(),
  status: text().notNull(),
  horizon: text(),
  targetDate: date(),
  archivedAt: moment(),
  ...stamps(),
});

export const problems = assistant.table("problems", {
  ...own(),
  id: id(),
  title: text().notNull(),
  titleNorm: text().notNull(),
  description: text(),
  status: text().notNull(),
  severity: smallint(),
  horizon: text(),
  archivedAt: moment(),
  ...stamps(),
});

export const tasks = assistant.table("tasks", {
  ...own(),
  id: id(),
  title: text().notNull(),
  titleNorm: text().notNull(),
  notes: text(),
  status: text().notNull(),
  priority: smallint(),
  impactScore: smallint(),
  dueDate: date(),
  repeats: text(),
  sourceInboxItemId: text(),
  followsId: text(),
  sourceEvidenceId: text(),
  refType: text(),
  refId: text(),
  closedByEventId: text(),
  completedAt: moment(),
  archivedAt: moment(),
  ...stamps(),
});

/** What hangs on what. */
export const entityLinks = assistant.table("entity_links", {
  ...own(),
  id: id(),
  fromEntityType: text().notNull(),
  fromEntityId: text().notNull(),
  toEntityType: text().notNull(),
  toEntityId: text().notNull(),
  linkType: text().notNull(),
  ...created(),
});

export const memorySummaries = assistant.table("memory_summaries", {
  ...own(),
  id: id(),
  chatId: text().notNull(),
  sessionId: text(),
  summaryType: text().notNull(),
  summaryText: text().notNull(),
  factsJson: jsonb().notNull(),
  sourceEventIds: jsonb().notNull(),
  period: text().notNull(),
  startsAt: moment().notNull(),
  endsAt: moment().notNull(),
  author: text().notNull(),
  ...created(),
});

/** What a chat was shown, in that order. */
export const recentContextItems = assistant.table("recent_context_items", {
  ...own(),
  id: id(),
  chatId: text().notNull(),
  entityType: text().notNull(),
  entityId: text().notNull(),
  reason: text(),
  position: integer().notNull(),
  surfacedAt: moment().notNull(),
  expiresAt: moment().notNull(),
});

/** What one message changed. */
export const captures = assistant.table("captures", {
  ...own(),
  id: id(),
  inboxItemId: text().notNull(),
  extractor: text().notNull(),
  outcome: text().notNull(),
  result: jsonb().notNull(),
  undoneAt: moment(),
  removedAt: moment(),
  ...created(),
});

export const captureChanges = assistant.table("capture_changes", {
  ...own(),
  captureId: text().notNull(),
  position: integer().notNull(),
  op: text().notNull(),
  refType: text().notNull(),
  refId: text().notNull(),
  before: jsonb().notNull(),
  version: integer().notNull(),
});

/** What could not be read or has several meanings. */
export const questions = assistant.table("questions", {
  ...own(),
  id: id(),
  captureId: text().notNull(),
  chatId: text().notNull(),
  kind: text().notNull(),
  about: text().notNull(),
  choices: jsonb().notNull(),
  wanted: jsonb().notNull(),
  answeredAt: moment(),
  expiresAt: moment().notNull(),
  ...created(),
});

/** Which Telegram chat speaks for a person. */
export const telegramChats = assistant.table("telegram_chats", {
  ...own(),
  id: id(),
  telegramUserId: text().notNull(),
  chatId: text().notNull(),
  boundAt: moment().notNull(),
  chosenAt: moment().notNull(),
  unboundAt: moment(),
});

/** The one-time code that binds it. */
export const telegramCodes = assistant.table("telegram_codes", {
  ...own(),
  codeHash: text().notNull(),
  expiresAt: moment().notNull(),
  usedAt: moment(),
  usedBy: text(),
  ...created(),
});

/** When and where a member wants to hear from his planner. */
export const rhythms = assistant.table("rhythms", {
  ...own(),
  channel: text(),
  language: text().notNull(),
  timezone: text(),
  quietFrom: time().notNull(),
  quietUntil: time().notNull(),
  planOn: boolean().notNull(),
  planAt: time().notNull(),
  planDays: smallint().array().notNull(),
  reviewOn: boolean().notNull(),
  reviewAt: time().notNull(),
  reviewDay: smallint().notNull(),
  remindersOn: boolean().notNull(),
  remindersAt: time().notNull(),
  ...stamps(),
});

/** What became of one plan, review or reminder. */
export const rhythmOccasions = assistant.table("rhythm_occasions", {
  ...own(),
  occasion: text().notNull(),
  day: date().notNull(),
  state: text().notNull(),
  reason: text(),
  messageId: text(),
  ...created(),
});
