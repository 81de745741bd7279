/** Appointments are booked and moved. The database holds the same rules as the search, whoever asks. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { version } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { Appointment, appointmentColumns, appointmentView } from "./appointment.ts";
import { noticesWake } from "./notices.ts";

const rules = [
  "job_unknown",
  "job_over",
  "tech_unknown",
  "tech_inactive",
  "in_the_past",
  "too_far_ahead",
  "outside_working_time",
  "blackout",
  "slot_taken",
  "already_scheduled",
];
const moving = [...rules, "appointment_unknown", "appointment_changed", "invalid_transition"];

const id = () => z.string().min(1).max(64);
const minutes = () => z.int().min(5).max(1440);
const reason = () =>
  z
    .string()
    .trim()
    .min(1)
    .max(500)
    .optional()
    .describe("Sets working time and blackouts aside, never somebody else's appointment; audited");

type Booking = {
  job?: string;
  tech?: string | undefined;
  start?: string | undefined;
  minutes?: number | undefined;
  reason?: string | undefined;
  replaces?: string;
  version?: number;
};

function put(ctx: Ctx, booking: Booking) {
  const appointment = ctx.ids.next("appointment");
  const told = { id: appointment, event: ctx.ids.next("event"), ...booking };
  return commit(ctx, {
    status: 201,
    change: sql`select ${appointmentColumns} from field.book(${JSON.stringify(told)}::jsonb) made, jsonb_populate_record(null::field.appointments, made) a`,
    wake: noticesWake(ctx),
    ...(booking.reason
      ? {
          audit: {
            action: "schedule.overridden",
            ref: ["appointment", appointment] as [string, string],
            evidence: "none" as const,
          },
        }
      : {}),
  });
}

export const book = verb(
  {
    name: "field.schedule.book",
    summary: "Book a technician for a job at a time; the job is scheduled by it",
    needs: "field:plan",
    effect: "write",
    faults: rules,
    input: () =>
      z.object({
        job: id(),
        tech: id(),
        start: z.iso.datetime({ offset: true }),
        minutes: minutes()
          .optional()
          .describe("Left out, the job's own estimate, or an hour; a drop-off has its window"),
        reason: reason(),
      }),
    output: Appointment,
    example: () => ({ job: "job_example", tech: "tec_example", start: "2026-11-16T10:00:00+01:00" }),
  },
  (ctx, booking) => put(ctx, booking),
  appointmentView,
);

export const reschedule = verb(
  {
    name: "field.schedule.reschedule",
    summary: "Move an appointment to another time; the old one stays on record as cancelled",
    needs: "field:plan",
    effect: "write",
    faults: moving,
    input: () =>
      z.object({
        id: id(),
        version: version(),
        start: z.iso.datetime({ offset: true }),
        minutes: minutes().optional(),
        tech: id().optional(),
        reason: reason(),
      }),
    output: Appointment,
    example: () => ({ id: "apt_0", version: 1, start: "2026-11-16T13:00:00+01:00" }),
  },
  (ctx, { id, ...booking }) => put(ctx, { replaces: id, ...booking }),
  appointmentView,
);

export const reassign = verb(
  {
    name: "field.schedule.reassign",
    summary: "Give an appointment to another technician at the same time; the old one stays on record as cancelled",
    needs: "field:plan",
    effect: "write",
    faults: moving,
    input: () => z.object({ id: id(), version: version(), tech: id(), reason: reason() }),
    output: Appointment,
    example: () => ({ id: "apt_0", version: 1, tech: "tec_0" }),
  },
  (ctx, { id, ...booking }) => put(ctx, { replaces: id, ...booking }),
  appointmentView,
);
