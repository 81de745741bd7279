/** Tables of the schema memory. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { bigint, boolean, integer, jsonb, pgSchema, smallint, text, uuid } from "drizzle-orm/pg-core";
import { created, halfvec, id, moment, regconfig, signCode, stamps, tenant, tsvector } from "../columns.ts";

export const memory = pgSchema("memory");

/** A passage of a source that can be found and quoted, word for word. */
export const chunks = memory.table("chunks", {
  ...tenant(),
  id: uuid().notNull(),
  sourceTable: text().notNull(),
  sourcePk: text().notNull(),
  chunkIndex: integer().notNull(),
  conversationGlobalId: text(),
  seq: integer(),
  contactId: text(),
  visibility: smallint().notNull(),
  occurredAt: moment().notNull(),
  lang: regconfig().notNull(),
  len: smallint().notNull(),
  text: text().notNull(),
  textHash: text().notNull(),
  tsv: tsvector().notNull(),
  updatedAt: moment().notNull(),
  ...created(),
});

/** A chunk that waits for its vector; gone when the vector is written. */
export const pending = memory.table("pending", {
  ...tenant(),
  chunkId: uuid().notNull(),
  textHash: text().notNull(),
  token: uuid(),
  leaseUntil: moment(),
  notBefore: moment(),
  attempts: integer().notNull(),
  failedAt: moment(),
  error: text(),
  ...created(),
});

/** An embedding model by name; vectors carry its number and are never compared across models. */
export const models = memory.table("models", {
  id: smallint().notNull(),
  name: text().notNull(),
});

/** The meaning of a chunk as one model sees it. On a server without pgvector the two vector columns are absent. */
export const vectors = memory.table("vectors", {
  ...tenant(),
  chunkId: uuid().notNull(),
  modelId: smallint().notNull(),
  visibility: smallint().notNull(),
  contactId: text(),
  occurredAt: moment().notNull(),
  textHash: text().notNull(),
  code: signCode().notNull(),
  embedding: halfvec().notNull(),
  embeddedAt: moment().notNull(),
});

/** What recall must know of a project's memory before it ranks: size, length, languages, model. */
export const corpus = memory.table("corpus", {
  ...tenant(),
  chunks: bigint({ mode: "bigint" }).notNull(),
  tokens: bigint({ mode: "bigint" }).notNull(),
  langs: regconfig().array().notNull(),
  modelId: smallint(),
  exactLimit: integer().notNull(),
  pausedUntil: moment(),
  updatedAt: moment().notNull(),
});

/** A piece of the firm's own knowledge. The embedding lives in chunks and vectors. */
export const kbEntries = memory.table("kb_entries", {
  ...tenant(),
  id: id(),
  sourceEventId: text(),
  type: text().notNull(),
  title: text().notNull(),
  body: text().notNull(),
  tags: text().array().notNull(),
  status: text().notNull(),
  visibility: smallint().notNull(),
  replacedBy: text(),
  ts: moment().notNull(),
  origin: text().notNull(),
  sourceId: text(),
  sourceUrl: text(),
  sourceFingerprint: text().notNull(),
  replaces: text(),
  returnedReason: text(),
  submittedAt: moment(),
  submittedBy: text(),
  publishedAt: moment(),
  publishedBy: text(),
  deprecatedAt: moment(),
  deprecatedBy: text(),
  deprecatedReason: text(),
  evidenceRefs: text().array().notNull(),
  staleAt: moment(),
  staleReason: text(),
  ...stamps(),
});

/** The allowed moves of an entry; a state that is not listed as `state` is final. */
export const kbTransitions = memory.table("kb_transitions", {
  state: text().notNull(),
  next: text().notNull(),
});

/** The words of an entry in every version it had; kept, so that a citation opens what it quoted. */
export const kbVersions = memory.table("kb_versions", {
  ...tenant(),
  entryId: text().notNull(),
  version: integer().notNull(),
  type: text().notNull(),
  title: text().notNull(),
  body: text().notNull(),
  tags: text().array().notNull(),
  visibility: smallint().notNull(),
  sourceFingerprint: text().notNull(),
  writtenBy: text().notNull(),
  evidenceVersion: integer(),
  ...created(),
});

/** What has been drafted for what: nothing proposes the same entry twice. */
export const kbProposals = memory.table("kb_proposals", {
  ...tenant(),
  id: id(),
  entryId: text().notNull(),
  updatedAt: moment().notNull(),
  ...created(),
});

/** The askings without an answer that an entry was proposed for. */
export const kbQuestions = memory.table("kb_questions", {
  ...tenant(),
  entryId: text().notNull(),
  answerId: text().notNull(),
  ...created(),
});

/** A question whose right answer is known, asked every night. */
export const canaries = memory.table("canaries", {
  ...tenant(),
  id: id(),
  question: text().notNull(),
  audience: jsonb().notNull(),
  expects: text().notNull(),
  sourceTable: text(),
  sourcePk: text(),
  words: text().array().notNull(),
  forbidden: text().array().notNull(),
  enabled: boolean().notNull(),
  lastRunAt: moment(),
  lastPassed: boolean(),
  failingSince: moment(),
  ...stamps(),
});

/** What a canary question was answered with one night. */
export const canaryRuns = memory.table("canary_runs", {
  ...tenant(),
  id: id(),
  canaryId: text().notNull(),
  passed: boolean().notNull(),
  regressed: boolean().notNull(),
  failures: text().array().notNull(),
  status: text().notNull(),
  sentences: jsonb().notNull(),
  cited: jsonb().notNull(),
  degraded: boolean().notNull(),
  ...created(),
});

/** A question that was answered, for whom, with what. */
export const answers = memory.table("answers", {
  ...tenant(),
  id: id(),
  actor: text().notNull(),
  requestId: text().notNull(),
  question: text().notNull(),
  audience: jsonb().notNull(),
  status: text().notNull(),
  sentences: jsonb().notNull(),
  answerer: text().notNull(),
  staleAt: moment(),
  staleReason: text(),
  ...created(),
});

/** The words an answer rests on, as they were when it was given. */
export const answerCitations = memory.table("answer_citations", {
  ...tenant(),
  answerId: text().notNull(),
  position: integer().notNull(),
  evidenceId: text().notNull(),
  evidenceVersion: integer().notNull(),
  sourceTable: text().notNull(),
  sourcePk: text().notNull(),
  chunkId: uuid(),
  quote: text().notNull(),
  occurredAt: moment().notNull(),
});
