/** Amounts, days and phone numbers as people write them, in English and Danish. */
import { currencyOf, monthOf, numberIn, realDay } from "../figures.ts";

export type Value = { value: unknown; value_type: "string" | "number" | "date" | "currency" };

const sign = "(?:£|€|\\$|dkk|kr\\.?|eur|usd|gbp|sek|nok)";
const after =
  "(?:£|€|\\$|kroner|kr\\b\\.?|dkk\\b|euros?\\b|eur\\b|usd\\b|gbp\\b|sek\\b|nok\\b|pounds?\\b|dollars?\\b|,-)";
const digits = "\\d{1,3}(?:[.,\\s]\\d{3})+(?:[.,]\\d{2})?|\\d+(?:[.,]\\d{1,2})?";
/** With a currency on one side of it. */
export const amount = `(?:${sign} ?(?:${digits})|(?:${digits}) ?${after})`;
const month =
  "(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch|ts)?|apr(?:il)?|may|maj|june?|juni|july?|juli|aug(?:ust)?|sep(?:tember|t)?|o[ck]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
export const day = `(?:\\d{4}-\\d\\d-\\d\\d|(?:the |den |d\\. ?)?\\d{1,2}(?:st|nd|rd|th|\\.)? (?:of )?${month}\\b(?:,? \\d{4})?|${month} \\d{1,2}(?:st|nd|rd|th)?\\b(?:,? \\d{4})?)`;
export const phone = "\\+?\\d{2,4}(?:[ -]?\\d{2,4}){2,5}(?!\\d)";

export function moneyIn(text: string): Value | undefined {
  const said = new RegExp(amount, "i").exec(text)?.[0];
  if (!said) return undefined;
  const number = new RegExp(digits).exec(said)?.[0] ?? "";
  const mark = said.replace(number, "").trim();
  const currency = currencyOf(mark);
  const minor = Math.round(numberIn(number) * 100);
  if (!currency || !Number.isSafeInteger(minor)) return undefined;
  return { value: { amount_minor: minor, currency }, value_type: "currency" };
}

/** Without a year it is the next such day after the words were said. */
export function dayIn(text: string, saidOn: string): Value | undefined {
  const said = new RegExp(day, "i").exec(text)?.[0].toLowerCase();
  if (!said) return undefined;
  const name = new RegExp(month).exec(said)?.[0];
  const numbers = said.match(/\d+/g) ?? [];
  const [y, m = "", d = ""] = name ? [numbers[1], monthOf(name), numbers[0]] : [numbers[0], numbers[1], numbers[2]];
  const thisYear = Number(saidOn.slice(0, 4));
  const isOver = `${thisYear}-${m}-${d.padStart(2, "0")}` < saidOn.slice(0, 10);
  const found = realDay(y ?? `${isOver ? thisYear + 1 : thisYear}`, m, d);
  if (!found) return undefined;
  return { value: found, value_type: "date" };
}

export function phoneIn(text: string): Value | undefined {
  const said = new RegExp(phone).exec(text)?.[0].trim();
  const count = said?.replaceAll(/\D/g, "").length ?? 0;
  return said && count >= 8 && count <= 15 ? { value: said, value_type: "string" } : undefined;
}
