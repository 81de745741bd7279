/** How the world is said: values, where a fact is from, who knows it, and the instants one steps through. Pure. */
import { shownAs, typedAs } from "./typed-values.ts";
import { dateTime, type Here, sentence } from "./words.ts";

export const worldPath = "/console/world";
export const entityPath = (id: string): string => `${worldPath}/${encodeURIComponent(id)}`;

/** `price.hourly` → `Price hourly`. */
export const attributeWords = (name: string): string => sentence(name.replaceAll(/[._]+/g, " "));
/** `RENTED_FROM` → `rented from`, `CLIENT_OF` → `is client of`. */
export const relationWords = (type: string): string =>
  `${/_(?:OF|WITH|FOR)$/.test(type) ? "is " : ""}${type.toLowerCase().replaceAll("_", " ")}`;

type Money = { amount_minor: number; currency: string };
const isMoney = (value: unknown): value is Money =>
  typeof value === "object" && value !== null && "amount_minor" in value && "currency" in value;

/** `695.00 DKK per hour`. */
export function valueWords(value: unknown, unit: string | null): string {
  const said = isMoney(value)
    ? shownAs({ amount: value.amount_minor, currency: value.currency })
    : typeof value === "string"
      ? value
      : JSON.stringify(value);
  return unit ? `${said} ${unit}` : said;
}

/** What was typed, as a value of its type; what is none is refused by the verb. */
export function typedValue(text: string, type: string): unknown {
  if (type === "number") return typedAs(text, "number");
  if (type === "currency") {
    const money = typedAs(text, "money");
    return typeof money === "object" ? { amount_minor: money.amount, currency: money.currency } : text;
  }
  if (type !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const sourceWords: Record<string, string> = {
  user_entered: "Entered by a colleague",
  user_confirmed_extraction: "Read from a message, confirmed",
  model_extracted: "Read from a message",
  inferred: "Concluded",
  external: "From another system",
};

export const visibilityWords: Record<string, string> = {
  public: "Public",
  contact: "Its contact’s own",
  internal: "Staff only",
};

export const knowingWords = {
  confirmed: { shape: "done", tone: "good", word: "knows it" },
  assumed: { shape: "half", tone: "wait", word: "is assumed to know it" },
  unknown: { shape: "ring", tone: "plain", word: "does not know it" },
  false_belief: { shape: "warning", tone: "bad", word: "believes something else" },
} as const;

/** `from 3 May 2026, 10:00 to …`; both ends may be open. */
export function spanWords(from: string | null, to: string | null, here: Here): string {
  if (from && to) return `${dateTime(from, here)} to ${dateTime(to, here)}`;
  if (from) return `since ${dateTime(from, here)}`;
  return to ? `until ${dateTime(to, here)}` : "at all times";
}

/** Fractions of a second as six digits, so that text sorts like time. */
const sortable = (at: string): string => {
  const [, whole = at, part = ""] = /^(.{19})(?:\.(\d+))?Z$/.exec(at) ?? [];
  return `${whole}.${part.padEnd(6, "0")}`;
};

export type Steps = { instants: readonly string[]; at: number };

/** How many changes lie at or before the chosen moment. */
export const stepsOf = (instants: readonly string[], chosen: string): Steps => ({
  instants,
  at: instants.filter((instant) => sortable(instant) <= sortable(chosen)).length,
});

/** The moment of a step; of step 0, a day before anything changed. Null past either end. */
export function momentOf({ instants }: Pick<Steps, "instants">, step: number): string | null {
  const [first] = instants;
  if (!first || step < 0) return null;
  if (step === 0) return new Date(Date.parse(first) - 86_400_000).toISOString();
  return instants[step - 1] ?? null;
}

/** `as_of` and `known_at` as an address carries them; what is no moment is left out. */
export const momentIn = (text: string | undefined): string | undefined =>
  /^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(text ?? "") && !Number.isNaN(Date.parse(text ?? ""))
    ? text
    : undefined;

export function momentQuery(times: Record<"as_of" | "known_at", string | undefined>): string {
  const asked = new URLSearchParams(Object.entries(times).flatMap(([name, at]) => (at ? [[name, at]] : [])));
  return asked.size === 0 ? "" : `?${asked}`;
}

type Named = { id: string; name: string | null };

/** Whoever may know something. */
export const knowersOf = (of: {
  entities: readonly (Named & { type: string })[];
  contacts: readonly Named[];
  members: readonly { user: string; name: string | null }[];
}): { id: string; name: string }[] => [
  ...of.entities.flatMap(({ id, type, name }) =>
    type === "Person" || type === "Company" ? [{ id: `entity:${id}`, name: name ?? id }] : [],
  ),
  ...of.contacts.map(({ id, name }) => ({ id: `contact:${id}`, name: `${name ?? id}, as a contact` })),
  ...of.members.map(({ user, name }) => ({ id: `technician:${user}`, name: `${name ?? user}, of us` })),
];
