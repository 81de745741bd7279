/** Working time as pages: the project's rules, weeks, blackouts. */
import type { Context } from "hono";
import {
  createBlackout,
  deleteBlackout,
  getCalendar,
  getTech,
  getWeek,
  listBlackouts,
  listTechs,
  setWeek,
  updateCalendar,
} from "#brain/field/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import type { App } from "../runtime.ts";
import { CalendarPage } from "./calendar-view.tsx";
import { plainly } from "./calendar-words.ts";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import { WeekPage } from "./week-view.tsx";

const place = "/console/calendar";

async function answerCalendar(c: Context<App>, ctx: Ctx, wrong?: string[]): Promise<Response> {
  const [rules, techs, blackouts] = await together(ctx, [
    [getCalendar, {}],
    [listTechs, { limit: 100 }],
    [listBlackouts, { limit: 100 }],
  ] as const);
  const seat = seatOf(ctx, null);
  const mayPlan = seat.permissions.includes("field:plan");
  const view = { seat, rules, techs: techs.data, blackouts: blackouts.data, mayPlan, wrong };
  return answerFramed(c, { seat, place: "board", title: "Working time", body: <CalendarPage view={view} /> });
}

export const calendarPage = async (c: Context<App>): Promise<Response> => answerCalendar(c, await reader(c));

/** A refusal that can be put right on the page is told there; what else is wrong has a page of its own. */
async function told(work: Promise<Response>, tell: (said: string[]) => Promise<Response>): Promise<Response> {
  try {
    return await work;
  } catch (thrown) {
    const said = thrown instanceof Fault ? plainly(thrown) : undefined;
    if (!said) throw thrown;
    return tell(said);
  }
}

const windowsIn = (text: string) =>
  text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((window) => {
      const [from = "", until = ""] = window.split("-");
      return { from, until };
    });

export async function calendarForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const number = (name: string) => Number(form.get(name));
  const input = {
    version: number("version"),
    buffer_before: number("buffer_before"),
    buffer_after: number("buffer_after"),
    travel: number("travel"),
    grid: number("grid"),
    drop_off_windows: windowsIn(form.get("windows") ?? ""),
  };
  const save = async () => {
    await once(ctx, { verb: updateCalendar, input, form });
    return seeOther(c, await withNote(c, place, { code: "calendar_saved" }));
  };
  return told(save(), (said) => answerCalendar(c, ctx, said));
}

export async function blackoutForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const tech = form.get("tech");
  const input = {
    from: form.get("from") ?? "",
    until: form.get("until") ?? "",
    note: form.get("note") ?? "",
    ...(tech ? { tech } : {}),
  };
  const save = async () => {
    await once(ctx, { verb: createBlackout, input, form });
    return seeOther(c, await withNote(c, place, { code: "calendar_saved" }));
  };
  return told(save(), (said) => answerCalendar(c, ctx, said));
}

export async function openBlackoutForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  await once(ctx, { verb: deleteBlackout, input: { id: idIn(c) }, form });
  return seeOther(c, await withNote(c, place, { code: "calendar_saved" }));
}

async function answerWeek(
  c: Context<App>,
  ctx: Ctx,
  { id, wrong }: { id: string; wrong?: string[] },
): Promise<Response> {
  const asked = [getWeek, { id }] as const;
  const [week, tech] =
    id === "house"
      ? [...(await together(ctx, [asked] as const)), undefined]
      : await together(ctx, [asked, [getTech, { id }]] as const);
  const seat = seatOf(ctx, null);
  const view = {
    seat,
    week,
    name: tech?.name ?? "The house's week",
    mayPlan: seat.permissions.includes("field:plan"),
    wrong,
  };
  return answerFramed(c, { seat, place: "board", title: view.name, body: <WeekPage view={view} /> });
}

export const weekPage = async (c: Context<App>): Promise<Response> => answerWeek(c, await reader(c), { id: idIn(c) });

/** The rows of the form that name a weekday; as many as a page can have. */
function blocksIn(form: Map<string, string>) {
  return [...Array(100).keys()].flatMap((i) => {
    const weekday = form.get(`weekday${i}`);
    if (!weekday) return [];
    const kind = form.get(`kind${i}`) ?? "visit";
    const [from, until] = [form.get(`from${i}`) ?? "", form.get(`until${i}`) ?? ""];
    return [{ weekday: Number(weekday), from, until, capacity: Number(form.get(`capacity${i}`) ?? 1), kind }];
  });
}

export async function weekForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const id = idIn(c);
  const input = { id, version: Number(form.get("version")), blocks: blocksIn(form) };
  const save = async () => {
    await once(ctx, { verb: setWeek, input, form });
    return seeOther(c, await withNote(c, `${place}/${encodeURIComponent(id)}`, { code: "calendar_saved" }));
  };
  return told(save(), (said) => answerWeek(c, ctx, { id, wrong: said }));
}
