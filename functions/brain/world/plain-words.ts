/** Attributes and values as people say them, in English and Danish. Pure. */

/** Of these, what follows says which one: `rent.monthly` is the monthly rent, but `visit.hour` the visit hour. */
const sums = /^(?:price|rent|salary|fee|rate|deposit|discount|offer|budget)$/;

export function namedEn(attribute: string): string {
  const [head = "", ...rest] = attribute.split(".");
  return (sums.test(head) ? [...rest, head] : [head, ...rest]).join(" ").replaceAll("_", " ");
}

const names: Record<string, string> = {
  rent: "husleje",
  salary: "løn",
  "salary.base": "grundløn",
  price: "pris",
  "price.hourly": "timepris",
  deposit: "depositum",
  deadline: "frist",
  start_date: "startdato",
  discount: "rabat",
  visit: "besøg",
  opening_hours: "åbningstider",
};

/** What stands before a name: `price.lowest`. */
const kinds: Record<string, string> = { lowest: "laveste", highest: "højeste", monthly: "månedlig", yearly: "årlig" };

const units: Record<string, string> = {
  percent: "procent",
  "per hour": "i timen",
  "per month": "om måneden",
  "per year": "om året",
  "per visit": "pr. besøg",
};

/** In Danish where there is a word for it, else as it is written down. */
export function namedDa(attribute: string): string {
  const [head = "", ...rest] = attribute.split(".");
  const known =
    Object.hasOwn(names, head) && sums.test(head)
      ? [...rest.map((word) => kinds[word] ?? word), names[head]].join(" ")
      : null;
  return (names[attribute] ?? known ?? namedEn(attribute)).replaceAll("_", " ");
}

export type Valued = { value: unknown; type: string; unit: string | null };

const amountDa = ({ amount_minor: minor, currency }: { amount_minor: number; currency: string }): string => {
  const digits = new Intl.NumberFormat("da-DK", { minimumFractionDigits: minor % 100 === 0 ? 0 : 2 });
  return `${digits.format(minor / 100)} ${currency === "DKK" ? "kr." : currency}`;
};

/** `12.600 kr. om året`. */
export function valueDa({ value, type, unit }: Valued): string {
  const plain = typeof value === "string" ? value : JSON.stringify(value);
  const said =
    type === "currency"
      ? amountDa(value as { amount_minor: number; currency: string })
      : type === "number"
        ? new Intl.NumberFormat("da-DK", { maximumFractionDigits: 6 }).format(Number(value))
        : plain;
  return unit ? `${said} ${units[unit] ?? unit}` : said;
}
