/** Schedules as a page and the forms on it. */
import type { Context } from "hono";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { getSchedule, listRuns, listSchedules, runNow, updateSchedule } from "#brain/shared/index.ts";
import type { App } from "../runtime.ts";
import { filterIn, idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { SchedulesPage, type SchedulesView } from "./schedules-page.tsx";
import { seatOf } from "./seat.ts";
import { listed, turnedTo } from "./turning.ts";

const place = "/console/schedules";
const closer = (id: string) => `${place}?schedule=${encodeURIComponent(id)}`;

type Shown = { id: string | undefined; wrong?: SchedulesView["wrong"] };

async function answerSchedules(c: Context<App>, ctx: Ctx, { id, wrong }: Shown): Promise<Response> {
  const asked = [
    [listSchedules, { limit: 50, ...(await turnedTo(c, "schedules")) }],
    [memoryStatus, {}, "if permitted"],
  ] as const;
  const runsAsked = { schedule: id, limit: 25, ...(await turnedTo(c, "runs")) };
  const [schedules, memory, schedule, runs] = id
    ? await together(ctx, [...asked, [getSchedule, { id }], [listRuns, runsAsked]] as const)
    : [...(await together(ctx, asked)), undefined, undefined];
  const seat = seatOf(ctx, memory);
  const view: SchedulesView = {
    seat,
    schedules: await listed(c, "schedules", schedules),
    mayChange: seat.permissions.includes("shared:operate"),
    ...(schedule && runs ? { chosen: { schedule, runs: await listed(c, "runs", runs) } } : {}),
    ...(wrong ? { wrong } : {}),
  };
  return answerFramed(c, { seat, place: "schedules", title: "Schedules", body: <SchedulesPage view={view} /> });
}

export const schedulesPage = async (c: Context<App>): Promise<Response> =>
  answerSchedules(c, await reader(c), { id: filterIn(c, "schedule") });

function changeIn(form: Map<string, string>): Record<string, unknown> {
  const cron = form.get("cron")?.trim();
  const enabled = form.get("enabled");
  return {
    version: Number(form.get("version")),
    ...(cron ? { cron } : {}),
    ...(form.has("timezone") ? { timezone: form.get("timezone")?.trim() } : {}),
    ...(form.has("missed") ? { missed: form.get("missed") } : {}),
    ...(enabled === undefined ? {} : { enabled: enabled === "true" }),
  };
}

const noteFor = (change: Record<string, unknown>): NoteCode => {
  if (change["enabled"] === undefined) return "schedule_changed";
  return change["enabled"] ? "schedule_on" : "schedule_off";
};

export async function changeScheduleForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const id = idIn(c);
  const change = changeIn(form);
  try {
    await updateSchedule.run(ctx, { id, ...change });
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== "invalid_input") throw thrown;
    const said = (thrown.extra.errors ?? []).map(({ pointer, detail }) => `${nameOf(pointer)}: ${detail}.`);
    const typed = { cron: form.get("cron") ?? "", timezone: form.get("timezone") ?? "" };
    return answerSchedules(c, ctx, { id, wrong: { said, ...typed } });
  }
  return seeOther(c, await withNote(c, closer(id), { code: noteFor(change) }));
}

const nameOf = (pointer: string): string =>
  ({ "/cron": "The times", "/timezone": "The time zone" })[pointer] ?? pointer;

export async function runNowForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const id = idIn(c);
  await once(await writer(c, form), { verb: runNow, input: { id }, form });
  return seeOther(c, await withNote(c, closer(id), { code: "run_asked" }));
}
