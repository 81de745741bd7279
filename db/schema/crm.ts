/** Tables of the schema crm. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { bigint, boolean, integer, pgSchema, text } from "drizzle-orm/pg-core";
import { created, hundredths, id, moment, stamps, tenant, thousandths } from "../columns.ts";

export const crm = pgSchema("crm");

const minor = () => bigint({ mode: "number" }).notNull();

/** Whom we do business with. */
export const accounts = crm.table("accounts", {
  ...tenant(),
  id: id(),
  name: text().notNull(),
  registration: text(),
  note: text(),
  archivedAt: moment(),
  ...stamps(),
});

/** Who speaks for an account. */
export const accountContacts = crm.table("account_contacts", {
  ...tenant(),
  accountId: text().notNull(),
  contactId: text().notNull(),
  role: text(),
  ...created(),
});

/** What is offered to somebody. */
export const offers = crm.table("offers", {
  ...tenant(),
  id: id(),
  number: integer().notNull(),
  accountId: text(),
  contactId: text(),
  title: text().notNull(),
  note: text(),
  currency: text().notNull(),
  state: text().notNull(),
  listMinor: minor(),
  netMinor: minor(),
  vatMinor: minor(),
  discountMinor: minor(),
  totalMinor: minor(),
  isDiscounted: boolean().notNull(),
  reviewFrom: text(),
  reviewReason: text(),
  reviewSince: moment(),
  reviewNote: text(),
  messageId: text(),
  sentAt: moment(),
  settledAt: moment(),
  ...stamps(),
});

/** A line of an offer, and what it rests on. */
export const offerItems = crm.table("offer_items", {
  ...tenant(),
  id: id(),
  offerId: text().notNull(),
  position: integer().notNull(),
  description: text().notNull(),
  quantity: thousandths().notNull(),
  unitPriceMinor: minor(),
  discountPct: hundredths().notNull(),
  vatPct: hundredths().notNull(),
  listMinor: minor(),
  netMinor: minor(),
  vatMinor: minor(),
  factId: text(),
  evidenceId: text(),
  evidenceVersion: integer(),
  staleAt: moment(),
  staleReason: text(),
  ...created(),
});

/** Who approved what of an offer, with its row of the audit trail. */
export const offerApprovals = crm.table("offer_approvals", {
  ...tenant(),
  id: id(),
  offerId: text().notNull(),
  kind: text().notNull(),
  auditEventId: text().notNull(),
  approvedBy: text().notNull(),
  approvedAt: moment().notNull(),
  droppedAt: moment(),
  droppedBecause: text(),
});
