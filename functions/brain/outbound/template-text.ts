/** A text with gaps, `{{name}}` and nothing else: which gaps it has, and how each kind of value is said in a language. Pure. */
import * as z from "zod/v4";
import { Fault } from "../kernel/fault.ts";

export const VariableName = () => z.string().regex(/^[a-z][a-z0-9_]{2,39}$/);

export const Money = () =>
  z.object({
    amount: z.int().describe("In the currency's smallest unit"),
    currency: z.string().regex(/^[A-Z]{3}$/),
  });
export const Value = () => z.union([z.string().max(2000), z.number(), Money()]);
export type Value = z.output<ReturnType<typeof Value>>;

export const kinds = ["text", "number", "money", "date", "time", "link"] as const;
export const Variable = () =>
  z.object({
    type: z.enum(kinds).describe("date: 2026-11-15; time: 14:30; link: an https address"),
    default: Value().optional().describe("Said when nothing is given; without it the variable is required"),
  });
export type Variable = z.output<ReturnType<typeof Variable>>;

export type TemplateText = {
  id: string;
  language: string;
  subject: string | null;
  body: string;
  variables: Record<string, Variable>;
  fallback: boolean;
};

/** What every text may say without being given it. */
export const builtIns = ["contact_name", "brand"] as const;
export type BuiltIns = Record<(typeof builtIns)[number], string | null>;

const gap = /\{\{\s*([a-z][a-z0-9_]{2,39})\s*\}\}/g;

export const gapsOf = (text: string): string[] => [...new Set([...text.matchAll(gap)].map(([, name = ""]) => name))];

/** What is wrong with a text that is to be saved: a gap nobody can fill is found here, not when it is sent. */
export function assertFillable(text: Pick<TemplateText, "subject" | "body" | "variables">): void {
  const words = `${text.subject ?? ""}\n${text.body}`;
  const odd = words.replaceAll(gap, "").match(/\{\{.{0,40}|.{0,40}\}\}/)?.[0];
  if (odd !== undefined)
    throw new Fault("unprocessable", "placeholder_malformed", { detail: `Not a {{name}}: ${odd.trim()}` });
  const own = (name: string) => (builtIns as readonly string[]).includes(name);
  for (const name of gapsOf(words))
    if (!own(name) && !Object.hasOwn(text.variables, name))
      throw new Fault("unprocessable", "placeholder_unknown", {
        variable: name,
        detail: `{{${name}}} is in the text and not among its variables.`,
      });
  for (const [name, { type, default: given }] of Object.entries(text.variables)) {
    if (own(name))
      throw new Fault("unprocessable", "variable_reserved", {
        variable: name,
        detail: `{{${name}}} is filled in by itself.`,
      });
    if (given !== undefined && said(given, type, "en") === undefined) throw wrong(name, type);
  }
}

const wrong = (name: string, type: string) =>
  new Fault("unprocessable", "variable_wrong", {
    variable: name,
    detail: `The value of {{${name}}} is no ${type === "money" ? "amount of money" : type}.`,
  });

const locales: Record<string, string> = { en: "en-GB", da: "da-DK" };
const localeOf = (language: string) => locales[language] ?? language;

/** Intl's narrow and unbreakable spaces would make an SMS UCS-2, and so up to three times as dear. */
const plainSpaces = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, " ");

function money(value: { amount: number; currency: string }, locale: string): string | undefined {
  try {
    const format = new Intl.NumberFormat(locale, { style: "currency", currency: value.currency });
    return format.format(value.amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  } catch {
    return undefined;
  }
}

const isObject = (value: Value): value is Exclude<Value, string | number> => typeof value === "object";

/** A value in the words of a language; undefined when it is not of that kind, "" when it says nothing. */
export function said(value: Value, type: Variable["type"], language: string): string | undefined {
  const locale = localeOf(language);
  const text = typeof value === "string" ? value.trim() : undefined;
  if (type === "number") return typeof value === "number" ? plainSpaces(value.toLocaleString(locale)) : undefined;
  if (type === "money") {
    const amount = isObject(value) ? money(value, locale) : undefined;
    return amount === undefined ? undefined : plainSpaces(amount);
  }
  if (text === undefined) return undefined;
  if (type === "text" || text === "") return text;
  if (type === "link") return URL.parse(text)?.protocol === "https:" ? text : undefined;
  const at = new Date(type === "date" ? `${text}T00:00:00Z` : `2000-01-01T${text}:00Z`);
  const isOne = /^\d{4}-\d\d-\d\d$|^\d\d:\d\d$/.test(text) && at.toString() !== "Invalid Date";
  // The engine reads 30 February as 2 March.
  if (!isOne || !at.toISOString().includes(text)) return undefined;
  const shown = type === "date" ? ({ dateStyle: "long" } as const) : ({ hour: "2-digit", minute: "2-digit" } as const);
  return plainSpaces(new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...shown }).format(at));
}

export type Filled = { subject: string | null; body: string };
export type Unfilled = { missing: string };

/** The text of one person; what cannot be said is named, and nothing is left blank. Throws for a value of another kind. */
export function fill(
  text: TemplateText,
  given: { values: Record<string, Value>; builtIns: BuiltIns },
): Filled | Unfilled {
  const words = new Map<string, string>();
  for (const name of gapsOf(`${text.subject ?? ""}\n${text.body}`)) {
    const variable = text.variables[name];
    const own = given.builtIns[name as keyof BuiltIns];
    const value = variable ? (Object.hasOwn(given.values, name) ? given.values[name] : variable.default) : undefined;
    const word = variable && value !== undefined ? said(value, variable.type, text.language) : own?.trim();
    if (variable && value !== undefined && word === undefined) throw wrong(name, variable.type);
    if (!word) return { missing: name };
    words.set(name, word);
  }
  const put = (line: string) => line.replaceAll(gap, (_, name: string) => words.get(name) ?? "");
  // A line break in a subject would begin another header.
  return { subject: text.subject && put(text.subject).replaceAll(/\s+/g, " "), body: put(text.body) };
}

/** The same, for one person who can be told what is missing. */
export function filled(text: TemplateText, given: { values: Record<string, Value>; builtIns: BuiltIns }): Filled {
  const done = fill(text, given);
  if (!("missing" in done)) return done;
  throw new Fault("unprocessable", "variable_missing", {
    variable: done.missing,
    detail: `Nothing is known to say for {{${done.missing}}}.`,
  });
}

/** The row in a person's language, else the fallback's. */
export const inLanguage = (texts: readonly TemplateText[], language: string | null): TemplateText | undefined =>
  texts.find((text) => text.language === language) ?? texts.find((text) => text.fallback);
