/** Whether a sentence says only what its evidence says: what may be invented most easily is looked up word by word. */
import { isIdle } from "./asked.ts";
import { languageOf } from "./language.ts";
import { isKin, stem, stems, tokens } from "./stem.ts";
import { isSynonym } from "./synonyms.ts";

/** Numbers spelled out, weekdays and months are facts like digits. */
const spelled =
  /^(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|half|twice|hundred|thousand|tre|fire|fem|seks|syv|otte|ni|ti|elleve|tolv|halv|hundrede|tusind|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:man|tirs|ons|tors|fre|lør|søn)dag(?:en)?|january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|marts|maj|juni|juli|oktober|today|tomorrow|yesterday|tonight)$/i;

/** Two in Danish, and in English no number at all: the other words tell, of the sentence or else of its evidence. */
const to = /(?<!\p{L})to(?!\p{L})/giu;
const isEnglish = (...texts: string[]): boolean =>
  texts.map((text) => languageOf(text.replaceAll(to, " "))).find((language) => language !== undefined) === "english";

const hasDigit = /\p{Nd}/u;
const placeholder = /<(?:phone|email|number)>/;
/** Of the sentence's telling words, so many must come from the evidence or the question. */
const leastShared = 0.5;

/** 2,390 and 2.390 and 2390 are one number; 14.30 and 14:30 one time. */
const plainNumber = (token: string): string => token.replace(/[.,:'’]/g, "");

const isCapital = (token: string): boolean => /^\p{Lu}/u.test(token);

export type Support = { evidence: string; names: string; question: string };

export function isSupported(sentence: string, { evidence, names, question }: Support): boolean {
  if (placeholder.test(sentence)) return false;
  const given = tokens(`${evidence} ${names}`);
  const numbers = new Set(given.filter((token) => hasDigit.test(token)).map(plainNumber));
  const words = stems(`${evidence} ${names}`);
  // A name in the question is no evidence that the answer is about it.
  const asked = new Set(
    tokens(question)
      .filter((token) => !isCapital(token))
      .map(stem),
  );
  const said = tokens(sentence);
  const hasTwo = !isEnglish(sentence, evidence);
  const invented = said.some((token, at) => {
    if (hasDigit.test(token)) return !numbers.has(plainNumber(token));
    const root = stem(token);
    if (words.has(root)) return false;
    if (spelled.test(token) || (hasTwo && /^to$/i.test(token))) return true;
    if (!isCapital(token)) return false;
    // A sentence begins with a capital, whatever the word; elsewhere it is a name.
    return at > 0 || !(isIdle(token) || asked.has(root));
  });
  if (invented) return false;
  const telling = said.filter((token) => !isIdle(token) && !hasDigit.test(token)).map(stem);
  const known = (root: string) =>
    asked.has(root) || [...words].some((word) => isKin(word, root) || isSynonym(word, root));
  return telling.length === 0 || telling.filter(known).length >= leastShared * telling.length;
}
