/** A word without its inflection, the same rough way for Danish and English: good enough to see that two texts name one thing. */

const endings = [
  ["ernes", "erne", "enes", "erens", "ede", "ende", "ings", "ing", "ene", "ens", "ets", "ers", "ies", "ied"],
  ["es", "ed", "en", "et", "er", "ly", "e", "s", "y"],
].flat();
/** What must be left of a word, the second time a little more. */
const rest = [3, 4] as const;

const possessive = /['’]s?$/;

function shorter(word: string, least: number): string {
  const ending = endings.find((end) => word.endsWith(end) && word.length - end.length >= least);
  const cut = ending ? word.slice(0, -ending.length) : word;
  return cut.length > least && cut.at(-1) === cut.at(-2) ? cut.slice(0, -1) : cut;
}

export function stem(word: string): string {
  const plain = word.toLowerCase().replace(possessive, "");
  if (/\d/.test(plain)) return plain;
  return rest.reduce(shorter, plain);
}

/** Letters and digits, with what holds numbers and codes together: 2,390 · 14.30 · 287x160 · K24-118. */
const token = /[\p{L}\p{N}]+(?:[-.,:/'’][\p{L}\p{N}]+)*/gu;

export const tokens = (text: string): string[] => text.match(token) ?? [];

/** With their places in the text. */
export const tokensAt = (text: string): { word: string; at: number }[] =>
  [...text.matchAll(token)].map((match) => ({ word: match[0], at: match.index }));

/** The parts of a joined token count too: "Aurum-9" answers to "Aurum". */
export function stems(text: string): Set<string> {
  const found = new Set<string>();
  for (const word of tokens(text)) {
    found.add(stem(word));
    if (/[-/'’]/.test(word)) for (const part of word.split(/[-/'’]/)) found.add(stem(part));
  }
  return found;
}

/** Shorter than this, a part of a compound is an accident. */
const compoundPart = 4;

/** Equal stems, or one the end or beginning of the other, as in Danish compounds: pumpe · varmepumpe · pumpehus. */
export function isKin(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return (
    short.length >= compoundPart && long.length - short.length >= 3 && (long.endsWith(short) || long.startsWith(short))
  );
}
