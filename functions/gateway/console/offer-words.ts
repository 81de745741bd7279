/** How offers are said: states, reasons, money, and the lines of a form. Pure. */
import { money } from "#brain/crm/index.ts";
import type { OfferSeen } from "./shapes.ts";
import type { Shape, Tone } from "./signs.tsx";
import { shownAs, typedAs } from "./typed-values.ts";

export const offersPath = "/console/offers";
export const offerPath = (id: string): string => `${offersPath}/${encodeURIComponent(id)}`;
export const accountsPath = "/console/accounts";
export const accountPath = (id: string): string => `${accountsPath}/${encodeURIComponent(id)}`;

export const offerStateWords: Record<OfferSeen["state"], { tone: Tone; shape: Shape; word: string }> = {
  needs_review: { tone: "bad", shape: "warning", word: "Needs a look" },
  draft: { tone: "wait", shape: "ring", word: "Discount to approve" },
  approved: { tone: "busy", shape: "half", word: "Ready to send" },
  sent: { tone: "busy", shape: "send", word: "Sent" },
  accepted: { tone: "good", shape: "done", word: "Accepted" },
  declined: { tone: "plain", shape: "ring", word: "Declined" },
  withdrawn: { tone: "plain", shape: "ring", word: "Withdrawn" },
};

const reasons: Record<string, string> = {
  cited_fact_changed: "A fact that it states is not so any more.",
  cited_fact_doubted: "A fact that it states is in doubt.",
  cited_fact_erased: "A fact that it states was erased.",
  cited_evidence_changed: "What it rests on was edited.",
  cited_evidence_gone: "What it rests on was taken back.",
  edited: "the offer was changed",
  withdrawn: "the offer was withdrawn",
  person_erased: "the person was erased",
};
export const offerReason = (code: string): string => reasons[code] ?? code;

export const shownMoney = (minor: number, currency: string): string => money(minor, { currency, tongue: "en-GB" });

export type Row = Record<"description" | "quantity" | "price" | "off" | "vat" | "fact" | "evidence", string>;
export const blankRow: Row = { description: "", quantity: "1", price: "", off: "0", vat: "25", fact: "", evidence: "" };

export const rowsOf = (offer: OfferSeen): Row[] =>
  offer.items.map((item) => ({
    description: item.description,
    quantity: String(item.quantity),
    price: shownAs({ amount: item.unit_price_minor, currency: offer.currency }).split(" ")[0] ?? "",
    off: String(item.discount_pct),
    vat: String(item.vat_pct),
    fact: item.stale ? "" : (item.fact ?? ""),
    evidence: item.stale ? "" : (item.evidence?.id ?? ""),
  }));

/** A line each that has a description; so many as the form had. */
export const rowsIn = (form: ReadonlyMap<string, string>): Row[] =>
  Array.from({ length: 40 }, (_, n) => ({
    description: form.get(`description-${n}`)?.trim() ?? "",
    quantity: form.get(`quantity-${n}`)?.trim() ?? "",
    price: form.get(`price-${n}`)?.trim() ?? "",
    off: form.get(`off-${n}`)?.trim() ?? "",
    vat: form.get(`vat-${n}`)?.trim() ?? "",
    fact: form.get(`fact-${n}`) ?? "",
    evidence: form.get(`evidence-${n}`) ?? "",
  })).filter(({ description }) => description !== "");

/** As the verb takes a line; what is no number is refused by it. */
export function lineOf(row: Row, currency: string): Record<string, unknown> {
  const price = typedAs(`${row.price} ${currency}`, "money");
  const figure = (text: string, left: number) => (text === "" ? left : typedAs(text, "number"));
  return {
    description: row.description,
    quantity: figure(row.quantity, 1),
    unit_price_minor: typeof price === "object" ? price.amount : row.price,
    discount_pct: figure(row.off, 0),
    vat_pct: figure(row.vat, 0),
    ...(row.fact ? { fact: row.fact } : {}),
    ...(row.evidence ? { evidence: row.evidence } : {}),
  };
}
