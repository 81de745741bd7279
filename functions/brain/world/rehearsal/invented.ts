/** What an answer says that nobody told it: numbers, dates, amounts and names must stand in its pack, or it is thrown away. */
import { isIdle, languageOf, stem, tokens } from "../../memory/index.ts";
import type { Pack } from "./pack.ts";
import { spoken } from "./templates.ts";

const spelled =
  /^(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|half|twice|double|hundred|thousand|million|to|tre|fire|fem|seks|syv|otte|ni|ti|elleve|tolv|halv|hundrede|tusind|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:man|tirs|ons|tors|fre|lør|søn)dag|january|february|march|april|june|july|august|september|october|november|december|januar|februar|marts|maj|juni|juli|oktober|tomorrow|yesterday|tonight)$/i;

/** Words an answer may begin with, though a capital would make them a name elsewhere. */
const openers = new Set(
  `alright agreed anyway because besides certainly clearly come consider fair fine first for frankly give good hello here hi hmm honestly however
  listen look let lets maybe no okay ok perhaps please really right so sorry still sure tell thank thanks then there understood wait well what when
  why yes yet fint godt hej ja jamen nej nå okay tak vent`.split(/\s+/),
);

const hasDigit = /\p{Nd}/u;
/** 1,400.00 and 1400 are one amount. */
const plainNumber = (token: string): string => token.replace(/[.,]00$/, "").replaceAll(/[-.,:/'’]/g, "");

const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?…:;])\s+|\n+/);

/** What was told to whoever answers, as words. */
export const toldBy = (pack: Pack): string =>
  [
    ...pack.facts.flatMap(({ statement, attribute }) => [statement, spoken(attribute)]),
    ...pack.transcript.map(({ text }) => text),
    ...pack.unknown_required_slots.map(spoken),
  ].join("\n");

/** The first thing that was invented; undefined when nothing was. */
export function inventedIn(answer: string, told: string): string | undefined {
  const given = tokens(told);
  const numbers = new Set(given.filter((token) => hasDigit.test(token)).map(plainNumber));
  // "1 400" was said as two words.
  for (const [said] of told.matchAll(/\d{1,3}(?: \d{3})+/g)) numbers.add(said.replaceAll(" ", ""));
  const words = new Set(given.map(stem));
  // English "to" is no number, Danish "to" is one.
  const isDanish = languageOf(answer) === "danish";
  for (const sentence of sentencesOf(answer)) {
    const wrong = tokens(sentence).find((token, at) => {
      if (hasDigit.test(token)) return !numbers.has(plainNumber(token));
      if (words.has(stem(token))) return false;
      if (spelled.test(token)) return isDanish || !isIdle(token);
      if (!/^\p{Lu}/u.test(token) || token === "I" || /^I['’]/.test(token)) return false;
      return at > 0 || !(isIdle(token) || openers.has(token.toLowerCase()));
    });
    if (wrong) return wrong;
  }
  return undefined;
}

/** A counterparty who gives advice has left his part. */
const coaching =
  /\b(?:you (?:should|could|might want to) (?:say|ask|try|offer|mention|push|point)|try (?:saying|asking|to say)|my advice|as your coach|coach(?:ing)? (?:tip|note|hint)|(?:negotiation )?tip:|hint:|a (?:better|stronger) (?:answer|reply|opening) (?:is|would be)|du (?:burde|bør|kunne) (?:sige|spørge|prøve)|prøv at (?:sige|spørge)|mit råd|som din coach)(?!\p{L})/iu;

export const coaches = (answer: string): boolean => coaching.test(answer);
