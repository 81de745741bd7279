/** Values of a template's gaps as somebody types them into a form, and back. Pure. */
import type { TemplateRow } from "./shapes.ts";

export type VariableKind = TemplateRow["variables"][string]["type"];
type Value = NonNullable<TemplateRow["variables"][string]["default"]>;

export const kindWords: Record<VariableKind, string> = {
  text: "Text",
  number: "Number",
  money: "Money",
  date: "Date",
  time: "Time",
  link: "Link",
};

export const kindHints: Record<VariableKind, string> = {
  text: "",
  number: "12",
  money: "1250.00 DKK",
  date: "2026-11-30",
  time: "14:30",
  link: "https://example.com",
};

/** Digits behind the point of a currency: money is kept in its smallest unit. */
const digitsOf = (currency: string): number =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** `1250.5 DKK` or `1250,50 DKK`; what is no money stays text, which is then refused by name. */
function moneyIn(text: string): Value {
  const [, whole = "", part = "", currency = ""] = /^(\d{1,12})(?:[.,](\d{1,3}))? ?([A-Z]{3})$/.exec(text) ?? [];
  if (whole === "") return text;
  const digits = digitsOf(currency);
  if (part.length > digits) return text;
  return { amount: Number(whole + part.padEnd(digits, "0")), currency };
}

/** What was typed, as the kind of value that the gap takes. */
export function typedAs(text: string, type: VariableKind): Value {
  if (type === "money") return moneyIn(text);
  if (type !== "number") return text;
  const value = Number(text.replace(",", "."));
  return Number.isFinite(value) ? value : text;
}

/** As it would be typed. */
export function shownAs(value: Value | undefined): string {
  if (value === undefined) return "";
  if (typeof value !== "object") return String(value);
  const digits = digitsOf(value.currency);
  return `${(value.amount / 10 ** digits).toFixed(digits)} ${value.currency}`;
}
