/**
 * The notation of the data files. ` / ` separates wordings, {slot} is filled in, {Slot} is the same with a capital.
 * Acts: `== name [moment]`, then `who #fact> wordings` a line (c customer, a agent, t technician, n private note; ?x is left out
 * at times), `--` begins another way to play the act. Faults: `= machine | English | Danish | models | serial prefix`, `- fault`.
 */
import type { Language } from "./calendar.ts";

export type Slots = Readonly<Record<string, string>>;
export type Voice = "c" | "a" | "t" | "n";
export type Line = { voice: Voice; isOptional: boolean; facts: readonly string[]; wordings: readonly string[] };
export type Act = { name: string; moment: string; ways: readonly (readonly Line[])[] };
export type Wordings = Readonly<Record<string, readonly string[]>>;
export type Fault = { name: string; en: Wordings; da: Wordings };
export type Machine = {
  name: string;
  noun: Record<Language, string>;
  models: readonly string[];
  prefix: string;
  faults: readonly Fault[];
};

export const wordings = (text: string): string[] => text.split(" / ").map((wording) => wording.trim());

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Throws when a slot has no filling: a dialogue with a hole is worse than none. */
export function fill(text: string, slots: Slots): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const filling = slots[name] ?? slots[name.charAt(0).toLowerCase() + name.slice(1)];
    if (filling === undefined) throw new Error(`Nothing to fill {${name}} with in: ${text}`);
    return slots[name] === undefined ? capital(filling) : filling;
  });
}

const sections = (text: string, mark: string): { head: string; lines: string[] }[] =>
  `\n${text.trim()}`
    .split(`\n${mark} `)
    .slice(1)
    .map((section) => {
      const [head = "", ...lines] = section.split("\n");
      return { head, lines };
    });

function line(text: string): Line {
  const [, optional, voice, facts = "", said = ""] = /^(\?)?([catn])((?: #\w+)*)> (.+)$/.exec(text) ?? [];
  if (!voice) throw new Error(`Not a line of an act: ${text}`);
  const marks = facts.split(" #").filter(Boolean);
  return { voice: voice as Voice, isOptional: optional === "?", facts: marks, wordings: wordings(said) };
}

export function acts(text: string): ReadonlyMap<string, Act> {
  const parsed = sections(text, "==").map(({ head, lines }) => {
    const [name = "", moment = "now"] = head.split(" ");
    const ways = lines
      .join("\n")
      .split("\n--\n")
      .map((way) => way.split("\n").map(line));
    return { name, moment, ways };
  });
  return new Map(parsed.map((act) => [act.name, act]));
}

/** `en key: wordings` lines as a table per language; other lines keep their whole name as key. */
export function table(lines: readonly string[], language: Language): Wordings {
  const own = lines.filter((entry) => entry.startsWith(`${language} `)).map((entry) => entry.slice(3));
  return Object.fromEntries(
    own.map((entry) => {
      const colon = entry.indexOf(": ");
      return [entry.slice(0, colon), wordings(entry.slice(colon + 2))];
    }),
  );
}

export function machines(text: string): Machine[] {
  return sections(text, "=").map(({ head, lines }) => {
    const [name = "", en = "", da = "", models = "", prefix = ""] = head.split(" | ");
    const faults = entries(lines.join("\n")).map(({ head: fault, lines: said }) => ({
      name: fault,
      en: table(said, "en"),
      da: table(said, "da"),
    }));
    return { name, noun: { en, da }, models: models.split(", "), prefix, faults };
  });
}

/** `- name` sections, each with its `language key: wordings` lines. */
export const entries = (text: string): { head: string; lines: string[] }[] => sections(text, "-");

/** One wording of a key, or a clear error when the data lacks it. */
export function need(from: Wordings, key: string): readonly string[] {
  const found = from[key];
  if (!found) throw new Error(`No wording for ${key}`);
  return found;
}
