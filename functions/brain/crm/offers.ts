/** Offers: listed, shown, written, and changed while they were not sent. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { page, paged, paging, version } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { ref } from "./account.ts";
import { Line, Offer, type OfferCard, offerStates, offerView } from "./offer.ts";

type Row = { offer: OfferCard };
export const shown = ({ offer }: Record<string, unknown>) => offerView(offer as OfferCard);

export const listOffers = reading(
  {
    name: "crm.offers.list",
    summary: "Offers, the one that changed last first, by state, account or person",
    needs: "crm:read",
    input: () =>
      z.object({
        ...paging(),
        state: z.enum(offerStates).optional(),
        account: ref().optional(),
        contact: ref().optional(),
      }),
    output: () => page(Offer()),
  },
  {
    part: (ctx, { limit, after, state, account, contact }) =>
      raw<Row>(
        ctx,
        sql`select crm.offer_card(o) as offer from crm.offers o where o.project_id = shared.scope()
            and ${state ? sql`o.state = ${state}` : sql`true`} and ${account ? sql`o.account_id = ${account}` : sql`true`}
            and ${contact ? sql`o.contact_id = any (people.ids_of(${contact}))` : sql`true`}
            and ${after ? sql`(o.updated_at, o.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by o.updated_at desc, o.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view: ({ offer }) => offerView(offer),
        position: ({ offer }) => ({ at: offer.updated_at, id: offer.id }),
      }),
  },
);

export const cardOf = (ctx: Ctx, id: string) =>
  raw<Row>(
    ctx,
    sql`select crm.offer_card(o) as offer from crm.offers o where o.project_id = shared.scope() and o.id = ${id}`,
  );

export function cardIn(found: unknown): OfferCard {
  const [row] = (found as { rows: Row[] }).rows;
  if (!row) throw new Fault("not_found", "offer_unknown");
  return row.offer;
}

export const getOffer = reading(
  {
    name: "crm.offers.get",
    summary: "One offer: its lines and sums, its approvals, what became of it, and why it needs a look",
    needs: "crm:read",
    faults: ["offer_unknown"],
    input: () => z.object({ id: ref() }),
    output: Offer,
  },
  { part: (ctx, { id }) => cardOf(ctx, id), view: (found) => offerView(cardIn(found)) },
);

const cites = [
  "account_unknown",
  "contact_unknown",
  "person_erased",
  "fact_unknown",
  "cited_fact_changed",
  "evidence_unknown",
  "cited_evidence_gone",
];
const title = () => z.string().trim().min(1).max(200);
const currency = () => z.string().regex(/^[A-Z]{3}$/, "three capital letters");
const lines = () => z.array(Line()).min(1).max(40);
const said = () => ({
  note: z.string().trim().min(1).max(4000).nullable().optional().describe("Said below the sums"),
  account: ref().nullable().optional(),
  contact: ref().nullable().optional().describe("Whom it is sent to"),
});

export const createOffer = verb(
  {
    name: "crm.offers.create",
    summary: "Write an offer. Without a discount it is approved at once; sending it is approved apart",
    needs: "crm:write",
    effect: "write",
    faults: cites,
    input: () => z.object({ title: title(), currency: currency(), items: lines(), ...said() }),
    output: Offer,
    example: () => ({
      title: "Service visit",
      currency: "DKK",
      items: [{ description: "Service visit", unit_price_minor: 145_000, vat_pct: 25 }],
    }),
  },
  async (ctx, input) => {
    const id = ctx.ids.next("offer");
    return commit(ctx, {
      status: 201,
      change: sql`select crm.put_offer(${JSON.stringify({ ...input, id })}::jsonb) as offer`,
      event: { kind: "offer.created", ref: ["offer", id] },
    });
  },
  shown,
);

export const updateOffer = verb(
  {
    name: "crm.offers.update",
    summary: "Change an offer that was not sent; what was approved of it is approved no more",
    needs: "crm:write",
    effect: "write",
    faults: [...cites, "offer_unknown", "offer_changed", "offer_invalid_state", "offer_leaving"],
    input: () =>
      z.object({
        id: ref(),
        version: version(),
        title: title().optional(),
        currency: currency().optional(),
        items: lines().optional(),
        ...said(),
      }),
    output: Offer,
    example: () => ({ id: "ofr_example", version: 1, title: "Service visit" }),
  },
  async (ctx, { id, version: seen, ...input }) =>
    commit(ctx, {
      change: sql`select crm.change_offer(${id}, ${seen}::int, ${JSON.stringify(input)}::jsonb) as offer`,
      event: { kind: "offer.changed", ref: ["offer", id] },
    }),
  shown,
);
