/** An appointment as its verbs show it. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";

export const appointmentStates = ["planned", "confirmed", "done", "cancelled", "no_show"] as const;
export const appointmentKinds = ["visit", "drop_off"] as const;

export const Appointment = () =>
  z.object({
    id: z.string(),
    job: z.object({ id: z.string(), number: z.int(), title: z.string(), status: z.string(), location: z.string() }),
    client: z.object({ id: z.string(), name: z.string().nullable() }),
    tech: z.object({ id: z.string(), name: z.string(), timezone: z.string() }),
    kind: z.enum(appointmentKinds),
    start: z.string(),
    end: z.string().describe("The first instant that is not part of it"),
    blocked_from: z.string().describe("Travel and preparation begin here"),
    blocked_until: z.string(),
    lane: z.int().describe("Which of the places that a working block has"),
    status: z.enum(appointmentStates),
    replaces: z.string().nullable().describe("The appointment that this one took the place of"),
    overridden: z.string().nullable().describe("The rule that was set aside for it"),
    reason: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  });

export type AppointmentView = z.output<ReturnType<typeof Appointment>>;

/** Of the view field.appointments called `a`. */
export const appointmentColumns: SQL = sql`a.id, a.job, a.client, a.tech, a.kind, a.start, a."end", a.blocked_from, a.blocked_until, a.lane, a.status,
  a.replaces, a.overridden, a.reason, a.created_at, a.updated_at, a.version`;

/** Only those that the caller may know of; of the view `a`. */
export const appointmentsInSight: SQL = sql`a.project_id = shared.scope()
  and ((select field.only_tech()) is null or a.tech_id = (select field.only_tech()))`;

export function appointmentView(found: Record<string, unknown>): AppointmentView {
  const row = found as unknown as AppointmentView;
  return {
    ...row,
    start: instant(row.start),
    end: instant(row.end),
    blocked_from: instant(row.blocked_from),
    blocked_until: instant(row.blocked_until),
    created_at: instant(row.created_at),
    updated_at: instant(row.updated_at),
  };
}
