/** One appointment as a page, and what is done with it. */
import type { Context } from "hono";
import {
  cancelAppointment,
  confirmAppointment,
  finishAppointment,
  getAppointment,
  listAppointments,
  listNotices,
  listTechs,
  missAppointment,
  reassign,
  reschedule,
} from "#brain/field/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together, type Verb } from "#brain/kernel/verb.ts";
import { instantOf } from "#brain/kernel/wall-time.ts";
import type { App } from "../runtime.ts";
import { AppointmentPage } from "./appointment-view.tsx";
import { appointmentPath } from "./board-view.tsx";
import { plainly } from "./calendar-words.ts";
import { idIn, reader, readForm, seeOther, writer, zoneIn } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";

async function answerAppointment(
  c: Context<App>,
  ctx: Ctx,
  { id, wrong }: { id: string; wrong?: string[] },
): Promise<Response> {
  const [appointment, techs] = await together(ctx, [
    [getAppointment, { id }],
    [listTechs, { limit: 100 }],
  ] as const);
  const of = { limit: 20, job: appointment.job.id };
  const [history, notices] = await together(ctx, [
    [listAppointments, of],
    [listNotices, of],
  ] as const);
  const seat = seatOf(ctx, null);
  const view = {
    seat,
    appointment,
    techs: techs.data,
    history: history.data,
    notices: notices.data,
    mayPlan: seat.permissions.includes("field:plan"),
    ...(wrong ? { wrong } : {}),
  };
  return answerFramed(c, { seat, place: "board", title: appointment.job.title, body: <AppointmentPage view={view} /> });
}

export const appointmentPage = async (c: Context<App>): Promise<Response> =>
  answerAppointment(c, await reader(c), { id: idIn(c) });

type Act = { verb: Verb; note: NoteCode; input: (form: Map<string, string>) => Record<string, unknown> };

const reasonIn = (form: Map<string, string>) => {
  const reason = form.get("reason")?.trim();
  return reason ? { reason } : {};
};

function startIn(form: Map<string, string>): string {
  const wall = `${form.get("day")}T${form.get("at")}:00`;
  return Number.isNaN(Date.parse(`${wall}Z`)) ? wall : instantOf(wall, zoneIn(form)).toISOString();
}

const acts: Readonly<Record<string, Act>> = {
  confirm: { verb: confirmAppointment as unknown as Verb, note: "appointment_confirmed", input: () => ({}) },
  done: { verb: finishAppointment as unknown as Verb, note: "appointment_ended", input: () => ({}) },
  "no-show": { verb: missAppointment as unknown as Verb, note: "appointment_ended", input: () => ({}) },
  cancel: { verb: cancelAppointment as unknown as Verb, note: "appointment_ended", input: reasonIn },
  reschedule: {
    verb: reschedule as unknown as Verb,
    note: "appointment_moved",
    input: (form) => ({ start: startIn(form), ...reasonIn(form) }),
  },
  reassign: {
    verb: reassign as unknown as Verb,
    note: "appointment_moved",
    input: (form) => ({ tech: form.get("tech") ?? "" }),
  },
};

export async function appointmentForm(c: Context<App>): Promise<Response> {
  const act = acts[c.req.param("act") ?? ""];
  if (!act) throw new Fault("not_found", "route_unknown");
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const id = idIn(c);
  try {
    const input = { id, version: Number(form.get("version")), ...act.input(form) };
    const made = (await once(ctx, { verb: act.verb, input, form })) as { id: string };
    return seeOther(c, await withNote(c, appointmentPath(made.id), { code: act.note }));
  } catch (thrown) {
    const wrong = thrown instanceof Fault ? plainly(thrown) : undefined;
    if (!wrong) throw thrown;
    return answerAppointment(c, ctx, { id, wrong });
  }
}
