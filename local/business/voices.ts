/** How a person writes: style, haste, small mistakes, greetings of a mail. Values in slots are never misspelt. */
import type { Language } from "./calendar.ts";
import type { Style } from "./customers.ts";
import { asides } from "./data/small.ts";
import type { Inbox } from "./script.ts";
import type { Seeded } from "./seeded.ts";

const SHORT: Record<Language, readonly (readonly [RegExp, string])[]> = {
  en: [
    [/\bplease\b/gi, "pls"],
    [/\bthanks\b/gi, "thx"],
    [/\bbecause\b/gi, "bc"],
    [/\byou\b/gi, "u"],
  ],
  da: [
    [/\bikke\b/gi, "ik"],
    [/\bundskyld\b/gi, "sorry"],
    [/\bog\b/g, "&"],
  ],
};

const MISTAKES: Record<Style, number> = { neat: 0.01, chatty: 0.06, terse: 0.12 };

/** Swaps or drops a letter inside one longer word outside the slots. */
function mistype(random: Seeded, template: string): string {
  const words = [...template.matchAll(/(?<![{\p{L}])\p{Ll}{5,}(?![}\p{L}])/gu)];
  if (words.length === 0) return template;
  const { 0: word, index } = random.pick(words);
  const i = random.int(1, word.length - 3);
  const [a = "", b = ""] = [word.charAt(i), word.charAt(i + 1)];
  const wrong = word.slice(0, i) + (random.chance(0.5) ? b + a : a) + word.slice(i + 2);
  return template.slice(0, index) + wrong + template.slice(index + word.length);
}

/** A customer's wording before its slots are filled. */
export function voiced(random: Seeded, template: string, of: { style: Style; language: Language }): string {
  let text = random.chance(MISTAKES[of.style]) ? mistype(random, template) : template;
  if (of.style !== "terse") return text;
  for (const [long, short] of SHORT[of.language]) if (random.chance(0.4)) text = text.replace(long, short);
  text = text.replace(/(?<![.!?])[.]$/, "");
  return random.chance(0.6) && !/^I\b/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

export type Letter = { style: Style; language: Language; inbox: Inbox; name: string; isOpening: boolean };

const GREETED = /^(hi|hello|dear|morning|hej|goddag|godmorgen|kære)\b/i;

/** Adds what people put around their point: an aside, and in a mail a greeting and a name. */
export function wrapped(random: Seeded, text: string, letter: Letter): string {
  const { language, isOpening } = letter;
  const isTalkative = letter.style === "chatty" && random.chance(isOpening ? 0.6 : 0.12);
  const aside = isTalkative ? random.pick(asides[language]) : "";
  const body =
    aside && text.length > 25
      ? random.chance(0.5) && !GREETED.test(text)
        ? `${aside} ${text}`
        : `${text} ${aside}`
      : text;
  if (letter.inbox !== "mail" || !isOpening) return body;
  const greeting = GREETED.test(body) ? "" : language === "en" ? "Dear all,\n\n" : "Kære alle\n\n";
  const farewell = language === "en" ? "Kind regards," : "Med venlig hilsen";
  return `${greeting}${body}\n\n${farewell}\n${letter.name}`;
}
