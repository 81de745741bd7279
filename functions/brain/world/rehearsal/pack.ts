/** All that one side of a rehearsal is told before a turn: what it may know, what was said to it, and what it still has to ask. */
import { sha256 } from "../../kernel/digest.ts";
import { fills, slotsOf } from "./templates.ts";

export type PackFact = {
  fact: string;
  subject: string;
  attribute: string;
  value: unknown;
  value_type: string;
  unit: string | null;
  statement: string;
  status: "confirmed" | "assumed" | "unknown" | "false_belief";
  confidence: number;
  session_only: boolean;
  source: { type: string; ref: string; evidence: string | null; version: number | null };
};

export type Line = {
  n: number;
  id: string;
  role: "user" | "counterparty" | "coach" | "system";
  channel: Channel;
  text: string;
};
export type Channel = "roleplay" | "coach";
export type Style = "polite" | "neutral" | "tough" | "busy" | "defensive";

/** What world.knows_at answers: facts that this knower may see and lines that he has heard, nothing else. */
export type Known = {
  session: string;
  style: Style;
  template: string | null;
  channel: Channel;
  knower: string;
  parties: { entity: string; part: "self" | "counterparty" | "attached" }[];
  as_of: string;
  known_at: string;
  upto: number;
  facts: PackFact[];
  transcript: Line[];
};

export type Pack = Known & { version: 1; unknown_required_slots: string[] };

export const packOf = (known: Known): Pack => ({
  ...known,
  version: 1,
  unknown_required_slots: slotsOf(known.template).filter(
    (slot) => !known.facts.some(({ attribute }) => fills(slot, attribute)),
  ),
});

/** JSON in one form: members by name, no space. RFC 8785 says the same of such values. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, held]) => `${JSON.stringify(name)}:${canonical(held)}`).join(",")}}`;
}

export const hashOf = (pack: unknown): Promise<string> => sha256(canonical(pack));
