/** Tables of the schema outbound. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { bigint, boolean, integer, jsonb, pgSchema, smallint, text, time, uuid } from "drizzle-orm/pg-core";
import { created, id, moment, stamps, tenant } from "../columns.ts";

export const outbound = pgSchema("outbound");

/** A project's rules for what it sends; a project without a row has the defaults. */
export const settings = outbound.table("settings", {
  ...tenant(),
  brand: text().notNull(),
  fourEyes: boolean().notNull(),
  quietFrom: time().notNull(),
  quietUntil: time().notNull(),
  capCount: integer().notNull(),
  capSeconds: integer().notNull(),
  stopOnReply: boolean().notNull(),
  mostAttempts: integer().notNull(),
  helpText: jsonb().notNull(),
  postalAddress: text().notNull(),
  confirmStop: boolean().notNull(),
  ...stamps(),
});

/** A number, address or account that messages leave from, with the credentials of its provider. */
export const senders = outbound.table("senders", {
  ...tenant(),
  id: id(),
  provider: text().notNull(),
  channel: text().notNull(),
  name: text().notNull(),
  brand: text().notNull(),
  address: text().notNull(),
  sourceId: text(),
  account: text(),
  credentialsSealed: text(),
  perSecond: integer(),
  forMembers: boolean().notNull(),
  pacedUntil: moment(),
  pausedUntil: moment(),
  pausedCode: text(),
  disabledAt: moment(),
  ...stamps(),
});

/** A text with typed gaps, one row per language and channel. */
export const templates = outbound.table("templates", {
  ...tenant(),
  id: id(),
  name: text().notNull(),
  language: text().notNull(),
  channel: text().notNull(),
  class: text().notNull(),
  subject: text(),
  body: text().notNull(),
  variables: jsonb().notNull(),
  retiredAt: moment(),
  isFallback: boolean().notNull(),
  ...stamps(),
});

/** A message that is to leave the house: an intent, its approval, and what became of it. */
export const messages = outbound.table("messages", {
  ...tenant(),
  id: id(),
  contactId: text().notNull(),
  channel: text().notNull(),
  senderId: text().notNull(),
  brand: text().notNull(),
  class: text().notNull(),
  recipient: text().notNull(),
  recipientHash: text().notNull(),
  forUserId: uuid(),
  zones: text().array().notNull(),
  language: text().notNull(),
  subject: text(),
  body: text().notNull(),
  parts: integer().notNull(),
  templateId: text(),
  variables: jsonb(),
  evidenceRefs: text().array().notNull(),
  stopOnReply: boolean().notNull(),
  throughQuiet: boolean().notNull(),
  answersTo: text(),
  thread: jsonb().notNull(),
  campaignId: text(),
  campaignStep: integer(),
  idempotencyKey: text().notNull(),
  dedupeKey: text().notNull(),
  state: text().notNull(),
  code: text(),
  note: text(),
  writtenBy: text().notNull(),
  writers: text().array().notNull(),
  approvedBy: text(),
  approvedAt: moment(),
  seal: text(),
  policy: jsonb(),
  dueAt: moment().notNull(),
  reservedAt: moment(),
  attempts: integer().notNull(),
  replays: integer().notNull(),
  spared: integer().notNull(),
  token: uuid(),
  leaseUntil: moment(),
  providerMessageId: text(),
  mailId: text(),
  providerRank: smallint().notNull(),
  lookups: integer().notNull(),
  submittedAt: moment(),
  sentAt: moment(),
  deliveredAt: moment(),
  readAt: moment(),
  failedAt: moment(),
  erasedAt: moment(),
  purpose: text(),
  expiresAt: moment(),
  ...stamps(),
});

/** One call of a provider, written down before it is made. */
export const attempts = outbound.table("attempts", {
  ...tenant(),
  id: id(),
  messageId: text().notNull(),
  number: integer().notNull(),
  senderId: text().notNull(),
  token: uuid().notNull(),
  outcome: text().notNull(),
  providerMessageId: text(),
  code: text(),
  httpStatus: integer(),
  requestId: text(),
  startedAt: moment().notNull(),
  finishedAt: moment(),
  toldRank: smallint().notNull(),
  toldCode: text(),
  toldAt: moment(),
});

/** What a person has said about being written to on a channel. */
export const contactChannelPolicies = outbound.table("contact_channel_policies", {
  ...tenant(),
  id: id(),
  contactId: text().notNull(),
  channel: text().notNull(),
  brand: text().notNull(),
  optedOutAt: moment(),
  optedOutBy: text(),
  evidenceId: text(),
  heldAt: moment(),
  heldEvidenceId: text(),
  capCount: integer(),
  capSeconds: integer(),
  clearedAt: moment(),
  decidedAt: moment(),
  decidedBy: text(),
  note: text(),
  ...stamps(),
});

/** Addresses that must not be written to, by keyed hash: they outlive the person's record. */
export const suppressions = outbound.table("suppressions", {
  ...tenant(),
  id: id(),
  channel: text().notNull(),
  brand: text().notNull(),
  recipientHash: text().notNull(),
  reason: text().notNull(),
  evidenceId: text(),
  suppressedAt: moment().notNull(),
  liftedAt: moment(),
  version: integer().notNull(),
});

/** The time zones a telephone number may be in, by the beginning of it (ITU E.164). */
export const callingCodes = outbound.table("calling_codes", {
  code: text().notNull(),
  zones: text().array().notNull(),
});

/** The allowed moves of a message; a state that is not listed as `state` is final. */
export const transitions = outbound.table("transitions", {
  state: text().notNull(),
  next: text().notNull(),
});

/** A saved filter over people. */
export const campaignSegments = outbound.table("campaign_segments", {
  ...tenant(),
  id: id(),
  name: text().notNull(),
  filter: jsonb().notNull(),
  ...stamps(),
});

/** Messages of one kind to the people of a segment, in steps, under one approval. */
export const campaigns = outbound.table("campaigns", {
  ...tenant(),
  id: id(),
  name: text().notNull(),
  class: text().notNull(),
  channel: text().notNull(),
  senderId: text(),
  segmentId: text().notNull(),
  segmentFilter: jsonb(),
  variables: jsonb().notNull(),
  state: text().notNull(),
  code: text(),
  writtenBy: text().notNull(),
  writers: text().array().notNull(),
  approvedBy: text(),
  approvedAt: moment(),
  seal: text(),
  memberCount: integer(),
  startedAt: moment(),
  finishedAt: moment(),
  ...stamps(),
});

/** One message of a campaign's sequence. */
export const campaignSteps = outbound.table("campaign_steps", {
  ...tenant(),
  campaignId: text().notNull(),
  number: integer().notNull(),
  template: text().notNull(),
  templateIds: text().array().notNull(),
  waitSeconds: integer().notNull(),
  stopOnReply: boolean().notNull(),
  ...created(),
});

/** Who was in the segment when a campaign started, and how far each has come. */
export const campaignMembers = outbound.table("campaign_members", {
  ...tenant(),
  campaignId: text().notNull(),
  contactId: text().notNull(),
  state: text().notNull(),
  reason: text(),
  step: integer().notNull(),
  dueAt: moment().notNull(),
  messageId: text(),
  reached: text(),
  sentCount: integer().notNull(),
  ...stamps(),
});

/** What became of each member's step: sent, delivered, failed, or why not sent. */
export const campaignEvents = outbound.table("campaign_events", {
  ...tenant(),
  id: bigint({ mode: "number" }).notNull(),
  campaignId: text().notNull(),
  contactId: text().notNull(),
  step: integer().notNull(),
  kind: text().notNull(),
  reason: text(),
  messageId: text(),
  at: moment().notNull(),
});
