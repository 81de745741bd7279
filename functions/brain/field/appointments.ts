/** Appointments are confirmed, kept, missed or called off; and read. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { page, paged, paging, version } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import {
  Appointment,
  type AppointmentView,
  appointmentColumns,
  appointmentStates,
  appointmentsInSight,
  appointmentView,
} from "./appointment.ts";
import { noticesWake } from "./notices.ts";

const id = () => z.string().min(1).max(64);
const faults = ["appointment_unknown", "appointment_changed", "invalid_transition"];
const named = () => z.object({ id: id(), version: version() });
const withReason = () => named().extend({ reason: z.string().trim().min(1).max(500).optional() });
const example = () => ({ id: "apt_0", version: 1 });

type Settled = { id: string; version: number; to: string; reason?: string | undefined };

function settle(ctx: Ctx, to: string, asked: Omit<Settled, "to">) {
  const told: Settled & { event: string } = { ...asked, to, event: ctx.ids.next("event") };
  return commit(ctx, {
    change: sql`select ${appointmentColumns} from field.settle_appointment(${JSON.stringify(told)}::jsonb) made,
      jsonb_populate_record(null::field.appointments, made) a`,
    wake: noticesWake(ctx),
  });
}

export const confirmAppointment = verb(
  {
    name: "field.schedule.confirm",
    summary: "Confirm that an appointment holds",
    needs: "field:plan",
    effect: "write",
    faults,
    input: named,
    output: Appointment,
    example,
  },
  (ctx, asked) => settle(ctx, "confirmed", asked),
  appointmentView,
);

export const cancelAppointment = verb(
  {
    name: "field.schedule.cancel",
    summary: "Call an appointment off; its time is free again and its job waits for another",
    needs: "field:plan",
    effect: "write",
    faults,
    input: withReason,
    output: Appointment,
    example,
  },
  (ctx, asked) => settle(ctx, "cancelled", asked),
  appointmentView,
);

export const missAppointment = verb(
  {
    name: "field.schedule.no_show",
    summary: "Write down that nobody was there; the job waits for another appointment",
    needs: "field:work",
    effect: "write",
    faults: [...faults, "not_begun"],
    input: withReason,
    output: Appointment,
    example,
  },
  (ctx, asked) => settle(ctx, "no_show", asked),
  appointmentView,
);

export const finishAppointment = verb(
  {
    name: "field.schedule.done",
    summary: "Write down that an appointment was kept",
    needs: "field:work",
    effect: "write",
    faults,
    input: named,
    output: Appointment,
    example,
  },
  (ctx, asked) => settle(ctx, "done", asked),
  appointmentView,
);

export const getAppointment = reading(
  {
    name: "field.schedule.get",
    summary: "One appointment",
    needs: "field:read",
    faults: ["appointment_unknown"],
    input: () => z.object({ id: id() }),
    output: Appointment,
  },
  {
    part: (ctx, { id }) =>
      raw<AppointmentView>(
        ctx,
        sql`select ${appointmentColumns} from field.appointments a where ${appointmentsInSight} and a.id = ${id}`,
      ),
    view: (found) => {
      const row = (found as { rows: Record<string, unknown>[] }).rows[0];
      if (!row) throw new Fault("not_found", "appointment_unknown");
      return appointmentView(row);
    },
  },
);

export const listAppointments = reading(
  {
    name: "field.schedule.list",
    summary: "Appointments by time, soonest first; of a period, a technician, a job or a state",
    needs: "field:read",
    input: () =>
      z.object({
        ...paging(),
        from: z.iso.datetime({ offset: true }).optional(),
        until: z.iso.datetime({ offset: true }).optional(),
        tech: id().optional(),
        job: id().optional(),
        status: z.enum(appointmentStates).optional(),
      }),
    output: () => page(Appointment()),
  },
  {
    part: (ctx, { limit, after, ...by }) =>
      raw<AppointmentView>(
        ctx,
        sql`select ${appointmentColumns} from field.appointments a where ${appointmentsInSight}
            and ${by.from ? sql`a.end_ts > ${by.from}::timestamptz and a.start_ts > ${by.from}::timestamptz - interval '1 day'` : sql`true`}
            and ${by.until ? sql`a.start_ts < ${by.until}::timestamptz` : sql`true`}
            and ${by.tech ? sql`a.tech_id = ${by.tech}` : sql`true`} and ${by.job ? sql`a.job_id = ${by.job}` : sql`true`}
            and ${by.status ? sql`a.status = ${by.status}` : sql`true`}
            and ${after ? sql`(a.start_ts, a.id) > (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by a.start_ts, a.id limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: AppointmentView[] }).rows, input, {
        view: (row) => appointmentView(row as unknown as Record<string, unknown>),
        position: (row) => ({ at: row.start, id: row.id }),
      }),
  },
);
