/** An offer as it is shown, and the lines it is written from. */
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";
import { ref } from "./account.ts";

export const offerStates = ["draft", "approved", "sent", "accepted", "declined", "withdrawn", "needs_review"] as const;

export const evidenceId = () => z.string().regex(/^[A-Za-z0-9_.:-]{1,120}$/);
const percent = () => z.number().min(0).max(100).multipleOf(0.01);

/** Highest amounts: forty lines of them, with VAT, are still exact in a JSON number. */
export const Line = () =>
  z.object({
    description: z.string().trim().min(1).max(1000),
    quantity: z.number().min(0.001).max(100_000).multipleOf(0.001).default(1),
    unit_price_minor: z.int().min(0).max(1_000_000_000).describe("Without VAT, in the currency's smallest unit"),
    discount_pct: percent().default(0),
    vat_pct: percent(),
    fact: ref().optional().describe("The fact that it rests on"),
    evidence: evidenceId().optional().describe("What can be cited for it"),
  });

const Item = () =>
  z.object({
    id: z.string(),
    description: z.string(),
    quantity: z.number(),
    unit_price_minor: z.int(),
    discount_pct: z.number(),
    vat_pct: z.number(),
    net_minor: z.int(),
    vat_minor: z.int(),
    fact: z.string().nullable(),
    evidence: z.object({ id: z.string(), version: z.int() }).nullable(),
    stale: z.string().nullable().describe("Why what it rests on is not so any more"),
  });

const Approval = () =>
  z.object({
    kind: z.enum(["discount", "send"]),
    by: z.string(),
    at: z.string(),
    audit_event: z.string(),
    dropped_at: z.string().nullable().describe("Since when it counts no more"),
    dropped_because: z.string().nullable(),
  });

const party = () => z.object({ id: z.string(), name: z.string().nullable() }).nullable();

export const Offer = () =>
  z.object({
    id: z.string(),
    number: z.int(),
    title: z.string(),
    note: z.string().nullable(),
    account: party(),
    contact: party(),
    state: z.enum(offerStates),
    review: z
      .object({ was: z.string(), reason: z.string(), since: z.string() })
      .nullable()
      .describe("What it cites has changed: somebody has to look at it"),
    review_note: z.string().nullable(),
    currency: z.string(),
    list_minor: z.int().describe("Before discounts and VAT"),
    discount_minor: z.int(),
    net_minor: z.int(),
    vat_minor: z.int(),
    total_minor: z.int(),
    items: z.array(Item()),
    approvals: z.array(Approval()),
    message: z.object({ id: z.string(), state: z.string() }).nullable().describe("What carries it"),
    sent_at: z.string().nullable(),
    settled_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  });

export type OfferView = z.output<ReturnType<typeof Offer>>;

type ItemRow = Omit<OfferView["items"][number], "fact" | "evidence" | "stale"> & {
  fact_id: string | null;
  evidence_id: string | null;
  evidence_version: number | null;
  stale_reason: string | null;
};
type ApprovalRow = {
  kind: "discount" | "send";
  approved_by: string;
  approved_at: string;
  audit_event_id: string;
  dropped_at: string | null;
  dropped_because: string | null;
};
/** What crm.offer_card tells. */
export type OfferCard = Omit<OfferView, "account" | "contact" | "review" | "items" | "approvals" | "message"> & {
  account_id: string | null;
  account_name: string | null;
  contact_id: string | null;
  contact_name: string | null;
  language: string | null;
  review_from: string | null;
  review_reason: string | null;
  review_since: string | null;
  message_id: string | null;
  message_state: string | null;
  items: ItemRow[];
  approvals: ApprovalRow[];
};

const itemView = (row: ItemRow): OfferView["items"][number] => ({
  id: row.id,
  description: row.description,
  quantity: row.quantity,
  unit_price_minor: row.unit_price_minor,
  discount_pct: row.discount_pct,
  vat_pct: row.vat_pct,
  net_minor: row.net_minor,
  vat_minor: row.vat_minor,
  fact: row.fact_id,
  evidence: row.evidence_id ? { id: row.evidence_id, version: row.evidence_version ?? 1 } : null,
  stale: row.stale_reason,
});

const approvalView = (row: ApprovalRow): OfferView["approvals"][number] => ({
  kind: row.kind,
  by: row.approved_by,
  at: instant(row.approved_at),
  audit_event: row.audit_event_id,
  dropped_at: instant(row.dropped_at),
  dropped_because: row.dropped_because,
});

export const offerView = (card: OfferCard): OfferView => ({
  id: card.id,
  number: card.number,
  title: card.title,
  note: card.note,
  account: card.account_id ? { id: card.account_id, name: card.account_name } : null,
  contact: card.contact_id ? { id: card.contact_id, name: card.contact_name } : null,
  state: card.state,
  review: card.review_from
    ? { was: card.review_from, reason: card.review_reason ?? "", since: instant(card.review_since ?? card.updated_at) }
    : null,
  review_note: card.review_note,
  currency: card.currency,
  list_minor: card.list_minor,
  discount_minor: card.discount_minor,
  net_minor: card.net_minor,
  vat_minor: card.vat_minor,
  total_minor: card.total_minor,
  items: card.items.map(itemView),
  approvals: card.approvals.map(approvalView),
  message: card.message_id ? { id: card.message_id, state: card.message_state ?? "" } : null,
  sent_at: instant(card.sent_at),
  settled_at: instant(card.settled_at),
  created_at: instant(card.created_at),
  updated_at: instant(card.updated_at),
  version: card.version,
});
