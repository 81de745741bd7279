/** What every statement about the world carries: when it held, where it is from, who is to know it. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { Fault } from "../kernel/fault.ts";

export const sourceTypes = [
  "user_entered",
  "user_confirmed_extraction",
  "model_extracted",
  "inferred",
  "external",
] as const;

export const visibilities = ["public", "contact", "internal"] as const;

export const ref = () => z.string().min(1).max(64);

/** An instant of a year that people write with four digits. */
export const moment = () => z.iso.datetime({ offset: true, abort: true }).regex(/^[1-9]/, "a year from 1000 on");

/** An id somebody brings along from elsewhere, so that a repetition is seen. */
export const ownId = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[a-z0-9]{1,40}$`), `${prefix}_ and small letters and digits`)
    .optional()
    .describe("Only to bring a record back under the id it had");

export const interval = () => ({
  valid_from: moment().nullable().optional().describe("Null: as far back as one can say"),
  valid_to: moment().nullable().optional().describe("Exclusive; null: until something else is said"),
});

/** The two times a question may be asked for. */
export const asked = () => ({
  as_of: moment().optional().describe("What held then; now unless said"),
  known_at: moment().optional().describe("As we knew it then; now unless said"),
});
export type Asked = { as_of?: string | undefined; known_at?: string | undefined };

export const asOf = ({ as_of }: Asked): SQL => sql`coalesce(${as_of ?? null}::timestamptz, shared.clock())`;
export const knownAt = ({ known_at }: Asked): SQL => sql`coalesce(${known_at ?? null}::timestamptz, shared.clock())`;

/** Required, though the schema lets it out: its absence has a name of its own. */
export const provenance = () =>
  z
    .object({
      source_type: z.enum(sourceTypes),
      source_ref: z.string().trim().min(1).max(200).describe("The form, message, session or import"),
      evidence: ref().optional().describe("What can be cited for it"),
    })
    .optional();

export function grounds<P extends object>(given: P | undefined): P {
  if (given) return given;
  throw new Fault("invalid", "provenance_required", {
    detail: "Say where it is from: provenance with source_type and source_ref.",
    errors: [{ pointer: "/provenance", detail: "is missing" }],
  });
}

export const groundFaults = ["provenance_required", "evidence_unknown", "evidence_withdrawn"];

/** Who may be asked about. */
export const knower = () =>
  z
    .string()
    .regex(
      /^(staff|public|(technician|contact|entity):[A-Za-z0-9_.:-]{1,200})$/,
      "staff, public, technician:<id>, contact:<id> or entity:<id>",
    );
