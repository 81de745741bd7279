/** How a person writes: style, haste, small mistakes, greetings of a mail. Values in slots are never misspelt. */
import type { Language } from "./calendar.ts";
import type { Style } from "./customers.ts";
import { asides } from "./data/small.ts";
import type { Turn } from "./model.ts";
import { capital, fill, type Line, type Slots } from "./phrases.ts";
import type { Inbox } from "./script.ts";
import type { Seeded } from "./seeded.ts";
import type { Topic } from "./topics.ts";

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
function voiced(random: Seeded, template: string, of: { style: Style; language: Language }): string {
  let text = random.chance(MISTAKES[of.style]) ? mistype(random, template) : template;
  if (of.style !== "terse") return text;
  for (const [long, short] of SHORT[of.language]) if (random.chance(0.4)) text = text.replace(long, short);
  text = text.replace(/(?<![.!?])[.]$/, "");
  return random.chance(0.6) && !/^I\b/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

type Letter = { style: Style; language: Language; inbox: Inbox; name: string; isOpening: boolean };

const GREETED = /^(hi|hello|dear|morning|hej|goddag|godmorgen|kære)\b/i;

/** Adds what people put around their point: an aside, and in a mail a greeting and a name. */
function wrapped(random: Seeded, text: string, letter: Letter): string {
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

/** With many machines to talk about, people often say which one they mean; these are the shares of fact lines without it. */
const STAFF_NAMES_IT = 0.75;
const CUSTOMER_NAMES_IT = 0.45;
const isVague = (line: Line, wording: string): boolean =>
  line.facts.some((fact) => fact !== "yes") &&
  line.voice !== "n" &&
  !GREETED.test(wording) &&
  !/\{(asset|place|thepart|part|invoice)\}/i.test(wording);

/** English weekdays and I, and names of codes. */
const ALWAYS_CAPITAL = /^(I\b|[A-Z][a-z]+day\b|[A-Z]{2})/;

/** "Re the boiler at the museum: …" or "… That is for the boiler at the museum." */
function regarding(random: Seeded, text: string, of: { slots: Slots; language: Language }): string {
  const { label = "", asset = "", place = "" } = of.slots;
  const about = `${random.pick([label, asset, asset])} ${place}`;
  const [openings, closing] =
    of.language === "en"
      ? [["About", "Regarding", "Re", "For"], "That is for"]
      : [["Ang.", "Vedr.", "Til", "Om"], "Det gælder"];
  const rest = ALWAYS_CAPITAL.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
  if (random.chance(0.7)) return `${random.pick(openings)} ${about}: ${rest}`;
  return `${text}${/[.!?]$/.test(text) ? "" : "."} ${closing} ${about}.`;
}

export type Spoken = Omit<Turn, "key" | "conversation" | "seq" | "at">;
type Saying = { line: Line; topic: Topic; inbox: Inbox };

const tidy = (text: string): string => text.replace(/([.!?])\.(?=\s|$)/g, "$1").trim();
const sentence = (text: string): string => text.replace(/^\p{Ll}/u, capital);

/** One line of a topic as its speaker writes it. */
export function speak(random: Seeded, { line, topic, inbox }: Saying): Spoken {
  const { person, style } = topic.about.customer;
  const { language } = person;
  const kind = line.voice === "c" ? "customer" : line.voice === "n" ? "note" : "agent";
  const base = { contact: person.key, language, kind, isPrivate: kind === "note" } as const;
  const { job } = topic.about;
  const slots = { ...topic.slots(language), ...(job ? moods(random, job.fault[language]) : {}) };
  const wording = random.pick(line.wordings);
  const isUnclear = job !== undefined && isVague(line, wording);
  if (kind !== "customer") {
    const text = tidy(sentence(fill(wording, slots)));
    return {
      ...base,
      text: isUnclear && random.chance(STAFF_NAMES_IT) ? regarding(random, text, { slots, language }) : text,
    };
  }
  const template = isUnclear && random.chance(CUSTOMER_NAMES_IT) ? `${wording} ({place})` : wording;
  const text = tidy(fill(voiced(random, template, { style, language }), slots));
  const letter = { style, language, inbox, name: person.name, isOpening: line.facts.includes("report") };
  const photo = /photo|billede/.test(wording) ? { attachment: { kind: "image" as const, name: "plate.jpg" } } : {};
  return { ...base, text: wrapped(random, style === "terse" ? text : sentence(text), letter), ...photo };
}

const moods = (random: Seeded, fault: Readonly<Record<string, readonly string[]>>): Slots => ({
  does: random.pick(fault["does"] ?? [""]),
  more: random.pick(fault["more"] ?? [""]),
});
