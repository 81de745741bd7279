/** Facts beside passages: a domain above hands in what its reader knows, memory answers from it and cites it. */
import { type SQL, sql } from "drizzle-orm";
import type { Audience } from "./audience.ts";
import type { Quote, Source } from "./candidates.ts";
import type { Language } from "./language.ts";
import type { Narrowing } from "./recall.ts";

/** One fact that its reader knows, as the statement of `told` gives it. */
export type Told = {
  fact: string;
  subject: string;
  attribute: string;
  /** Value and unit: facts of one attribute that differ in it contradict each other. */
  meaning: string;
  /** How well founded, the higher the better. */
  standing: number;
  text: string;
  occurred_at: string;
  evidence_id: string;
  evidence_version: number;
  /** The words it rests on, where its reader may read them. */
  ground: (Source & { quote: string }) | null;
};

/** The two times a question may be asked for. */
export type Asking = { asOf?: string | undefined; knownAt?: string | undefined };

type Sought = Asking & { knower: SQL; words: readonly string[][]; contacts: SQL; most: number };

export type FactSource = {
  /** Where facts have their rows: what citations of them name. */
  table: string;
  /** A query for rows of Told, best met first. */
  told(sought: Sought): SQL;
  /** A query that makes these facts citable, and refuses those that hold no longer. */
  cite(ids: SQL, past: SQL): SQL;
};

let source: FactSource | undefined;
/** Said once, where all domains are known. */
export const answerFrom = (facts: FactSource): void => {
  source = facts;
};

/** Attributes an answer is looked for in. */
const most = 8;

const knowerOf = (audience: Audience): SQL => {
  if (audience.kind === "contact") return sql`'contact:' || (inbox.person_named(${audience.id}))[1]`;
  return audience.kind === "technician" ? sql`${`technician:${audience.id}`}` : sql`${audience.kind}`;
};

type Wanted = Asking & { words: readonly string[][]; audience: Audience; narrowing: Narrowing };

/** As a JSON array. A conversation has passages only. */
export function toldTo({ words, audience, narrowing, ...times }: Wanted): SQL {
  if (!source || words.length === 0 || narrowing.conversation !== undefined) return sql`'[]'::jsonb`;
  const contacts = sql`inbox.people_named(${narrowing.contact ?? null})`;
  const query = source.told({ ...times, knower: knowerOf(audience), words, contacts, most });
  return sql`coalesce((select jsonb_agg(to_jsonb(t)) from (${query}) t), '[]')`;
}

export const isFact = (of: Pick<Source, "source_table">): boolean => of.source_table === source?.table;

/** Null when no fact is among what is cited. */
export function citing(cited: readonly { source_table: string; source_pk: string }[], { knownAt }: Asking): SQL | null {
  const ids = cited.filter(isFact).map(({ source_pk }) => source_pk);
  if (!source || ids.length === 0) return null;
  return source.cite(sql`${JSON.stringify(ids)}::jsonb`, sql`${knownAt !== undefined}`);
}

export const factSource = ({ fact, text, occurred_at, evidence_id, evidence_version }: Told): Source => ({
  id: fact,
  text,
  source_table: source?.table ?? "",
  source_pk: fact,
  conversation: null,
  seq: null,
  contact: null,
  occurred_at,
  evidence_id,
  evidence_version,
});

export const sourcesOf = (told: Told): Source[] => [factSource(told), ...(told.ground ? [told.ground] : [])];

/** The fact, and the words it rests on. */
export const quotesOf = (told: Told): [Quote, ...Quote[]] => [
  { source: factSource(told), quote: told.text },
  ...(told.ground ? [{ source: told.ground, quote: told.ground.quote }] : []),
];

const isSame = (a: Told, b: Told) => a.subject === b.subject && a.attribute === b.attribute;

/** The best founded of one attribute: more than one when they contradict each other. */
export function foremost(of: Told, all: readonly Told[]): Told[] {
  const peers = all.filter((one) => isSame(of, one));
  const best = peers.filter(({ standing }) => standing === Math.max(...peers.map((one) => one.standing)));
  const different = best.filter((one, i) => best.findIndex(({ meaning }) => meaning === one.meaning) === i);
  return different.length > 1 ? different : best.slice(0, 1);
}

const counts = { english: ["Two", "Three", "Four"], danish: ["To", "Tre", "Fire"] } as const;

/** One sentence; where sources disagree, what each of them says. */
export function saying(told: readonly Told[], language: Language | undefined): string {
  const said = told.map(({ text }) => text.replace(/[.;\s]+$/, ""));
  if (said.length === 1) return `${said[0]}.`;
  const words = counts[language ?? "english"];
  const count = words[told.length - 2] ?? String(told.length);
  return language === "danish"
    ? `${count} kilder siger: ${said.join("; ")}.`
    : `${count} sources say: ${said.join("; ")}.`;
}
