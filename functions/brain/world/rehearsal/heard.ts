/** What somebody states about himself or about the other side: "my rent is 1 400", "jeres pris er 695 kr". */
import { currencyOf, monthOf, numberIn, realDay } from "../figures.ts";

export type Heard = {
  about: "self" | "counterparty";
  key: string;
  value: unknown;
  value_type: "number" | "date" | "currency";
  unit?: string;
};

const whose: Record<string, Heard["about"]> = {
  ...Object.fromEntries(["my", "our", "min", "mit", "mine", "vores"].map((word) => [word, "self"])),
  ...Object.fromEntries(["your", "din", "dit", "dine", "jeres"].map((word) => [word, "counterparty"])),
};

/** Danish words for what the English templates ask for. */
const english: Record<string, string> = {
  husleje: "rent",
  leje: "rent",
  løn: "salary",
  pris: "price",
  timepris: "price.hourly",
  depositum: "deposit",
  frist: "deadline",
  startdato: "start_date",
  rabat: "discount",
};

const stated =
  /(?<![\p{L}\p{N}])(my|our|your|min|mit|mine|vores|din|dit|dine|jeres)\s+(\p{L}[\p{L} -]{1,40}?)\s+(?:is|are|was|er|var)\s+(?:now |only |about |nu |kun |ca\.? )?(?=([^;!?\n]{1,60}))/giu;

const day = /^(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})\.? (\p{L}{3,9}) (\d{4}))(?![\d])/u;
const amount =
  /^([£€$]|(?:dkk|gbp|eur|usd|kr\.?) )? ?(\d{1,3}(?:[ .,]\d{3})+(?:[.,]\d{1,2})?|\d{1,12}(?:[.,]\d{1,2})?)(?! ?\d)\s*(%|percent|procent|pct|kr\.?|kroner|dkk|sek|nok|gbp|eur|usd|pounds?|euros?|dollars?|£|€|\$)?(?!\p{L})/iu;

function dayIn(text: string): string | undefined {
  const [all, y, m, d, dayOf, name = "", year] = day.exec(text) ?? [];
  if (all === undefined) return undefined;
  return realDay(y ?? year ?? "", m ?? monthOf(name), d ?? dayOf ?? "");
}

type Value = Pick<Heard, "value" | "value_type" | "unit">;

function valueIn(text: string): Value | undefined {
  const date = dayIn(text);
  if (date) return { value: date, value_type: "date" };
  const [all, before = "", digits = "", after = ""] = amount.exec(text) ?? [];
  if (all === undefined) return undefined;
  const mark = (before.trim() || after).toLowerCase();
  const number = numberIn(digits);
  const currency = currencyOf(mark);
  if (/^(?:%|p)/.test(mark) && !currency) return { value: number, value_type: "number", unit: "percent" };
  if (!currency) return { value: number, value_type: "number" };
  return { value: { amount_minor: Math.round(number * 100), currency }, value_type: "currency" };
}

/** "monthly rent" is `rent.monthly`: what it is comes first. */
function keyOf(phrase: string): string | undefined {
  const words = phrase
    .toLowerCase()
    .split(/[\s-]+/)
    .filter((word) => word && !/^(?:new|current|own|nye|egen)$/.test(word));
  const last = words.at(-1) ?? "";
  const joined = words.join("_");
  if (/^(?:start_date|deadline)$/.test(joined)) return joined;
  const parts = [english[last] ?? last, ...words.slice(0, -1)];
  const key = parts.join(".").replaceAll("æ", "ae").replaceAll("ø", "oe").replaceAll("å", "aa");
  return words.length <= 3 && /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/.test(key) ? key : undefined;
}

/** A turn has at most so many statements; more is a recital. */
const most = 12;

/** The last statement of an attribute counts. */
export function heardIn(text: string): Heard[] {
  const found = [...text.matchAll(stated)].flatMap(([, owner = "", phrase = "", rest = ""]) => {
    const about = whose[owner.toLowerCase()];
    const [key, value] = [keyOf(phrase), valueIn(rest.trim())];
    return about && key && value ? [{ about, key, ...value }] : [];
  });
  return [...new Map(found.map((one) => [`${one.about} ${one.key}`, one])).values()].slice(0, most);
}
