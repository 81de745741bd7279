/** Numbers, currencies and days as people write them, in English and Danish; what reads whole sentences builds on it. */

const marks: Record<string, string> = {
  GBP: "£ gbp pound pounds",
  EUR: "€ eur euro euros",
  USD: "$ usd dollar dollars",
  SEK: "sek",
  NOK: "nok",
  DKK: "kr kr. dkk kroner ,-",
};
const currencies = new Map(
  Object.entries(marks).flatMap(([name, said]) => said.split(" ").map((mark) => [mark, name])),
);

export const currencyOf = (mark: string): string | undefined => currencies.get(mark.trim().toLowerCase());

/** 1.400,50 and 1,400.50 and 1 400: three digits after the last mark are thousands. */
export function numberIn(text: string): number {
  const plain = text.replaceAll(/\s/g, "");
  const [, whole = plain, rest = ""] = /^(.*)[.,](\d{1,2})$/.exec(plain) ?? [];
  return Number(`${whole.replaceAll(/[.,]/g, "")}${rest && `.${rest}`}`);
}

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** "01" to "12" of a name or what it is cut to; "00" for no month. */
export function monthOf(name: string): string {
  const short = name.slice(0, 3).toLowerCase().replace("maj", "may").replace("okt", "oct");
  return `${months.indexOf(short) + 1}`.padStart(2, "0");
}

/** The day, when there is such a day. */
export function realDay(year: string, month: string, day: string): string | undefined {
  const said = `${year}-${month}-${day.padStart(2, "0")}`;
  const read = new Date(`${said}T00:00:00Z`);
  return Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== said ? undefined : said;
}
