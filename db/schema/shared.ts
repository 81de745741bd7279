/** Tables of the schema shared. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { bigint, boolean, integer, jsonb, pgSchema, smallint, text, uuid } from "drizzle-orm/pg-core";
import { bytea, created, id, moment, stamps, tenant, xid8 } from "../columns.ts";

export const shared = pgSchema("shared");

/**  */
export const schemaMigrations = shared.table("schema_migrations", {
  id: id(),
  hash: text().notNull(),
  appliedAt: moment().notNull(),
});

/** A person on staff, the same in every project he works in. */
export const users = shared.table("users", {
  id: uuid().notNull(),
  email: text(),
  emailVerifiedAt: moment(),
  name: text(),
  role: text().notNull(),
  metadata: jsonb().notNull(),
  disabledAt: moment(),
  ...stamps(),
});

/** One thing that happened. The ledger says what happened, never what was said. */
export const events = shared.table("events", {
  ...tenant(),
  id: id(),
  userId: uuid(),
  sessionId: text(),
  requestId: text().notNull(),
  kind: text().notNull(),
  actor: text().notNull(),
  refType: text(),
  refId: text(),
  payload: jsonb().notNull(),
  ts: moment().notNull(),
  ...created(),
});

/** A critical act, with the evidence it rested on, written in the act's own batch. */
export const auditEvents = shared.table("audit_events", {
  ...tenant(),
  id: id(),
  userId: uuid(),
  actor: text().notNull(),
  action: text().notNull(),
  refType: text(),
  refId: text(),
  outcome: text().notNull(),
  evidenceRefs: text().array().notNull(),
  payload: jsonb().notNull(),
  requestId: text().notNull(),
  at: moment().notNull(),
  tx: xid8().notNull(),
  ...created(),
});

/** A link of the audit chain: the rows of all transactions up to a mark, and a root over them and the link before. */
export const auditSeals = shared.table("audit_seals", {
  ...tenant(),
  seq: integer().notNull(),
  upto: xid8().notNull(),
  ids: text().array().notNull(),
  leaves: bytea().notNull(),
  prevRoot: bytea().notNull(),
  root: bytea().notNull(),
  sealedAt: moment().notNull(),
});

/** A root of the audit chain that was told outside the database. */
export const auditAnchors = shared.table("audit_anchors", {
  ...tenant(),
  seq: integer().notNull(),
  root: bytea().notNull(),
  anchoredAt: moment().notNull(),
});

/** Something that can be cited: one per source row, whatever happens to the row. */
export const evidenceItems = shared.table("evidence_items", {
  ...tenant(),
  id: id(),
  sourceTable: text().notNull(),
  sourcePk: text().notNull(),
  contentHash: text().notNull(),
  visibility: smallint().notNull(),
  contactId: text(),
  occurredAt: moment().notNull(),
  searchText: text(),
  withdrawnAt: moment(),
  ...stamps(),
});

/** Something that was here and must not come back. */
export const tombstones = shared.table("tombstones", {
  ...tenant(),
  id: id(),
  userId: uuid(),
  objectType: text().notNull(),
  objectId: text().notNull(),
  reason: text().notNull(),
  deletedAt: moment().notNull(),
});

/** A mutating request that was answered, and the answer to give again. */
export const idempotencyKeys = shared.table("idempotency_keys", {
  ...tenant(),
  id: id(),
  principal: text().notNull(),
  route: text().notNull(),
  idempotencyKey: text().notNull(),
  requestHash: text().notNull(),
  status: text().notNull(),
  responseStatus: integer(),
  responseBody: jsonb(),
  leaseUntil: moment(),
  expiresAt: moment().notNull(),
  ...created(),
});

/** One call of a language model, with its whole answer, so that a replay need not ask again. */
export const promptRuns = shared.table("prompt_runs", {
  ...tenant(),
  id: id(),
  userId: uuid(),
  requestId: text().notNull(),
  operation: text().notNull(),
  provider: text().notNull(),
  model: text().notNull(),
  promptVersion: text().notNull(),
  contextHash: text().notNull(),
  inputTokens: integer(),
  outputTokens: integer(),
  latencyMs: integer(),
  status: text().notNull(),
  errorCode: text(),
  answer: jsonb(),
  ...created(),
});

/** Work asked for in the same batch as its cause, to be handed to QStash. */
export const outbox = shared.table("outbox", {
  ...tenant(),
  id: id(),
  kind: text().notNull(),
  dedupeKey: text(),
  payload: jsonb().notNull(),
  state: text().notNull(),
  dueAt: moment().notNull(),
  publishedAt: moment(),
  messageId: text(),
  attempts: integer().notNull(),
  error: text(),
  requestId: text(),
  trace: text(),
  round: integer().notNull(),
  updatedAt: moment().notNull(),
  ...created(),
});

/** How long a project keeps a kind of thing, where its people chose something else than is usual. */
export const retentionPolicies = shared.table("retention_policies", {
  ...tenant(),
  kind: text().notNull(),
  keepDays: integer(),
  ...stamps(),
});

/** Work that QStash gave up on, with its reason: one letter per piece of work however often it dies. */
export const deadLetters = shared.table("dead_letters", {
  ...tenant(),
  id: id(),
  job: text().notNull(),
  workId: text().notNull(),
  round: integer().notNull(),
  state: text().notNull(),
  reason: text().notNull(),
  httpStatus: integer().notNull(),
  attempts: integer().notNull(),
  deliveries: integer().notNull(),
  messageId: text().notNull(),
  messageIds: text().array().notNull(),
  dlqId: text(),
  requestId: text(),
  trace: text(),
  payload: jsonb().notNull(),
  note: text(),
  diedAt: moment().notNull(),
  retriedAt: moment(),
  settledAt: moment(),
  ...stamps(),
});

/** Dead messages that name no project: one row per job with the newest reason, seen by the database's owner only. */
export const strayLetters = shared.table("stray_letters", {
  job: text().notNull(),
  reason: text().notNull(),
  httpStatus: integer().notNull(),
  messageId: text().notNull(),
  letters: integer().notNull(),
  firstAt: moment().notNull(),
  lastAt: moment().notNull(),
});

/** A job that runs by the clock. */
export const scheduledJobs = shared.table("scheduled_jobs", {
  ...tenant(),
  id: id(),
  name: text().notNull(),
  kind: text().notNull(),
  cron: text(),
  intervalSeconds: integer(),
  timezone: text().notNull(),
  missed: text().notNull(),
  payload: jsonb().notNull(),
  enabled: boolean().notNull(),
  nextRunAt: moment(),
  lastRunAt: moment(),
  afterKinds: text().array().notNull(),
  jitterSeconds: integer().notNull(),
  maxAttempts: integer().notNull(),
  origin: text().notNull(),
  ...stamps(),
});

/** One fire time of a scheduled job: unique, so that two ticks run it once. */
export const workerRuns = shared.table("worker_runs", {
  ...tenant(),
  id: id(),
  scheduledJobId: text().notNull(),
  fireTime: moment().notNull(),
  dueAt: moment().notNull(),
  cause: text().notNull(),
  scheduleVersion: integer().notNull(),
  status: text().notNull(),
  token: text(),
  leaseUntil: moment(),
  attempts: integer().notNull(),
  recoveries: integer().notNull(),
  processedCount: integer(),
  error: text(),
  startedAt: moment(),
  finishedAt: moment(),
  ...created(),
});

/** One execution of a job that did something, for the people who run the system. */
export const jobRuns = shared.table("job_runs", {
  ...tenant(),
  id: bigint({ mode: "bigint" }).notNull(),
  jobName: text().notNull(),
  status: text().notNull(),
  startedAt: moment().notNull(),
  finishedAt: moment(),
  processedCount: integer().notNull(),
  error: text(),
  meta: jsonb().notNull(),
});

/** An export that was begun: which rows are in which part. The rows themselves are read when a part is fetched. */
export const exports = shared.table("exports", {
  ...tenant(),
  id: id(),
  kind: text().notNull(),
  userId: uuid(),
  contactId: text(),
  plan: jsonb().notNull(),
  expiresAt: moment().notNull(),
  ...created(),
});

/** A project that is brought here from an export, line by line; once, into an empty project. */
export const imports = shared.table("imports", {
  ...tenant(),
  id: id(),
  state: text().notNull(),
  fromProject: uuid().notNull(),
  lines: integer().notNull(),
  parts: integer().notNull(),
  part: integer().notNull(),
  partLines: integer().notNull(),
  taken: jsonb().notNull(),
  finishedAt: moment(),
  ...stamps(),
});

/** Columns of an imported row that name a row further on; filled in when all rows are there. */
export const importLinks = shared.table("import_links", {
  ...tenant(),
  importId: text().notNull(),
  line: integer().notNull(),
  tableName: text().notNull(),
  key: jsonb().notNull(),
  links: jsonb().notNull(),
});
