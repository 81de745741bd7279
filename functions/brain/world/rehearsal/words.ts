/** What both sides say without a model: the sentences of one language, and facts and slots put into its words. */
import { languageOf } from "../../memory/index.ts";
import { namedEn } from "../plain-words.ts";
import type { Pack, PackFact, Style } from "./pack.ts";
import { spoken } from "./templates.ts";

export type Manner = { heard: string; holds: string; asks: string; unsure: string; ends: readonly string[] };

export type Words = {
  manners: Record<Style, Manner>;
  against: Record<Style, string>;
  unused(fact: string): string;
  unknown(slot: string): string;
  begin: string;
  between: string;
  /** With what stands before it. */
  slot(slot: string): string;
  /** `price.hourly` as people say it. */
  name(attribute: string): string;
  value(fact: PackFact): string;
};

/** What stands behind the attribute's name: `1400.00 GBP`. */
function valueIn({ statement, attribute }: PackFact): string {
  const name = spoken(attribute);
  const label = `${name.charAt(0).toUpperCase()}${name.slice(1)}: `;
  const at = statement.lastIndexOf(label);
  return at < 0 ? statement : statement.slice(at + label.length);
}

const english: Words = {
  manners: {
    polite: {
      heard: "Thank you for telling me",
      holds: "As far as I know",
      asks: "May I ask about",
      unsure: "I am afraid I do not know about that.",
      ends: ["I would like to find something that works for us both.", "How does that sound to you?"],
    },
    neutral: {
      heard: "I have noted that",
      holds: "What I have here is",
      asks: "What about",
      unsure: "I do not know about that.",
      ends: ["What do you propose?", "What would you like from me?"],
    },
    tough: {
      heard: "So that is where you stand",
      holds: "I go by what I know",
      asks: "You have not said a word about",
      unsure: "I know nothing about that, so it counts for nothing.",
      ends: ["That is not enough for me. Why should I agree?", "I see no reason to move. Give me one."],
    },
    busy: {
      heard: "Noted",
      holds: "I have",
      asks: "Quickly, what is",
      unsure: "No idea.",
      ends: ["I have little time. What do you want?", "Make it short. What is your offer?"],
    },
    defensive: {
      heard: "If you say so",
      holds: "I was told",
      asks: "Why do you not mention",
      unsure: "Nobody told me about that, and it is not my fault.",
      ends: ["I feel that you blame me. What do you expect?", "I did nothing wrong. What is it that you want?"],
    },
  },
  against: {
    polite: "The other side is polite: say thank you, and still say plainly what you want.",
    neutral: "The other side is neutral: one clear request with one reason moves more than three.",
    tough: "The other side is tough: stay calm, give your reason first and let a silence stand.",
    busy: "The other side is busy: begin with what you want, in one sentence.",
    defensive: "The other side is defensive: speak of the matter, not of the person, and ask before you claim.",
  },
  unused: (fact) => `You have not used this yet: ${fact}.`,
  unknown: (slot) => `Nothing is known about ${slot}: settle that before you agree.`,
  begin: "You have not begun: open with what you want.",
  between: "What you write here stays between us.",
  slot: (slot) => `the ${spoken(slot)}`,
  name: namedEn,
  value: valueIn,
};

/** The language of the newest line of the user's that says which it is; English until one does. */
export async function wordsFor({ transcript }: Pick<Pack, "transcript">): Promise<Words> {
  const own = transcript.filter(({ role }) => role === "user").toReversed();
  const language = own.map(({ text }) => languageOf(text)).find((one) => one !== undefined);
  // Seldom needed: not read when the Worker starts.
  return language === "danish" ? (await import("./words-da.ts")).danish : english;
}

export const inWords = (words: Words, fact: PackFact): string => `${words.name(fact.attribute)} ${words.value(fact)}`;

/** Whether a text names what a fact is about, in its own words or in those of the language. */
export function mentions(words: Words, { text, attribute }: { text: string; attribute: string }): boolean {
  const said = text.toLowerCase();
  const [head = ""] = attribute.split(".");
  const names = [...attribute.split(/[._]/), words.name(attribute), words.name(head)];
  return names.some((name) => name.length > 2 && said.includes(name));
}

/** A sentence that may end in an abbreviation: `kr.` has its stop already. */
export const stopped = (sentence: string): string => (sentence.endsWith(".") ? sentence : `${sentence}.`);
