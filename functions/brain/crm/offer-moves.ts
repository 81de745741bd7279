/** What becomes of an offer: approved, handed to the outbox, settled, looked at again. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { version } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { segmentsOf } from "../outbound/index.ts";
import { ref } from "./account.ts";
import { evidenceId, Offer } from "./offer.ts";
import { offerText } from "./offer-text.ts";
import { cardIn, cardOf, shown } from "./offers.ts";

const named = () => z.object({ id: ref(), version: version() });
const faults = ["offer_unknown", "offer_changed", "offer_invalid_state", "offer_needs_review"];
const example = () => ({ id: "ofr_example", version: 1 });
/** What an offer rests on, as its change tells it. */
const grounds = sql`array(select jsonb_array_elements_text(change.offer->'cited'))`;

const approving = (kind: "discount" | "send") =>
  verb(
    {
      name: `crm.offers.approve_${kind}`,
      summary: kind === "discount" ? "Approve an offer's discounts" : "Approve that an offer is sent, as it stands",
      needs: "crm:approve",
      // Nothing a model reads may let it approve what a model wrote.
      doors: ["rest"],
      effect: "write",
      faults,
      input: named,
      output: Offer,
      example,
    },
    async (ctx, { id, version: seen }) => {
      const audit = ctx.ids.next("audit");
      const approval = JSON.stringify({ kind, audit, id: ctx.ids.next("offerApproval") });
      return commit(ctx, {
        change: sql`select crm.approve_offer(${id}, ${seen}::int, ${approval}::jsonb) as offer`,
        event: { kind: `offer.${kind}_approved`, ref: ["offer", id] },
        audit: { id: audit, action: `crm.offer.${kind}_approved`, ref: ["offer", id], evidence: grounds },
      });
    },
    shown,
  );

export const approveDiscount = approving("discount");
export const approveSend = approving("send");

export const sendOffer = verb(
  {
    name: "crm.offers.send",
    summary: "Write the message that carries an approved offer; it leaves when it is approved and sent in the outbox",
    needs: "crm:write",
    effect: "write",
    steps: 2,
    audits: "crm.offer.handed_over",
    faults: [
      ...faults,
      "offer_unapproved",
      "offer_leaving",
      "contact_required",
      "contact_unknown",
      "person_erased",
      "cited_fact_changed",
      "sender_missing",
      "recipient_missing",
      "outbound_duplicate",
      "content_changed_after_approval",
    ],
    input: () =>
      named().extend({
        channel: z.enum(["email", "sms", "telegram"]).default("email"),
        sender: z.string().max(64).optional().describe("Left out, the channel's first one"),
      }),
    output: Offer,
    example,
  },
  async (ctx, { id, version: seen, channel, sender }) => {
    const [found] = await send(ctx, [cardOf(ctx, id)]);
    const card = cardIn(found);
    const { subject, body } = offerText(card);
    const draft = {
      id: ctx.ids.next("message"),
      channel,
      sender,
      class: "transactional",
      subject: channel === "email" ? subject : undefined,
      body,
      parts: segmentsOf(body).parts,
      reference: `offer:${id}:${seen}`,
      again: true,
    };
    return commit(ctx, {
      change: sql`select crm.send_offer(${id}, ${seen}::int, ${JSON.stringify(draft)}::jsonb) as offer`,
      event: { kind: "offer.handed_over", ref: ["offer", id], payload: { channel } },
      audit: { action: "crm.offer.handed_over", ref: ["offer", id], evidence: grounds },
    });
  },
  shown,
);

export const settleOffer = verb(
  {
    name: "crm.offers.settle",
    summary: "Write down that an offer was accepted or declined, by what evidence; or withdraw it",
    needs: "crm:write",
    effect: "write",
    faults: [...faults, "offer_leaving", "evidence_required"],
    input: () =>
      named().extend({
        outcome: z.enum(["accepted", "declined", "withdrawn"]),
        evidence: z.array(evidenceId()).max(20).default([]).describe("What says so; needed unless it is withdrawn"),
      }),
    output: Offer,
    example: () => ({ ...example(), outcome: "withdrawn" as const }),
  },
  async (ctx, { id, version: seen, outcome, evidence }) => {
    const by: string[] | SQL = outcome === "withdrawn" && evidence.length === 0 ? grounds : evidence;
    return commit(ctx, {
      change: sql`select crm.settle_offer(${id}, ${seen}::int, ${outcome}) as offer`,
      event: { kind: `offer.${outcome}`, ref: ["offer", id] },
      audit: { action: `crm.offer.${outcome}`, ref: ["offer", id], evidence: by },
    });
  },
  shown,
);

export const reviewOffer = verb(
  {
    name: "crm.offers.review",
    summary:
      "Say that an offer whose grounds changed was looked at: after a change of its lines, or with why they stand",
    needs: "crm:write",
    effect: "write",
    faults: [...faults, "reason_required"],
    input: () =>
      named().extend({
        reason: z.string().trim().min(1).max(500).optional().describe("Needed where lines are kept as they are"),
      }),
    output: Offer,
    example: () => ({ ...example(), reason: "The old price was agreed with this client." }),
  },
  async (ctx, { id, version: seen, reason }) =>
    commit(ctx, {
      change: sql`select crm.review_offer(${id}, ${seen}::int, ${reason ?? null}) as offer`,
      event: { kind: "offer.reviewed", ref: ["offer", id] },
      audit: { action: "crm.offer.reviewed", ref: ["offer", id], evidence: grounds },
    }),
  shown,
);
