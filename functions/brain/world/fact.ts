/** A fact as it is shown and as it may be said: an attribute of an entity with a value of its type. */
import * as z from "zod/v4";
import { Fault } from "../kernel/fault.ts";
import { instant } from "../kernel/schemas.ts";
import { sourceTypes, visibilities } from "./said.ts";

export const valueTypes = ["string", "number", "date", "currency", "json"] as const;
export const edgeStatuses = ["confirmed", "assumed", "unknown", "false_belief"] as const;

/** `price.hourly`: names agents see hold no `key`, which is where secrets go. */
export const attribute = () =>
  z
    .string()
    .max(80)
    .regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/, "words of small letters with dots, like salary.base");

/** In one shape for every type; the database holds it against its type. */
export const value = () =>
  z
    .union([
      z.string().max(4000),
      z.number(),
      z.boolean(),
      z.record(z.string().max(100), z.unknown()),
      z.array(z.unknown()),
    ])
    .describe(
      "Of its type: a string, a number, a date like 2026-05-03, money as {amount_minor, currency} in ISO 4217, or any JSON",
    );

export const Fact = () =>
  z.object({
    id: z.string(),
    subject: z.string(),
    attribute: z.string(),
    value: z.unknown(),
    value_type: z.enum(valueTypes),
    unit: z.string().nullable(),
    statement: z.string(),
    status: z.enum(edgeStatuses).describe("false_belief: what is held for true instead"),
    confidence: z.number(),
    visibility: z.enum(visibilities),
    contact: z.string().nullable().describe("Whose own it is"),
    session: z.string().nullable(),
    valid_from: z.string().nullable(),
    valid_to: z.string().nullable(),
    recorded_at: z.string(),
    source: z.object({
      type: z.enum(sourceTypes),
      ref: z.string(),
      origin: z.string().describe("Who says so: the same origin replaces what it said, another one contradicts"),
      evidence: z.object({ id: z.string(), version: z.int().nullable() }).nullable(),
    }),
    stale: z.boolean().describe("What it rests on has changed"),
  });

export type FactView = z.output<ReturnType<typeof Fact>>;

/** A row of world.seen, or of world.facts with its root in place of fact_id. */
export type FactRow = {
  fact_id?: string;
  root_id?: string;
  subject_entity_id: string;
  key: string;
  value: unknown;
  value_type: FactView["value_type"];
  unit: string | null;
  statement: string;
  status?: FactView["status"];
  confidence: number;
  visibility: number;
  contact_id: string | null;
  session_id: string | null;
  valid_from: string | null;
  valid_to: string | null;
  recorded_at: string;
  source_type: FactView["source"]["type"];
  source_ref: string;
  origin: string;
  evidence_id: string | null;
  evidence_version: number | null;
  stale?: boolean;
  stale_at?: string | null;
};

export const factView = (row: FactRow): FactView => ({
  id: row.fact_id ?? row.root_id ?? "",
  subject: row.subject_entity_id,
  attribute: row.key,
  value: row.value,
  value_type: row.value_type,
  unit: row.unit,
  statement: row.statement,
  status: row.status ?? "confirmed",
  confidence: row.confidence,
  visibility: visibilities[row.visibility] ?? "internal",
  contact: row.contact_id,
  session: row.session_id,
  valid_from: instant(row.valid_from),
  valid_to: instant(row.valid_to),
  recorded_at: instant(row.recorded_at),
  source: {
    type: row.source_type,
    ref: row.source_ref,
    origin: row.origin,
    evidence: row.evidence_id === null ? null : { id: row.evidence_id, version: row.evidence_version },
  },
  stale: row.stale ?? (row.stale_at ?? null) !== null,
});

/** The database knows the form of money, the runtime its names. */
export function assertMoney(said: { value_type: string; value: unknown }): void {
  if (said.value_type !== "currency") return;
  const named = (said.value as { currency?: unknown } | null)?.currency;
  if (typeof named === "string" && Intl.supportedValuesOf("currency").includes(named)) return;
  throw new Fault("invalid", "value_invalid", {
    detail: "Money is {amount_minor, currency}, the currency one of ISO 4217.",
    errors: [{ pointer: "/value", detail: "is no amount of money" }],
  });
}

/** Facts of one attribute as somebody sees them: the best founded, unless equally good sources disagree. */
export type Attribute = { attribute: string; preferred: string | null; conflict: boolean; facts: FactView[] };

const ranks: Record<string, number> = { external: 2, model_extracted: 1, inferred: 0 };
export const rankOf = (type: string): number => ranks[type] ?? 3;

const meaning = ({ value: said, unit }: FactView): string => JSON.stringify([said, unit]);

/** `facts` come best founded first, attribute after attribute, as world.visible_facts gives them. */
export function byAttribute(facts: readonly FactView[]): Attribute[] {
  const groups = Map.groupBy(facts, (fact) => fact.attribute);
  return [...groups].map(([name, all]) => {
    const first = all[0];
    const best = all.filter(
      (fact) => first && fact.status !== "false_belief" && rankOf(fact.source.type) === rankOf(first.source.type),
    );
    const conflict = new Set(best.map(meaning)).size > 1;
    return { attribute: name, preferred: conflict ? null : (first?.id ?? null), conflict, facts: all };
  });
}
