/** Tables of the schema field. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { bigint, boolean, integer, jsonb, pgSchema, smallint, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { created, id, moment, stamps, tenant, thousandths, xid8 } from "../columns.ts";

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
  waits: boolean().notNull(),
  placedAt: moment(),
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

/** Somebody who does jobs. */
export const techs = field.table("techs", {
  ...tenant(),
  id: id(),
  userId: uuid(),
  name: text().notNull(),
  phone: text(),
  email: text(),
  timezone: text(),
  active: boolean().notNull(),
  ...stamps(),
});

/** The last job number given in a project. */
export const jobCounters = field.table("job_counters", { ...tenant(), last: integer().notNull() });

/** Which state a job may move to from which. */
export const jobTransitions = field.table("job_transitions", { status: text().notNull(), next: text().notNull() });

/** A piece of work for a client. */
export const jobs = field.table("jobs", {
  ...tenant(),
  id: id(),
  number: integer().notNull(),
  clientId: text().notNull(),
  title: text().notNull(),
  kind: text().notNull(),
  status: text().notNull(),
  scheduledFor: moment(),
  assignedTechId: text(),
  minutes: integer(),
  location: text().notNull(),
  notes: text().notNull(),
  cancelReason: text(),
  tracking: text(),
  closedAt: moment(),
  erasedAt: moment(),
  tx: xid8("tx").notNull(),
  ...stamps(),
});

/** Somebody is expected somewhere. */
export const schedule = field.table("schedule", {
  ...tenant(),
  id: id(),
  jobId: text().notNull(),
  techId: text().notNull(),
  startTs: moment().notNull(),
  endTs: moment().notNull(),
  blockedFrom: moment().notNull(),
  blockedUntil: moment().notNull(),
  lane: smallint().notNull(),
  status: text().notNull(),
  replaces: text(),
  meta: jsonb().notNull(),
  ...stamps(),
  origin: text(),
  sequence: integer().notNull(),
  alone: boolean().notNull(),
  overridden: text(),
  reason: text(),
});

/** How a project plans. */
export const calendarSettings = field.table("calendar_settings", {
  ...tenant(),
  bufferBefore: integer().notNull(),
  bufferAfter: integer().notNull(),
  travel: integer().notNull(),
  grid: integer().notNull(),
  horizonDays: integer().notNull(),
  dropOffWindows: jsonb().notNull(),
  dropOffWeekdays: smallint().array().notNull(),
  ...stamps(),
});

/** A technician's week, or the house's. */
export const workingWeeks = field.table("working_weeks", { ...tenant(), id: id(), techId: text(), ...stamps() });

/** Hours of a weekday in which appointments of one kind may lie. */
export const workingBlocks = field.table("working_blocks", {
  ...tenant(),
  id: id(),
  weekId: text().notNull(),
  weekday: smallint().notNull(),
  opens: smallint().notNull(),
  closes: smallint().notNull(),
  capacity: smallint().notNull(),
  kind: text().notNull(),
  ...created(),
});

/** What clocks show, without a zone. */
const wall = () => timestamp({ withTimezone: false, mode: "string" });

/** A time in which nobody is booked. */
export const blackouts = field.table("blackouts", {
  ...tenant(),
  id: id(),
  techId: text(),
  starts: wall().notNull(),
  ends: wall().notNull(),
  note: text().notNull(),
  ...stamps(),
});

/** The address at which a technician's calendar is read by his own program. */
export const feeds = field.table("feeds", {
  ...tenant(),
  id: id(),
  techId: text().notNull(),
  tokenHash: text().notNull(),
  revokedAt: moment(),
  ...stamps(),
});

/** What clients are told of, and in which words. */
export const noticeRules = field.table("notice_rules", {
  ...tenant(),
  id: id(),
  event: text().notNull(),
  enabled: boolean().notNull(),
  template: text().notNull(),
  waitSeconds: integer().notNull(),
  throughQuiet: boolean().notNull(),
  sayStop: boolean().notNull(),
  ...stamps(),
});

/** What became of something that happened: told, or not, and why. */
export const notices = field.table("notices", {
  ...tenant(),
  id: id(),
  event: text().notNull(),
  eventId: text().notNull(),
  jobId: text().notNull(),
  contactId: text(),
  channel: text(),
  messageId: text(),
  state: text().notNull(),
  code: text(),
  ...created(),
  updatedAt: moment().notNull(),
});

/** Something that was used or is needed for a job. */
export const jobParts = field.table("job_parts", {
  ...tenant(),
  id: id(),
  jobId: text().notNull(),
  name: text().notNull(),
  quantity: thousandths().notNull(),
  priceMinor: bigint({ mode: "number" }),
  currency: text(),
  addedBy: text().notNull(),
  ...created(),
});

/** What somebody of the house wrote down about a job. */
export const jobNotes = field.table("job_notes", {
  ...tenant(),
  id: id(),
  jobId: text().notNull(),
  visibility: text().notNull(),
  body: text().notNull(),
  writtenBy: text().notNull(),
  ...created(),
});

/** A picture of a job. */
export const jobPhotos = field.table("job_photos", {
  ...tenant(),
  id: id(),
  jobId: text().notNull(),
  state: text().notNull(),
  type: text().notNull(),
  bytes: integer(),
  caption: text().notNull(),
  addedBy: text().notNull(),
  storedAt: moment(),
  deletedAt: moment(),
  removedAt: moment(),
  sha256: text(),
  ...stamps(),
});

/** Something a technician did at a job, as his phone says it. */
export const acts = field.table("acts", {
  ...tenant(),
  techId: text().notNull(),
  id: id(),
  jobId: text().notNull(),
  kind: text().notNull(),
  at: moment().notNull(),
  receivedAt: moment().notNull(),
  assigned: boolean().notNull(),
  state: text().notNull(),
  reason: text(),
});

/** How long something took. */
export const timers = field.table("timers", {
  ...tenant(),
  id: id(),
  jobId: text().notNull(),
  techId: text().notNull(),
  kind: text().notNull(),
  startedAt: moment().notNull(),
  stoppedAt: moment(),
  ...stamps(),
});

/** A job that was taken from a technician. */
export const jobDepartures = field.table("job_departures", {
  ...tenant(),
  jobId: text().notNull(),
  techId: text().notNull(),
  tx: xid8("tx").notNull(),
});
