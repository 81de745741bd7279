/** Tables of the schema world. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { boolean, integer, jsonb, pgSchema, real, smallint, text, uuid } from "drizzle-orm/pg-core";
import { created, id, moment, stamps, tenant, tsvector } from "../columns.ts";

export const world = pgSchema("world");

/** Rows of one person in one project. */
const own = () => ({ ...tenant(), userId: uuid().notNull() });
/** Who entered it. */
const entered = () => ({ ...tenant(), userId: uuid() });

const cited = () => ({ evidenceId: text(), evidenceVersion: integer() });

/** Where it is from. */
const provenance = () => ({
  origin: text().notNull(),
  sourceType: text().notNull(),
  sourceRef: text().notNull(),
  ...cited(),
  extractorVersion: text(),
  modelVersion: text(),
  promptVersion: text(),
});

const recorded = () => ({ recordedAt: moment().notNull(), supersededAt: moment(), supersededBy: text() });

/** When it held, and when that was written down. */
const twoTimes = () => ({
  validFrom: moment(),
  validTo: moment(),
  ...recorded(),
  continues: text(),
  rootId: text().notNull(),
});

/** What a colleague may do here beyond his role, and what he consents to. */
export const users = world.table("users", {
  ...own(),
  tier: text().notNull(),
  consentMemory: boolean().notNull(),
  consentTelemetry: boolean().notNull(),
  consentRawText: boolean().notNull(),
  ...stamps(),
});

/** Somebody or something that facts are about. */
export const entities = world.table("entities", {
  ...entered(),
  id: id(),
  type: text().notNull(),
  name: text(),
  contactId: text(),
  accountRef: text(),
  accountId: text(),
  mergedInto: text(),
  archivedAt: moment(),
  erasedAt: moment(),
  ...stamps(),
});

/** Two entities that turned out to be one. */
export const merges = world.table("merges", {
  ...entered(),
  id: id(),
  fromEntityId: text().notNull(),
  intoEntityId: text().notNull(),
  reason: text().notNull(),
  moved: jsonb().notNull(),
  leftAs: text().notNull(),
  mergedAt: moment().notNull(),
  undoneAt: moment(),
  ...created(),
});

export const relationships = world.table("relationships", {
  ...entered(),
  id: id(),
  srcEntityId: text().notNull(),
  relType: text().notNull(),
  dstEntityId: text().notNull(),
  ...twoTimes(),
  ...provenance(),
});

/** One thing that is true of an entity. */
export const facts = world.table("facts", {
  ...entered(),
  id: id(),
  subjectEntityId: text().notNull(),
  key: text().notNull(),
  value: jsonb().notNull(),
  valueType: text().notNull(),
  unit: text(),
  sessionId: text(),
  reviewState: text().notNull(),
  scope: text().notNull(),
  ...twoTimes(),
  confidence: real().notNull(),
  visibility: smallint().notNull(),
  contactId: text(),
  ...provenance(),
  staleAt: moment(),
  staleReason: text(),
  statement: text().notNull(),
  tsv: tsvector().notNull(),
  quote: text(),
  contradicts: boolean().notNull(),
});

/** Who knows a fact, and how. */
export const knowledgeEdges = world.table("knowledge_edges", {
  ...entered(),
  id: id(),
  knower: text().notNull(),
  knowerEntityId: text(),
  knowerContactId: text(),
  factId: text().notNull(),
  status: text().notNull(),
  believedValue: jsonb(),
  confidence: real().notNull(),
  source: text().notNull(),
  sessionId: text(),
  scope: text().notNull(),
  setByUser: boolean().notNull(),
  seededFrom: text(),
  ...cited(),
  ...recorded(),
});

/** A talk that a colleague rehearses. */
export const sessions = world.table("sessions", {
  ...own(),
  id: id(),
  title: text(),
  templateId: text(),
  counterpartyStyle: text().notNull(),
  endedAt: moment(),
  ...stamps(),
});

export const sessionEntities = world.table("session_entities", {
  ...own(),
  sessionId: text().notNull(),
  entityId: text().notNull(),
  part: text().notNull(),
  ...created(),
});

/** All that a knower was told before a turn. */
export const contextPacks = world.table("context_packs", {
  ...own(),
  id: id(),
  sessionId: text().notNull(),
  hash: text().notNull(),
  knower: text().notNull(),
  content: jsonb().notNull(),
  asOf: moment().notNull(),
  knownAt: moment().notNull(),
  ...created(),
});

export const messages = world.table("messages", {
  ...own(),
  id: id(),
  sessionId: text().notNull(),
  role: text().notNull(),
  channel: text().notNull(),
  content: text().notNull(),
  llmProvider: text(),
  llmModel: text(),
  promptVersion: text(),
  usageTokensIn: integer(),
  usageTokensOut: integer(),
  safetyFlags: jsonb().notNull(),
  packId: text(),
  ...created(),
  seq: integer().notNull(),
});

/** How far a project's evidence has been read for facts. */
export const extractions = world.table("extractions", {
  ...tenant(),
  upto: moment().notNull(),
  uptoId: text().notNull(),
});

/** What a message of ours promised, and what became of it. */
export const commitments = world.table("commitments", {
  ...tenant(),
  id: id(),
  messageTable: text().notNull(),
  messageId: text().notNull(),
  wordsFrom: integer().notNull(),
  wordsTo: integer().notNull(),
  what: text().notNull(),
  saidAt: moment().notNull(),
  dueAt: moment().notNull(),
  keepUntil: moment().notNull(),
  contactId: text(),
  conversationId: text(),
  jobId: text(),
  state: text().notNull(),
  settledAt: moment(),
  settledBy: text(),
  checkedAt: moment(),
  ...cited(),
  staleAt: moment(),
  staleReason: text(),
  ...stamps(),
});
