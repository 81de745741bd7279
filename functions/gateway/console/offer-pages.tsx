/** Offers as pages, and the forms on them. */
import type { Context, Hono } from "hono";
import {
  approveDiscount,
  approveSend,
  createOffer,
  getOffer,
  listAccounts,
  listOffers,
  offerStates,
  reviewOffer,
  sendOffer,
  settleOffer,
  updateOffer,
} from "#brain/crm/index.ts";
import { listMembers } from "#brain/identity/index.ts";
import { getOfferGrounds } from "#brain/insight/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together, type Verb } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { listContacts } from "#brain/people/index.ts";
import { listFacts } from "#brain/world/index.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { accountPages } from "./account-pages.tsx";
import { namesOf } from "./approvals-pages.tsx";
import { filterIn, idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { saidOf } from "./mend.tsx";
import { OfferForm, type Typed } from "./offer-form.tsx";
import { OfferPage } from "./offer-view.tsx";
import { lineOf, offerPath, rowsIn, rowsOf } from "./offer-words.ts";
import { OffersPage } from "./offers-view.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import type { OfferSeen } from "./shapes.ts";
import { listed, turnedTo } from "./turning.ts";
import { WorldTabs } from "./world-view.tsx";

type Form = Map<string, string>;

async function offersPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const state = offerStates.find((one) => one === c.req.query("state"));
  const [account, contact] = [filterIn(c, "account"), filterIn(c, "contact")];
  const by = { ...(state ? { state } : {}), ...(account ? { account } : {}), ...(contact ? { contact } : {}) };
  const [offers, memory] = await together(ctx, [
    [listOffers, { limit: 50, ...by, ...(await turnedTo(c, "offers")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, offers: await listed(c, "offers", offers), state };
  return answerFramed(c, { seat, place: "people", title: "Offers", body: <OffersPage view={view} /> });
}

type Shown = { said?: string[]; status?: number };

async function answerOffer(c: Context<App>, ctx: Ctx, { said = [], status }: Shown): Promise<Response> {
  const id = idIn(c);
  const [offer, grounds, members, memory] = await together(ctx, [
    [getOffer, { id }],
    [getOfferGrounds, { id }, "if permitted"],
    [listMembers, { limit: 100 }, "if permitted"],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, offer, grounds: grounds?.grounds ?? null, people: namesOf(members), said };
  const title = `Offer ${offer.number}`;
  return answerFramed(c, {
    seat,
    place: "people",
    title,
    body: <OfferPage view={view} />,
    ...(status ? { status } : {}),
  });
}

type Edited = Shown & { id?: string; typed?: Typed };

const typedOf = (offer: OfferSeen): Typed => ({
  title: offer.title,
  currency: offer.currency,
  note: offer.note ?? "",
  account: offer.account?.id ?? "",
  contact: offer.contact?.id ?? "",
  rows: rowsOf(offer),
});

async function answerForm(c: Context<App>, ctx: Ctx, { id, typed, said = [], status }: Edited): Promise<Response> {
  const [accounts, people, facts, memory, found] = await together(ctx, [
    [listAccounts, { limit: 100 }],
    [listContacts, { limit: 100 }, "if permitted"],
    [listFacts, { limit: 100 }, "if permitted"],
    [memoryStatus, {}, "if permitted"],
    ...(id ? ([[getOffer, { id }]] as const) : []),
  ]);
  const seat = seatOf(ctx, memory);
  const offer = found ?? null;
  const fresh = {
    title: "",
    currency: "DKK",
    note: "",
    account: filterIn(c, "account") ?? "",
    contact: filterIn(c, "contact") ?? "",
    rows: [],
  };
  const view = {
    seat,
    offer,
    typed: typed ?? (offer ? typedOf(offer) : fresh),
    said,
    accounts: accounts.data,
    people: people?.data ?? [],
    facts: (facts?.data ?? []).filter((fact) => fact.value_type === "currency" && !fact.stale),
  };
  const title = offer ? `Change offer ${offer.number}` : "Write an offer";
  const body = (
    <main class="page">
      <header class="page-head">
        <div>
          <WorldTabs current="" />
          <h1>{title}</h1>
          <p>Prices are without VAT. A discount has to be approved by somebody who may.</p>
        </div>
      </header>
      <OfferForm view={view} />
    </main>
  );
  return answerFramed(c, { seat, place: "people", title, body, ...(status ? { status } : {}) });
}

const named: Record<string, string> = {
  unit_price_minor: "Each, without VAT",
  quantity: "How many",
  discount_pct: "Discount",
  vat_pct: "VAT",
  items: "Lines",
  evidence: "Evidence",
};

async function writeForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const id = c.req.param("id") === undefined ? undefined : idIn(c);
  const text = (name: string) => form.get(name)?.replaceAll("\r\n", "\n").trim() ?? "";
  const rows = rowsIn(form);
  const typed: Typed = {
    title: text("title"),
    currency: text("currency"),
    note: text("note"),
    account: text("account"),
    contact: text("contact"),
    rows,
  };
  const input = {
    title: typed.title,
    currency: typed.currency,
    note: typed.note || null,
    account: typed.account || null,
    contact: typed.contact || null,
    items: rows.map((row) => lineOf(row, typed.currency)),
  };
  try {
    const made = id
      ? await once(ctx, { verb: updateOffer, input: { ...input, id, version: Number(form.get("version")) }, form })
      : await once(ctx, { verb: createOffer, input, form });
    return seeOther(c, await withNote(c, offerPath(made.id), { code: "offer_saved" }));
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !mendable.has(thrown.code)) throw thrown;
    return answerForm(c, ctx, {
      ...(id ? { id } : {}),
      typed,
      said: saidOf(thrown, named),
      status: statusOf(thrown.kind),
    });
  }
}

type Act = { verb: Verb; note: NoteCode; input(form: Form): Record<string, unknown> };
const plain = () => ({});
const act = (verb: unknown, note: NoteCode, input: Act["input"] = plain): Act => ({ verb: verb as Verb, note, input });

const acts: Record<string, Act> = {
  "approve-discount": act(approveDiscount, "offer_approved"),
  "approve-send": act(approveSend, "offer_approved"),
  send: act(sendOffer, "offer_handed", (form) => ({ channel: form.get("channel") })),
  withdraw: act(settleOffer, "offer_settled", () => ({ outcome: "withdrawn" })),
  settle: act(settleOffer, "offer_settled", (form) => ({
    outcome: form.get("outcome"),
    // What was said by telephone has the colleague's word, and the offer it was about.
    evidence: [form.get("evidence")?.trim() || (form.get("offer") ?? "")],
  })),
  review: act(reviewOffer, "offer_reviewed", (form) => {
    const reason = form.get("reason")?.trim();
    return reason ? { reason } : {};
  }),
};

const mendable = new Set([
  "invalid_input",
  "offer_invalid_state",
  "offer_needs_review",
  "offer_changed",
  "offer_unapproved",
  "offer_leaving",
  "cited_fact_changed",
  "cited_evidence_gone",
  "contact_required",
  "recipient_missing",
  "sender_missing",
  "reason_required",
]);

async function moveForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const name = c.req.param("act") ?? "";
  const move = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (!move) throw new Fault("not_found", "route_unknown");
  const id = idIn(c);
  const ctx = await writer(c, form);
  form.set("offer", id);
  try {
    const input = { id, version: Number(form.get("version")), ...move.input(form) };
    await once(ctx, { verb: move.verb, input, form });
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !mendable.has(thrown.code)) throw thrown;
    return answerOffer(c, ctx, { said: saidOf(thrown, named), status: statusOf(thrown.kind) });
  }
  return seeOther(c, await withNote(c, offerPath(id), { code: move.note }));
}

export function offerPages(pages: Hono<App>): void {
  accountPages(pages);
  pages.get("/offers", offersPage);
  pages.post("/offers", writeForm);
  pages.get("/offers/new", async (c) => answerForm(c, await reader(c), {}));
  pages.get("/offers/:id", async (c) => answerOffer(c, await reader(c), {}));
  pages.get("/offers/:id/edit", async (c) => answerForm(c, await reader(c), { id: idIn(c) }));
  pages.post("/offers/:id/edit", writeForm);
  pages.post("/offers/:id/:act", moveForm);
}
