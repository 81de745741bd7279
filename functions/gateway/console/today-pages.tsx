/** Today and what was said as pages; something said in a form, and taken back. */
import type { Context } from "hono";
import { capture, listCaptures, plan, tasks, undoCapture } from "#brain/assistant/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import type { App } from "../runtime.ts";
import { CapturesPage, type Undone } from "./captures-view.tsx";
import type { Spoken } from "./day-parts.tsx";
import { filterIn, idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import { TodayPage } from "./today-view.tsx";
import { sayFault } from "./trouble.tsx";
import { listed, turnedTo } from "./turning.ts";

const today = "/console/today";

async function answerToday(c: Context<App>, ctx: Ctx, again?: Spoken): Promise<Response> {
  const id = filterIn(c, "said");
  const [planned, said, waiting, done, memory] = await together(ctx, [
    [plan, {}],
    [listCaptures, { limit: 1, id: id ?? "none" }],
    [listCaptures, { limit: 3, waiting: "yes" }],
    [tasks.list, { limit: 5, status: "done" }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = {
    seat,
    plan: planned,
    said: said.data[0] ?? null,
    waiting: waiting.data.filter((one) => one.id !== id),
    done: done.data,
    again,
  };
  const page = { seat, place: "today", title: "Today", body: <TodayPage view={view} /> } as const;
  return answerFramed(c, { ...page, ...(again ? { status: 422 } : {}) });
}

export const todayPage = async (c: Context<App>): Promise<Response> => answerToday(c, await reader(c));

/** Something said; with `question` the number of a choice. */
export async function sayForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const text = (form.get("text") ?? "").replaceAll("\r\n", "\n");
  const question = form.get("question");
  const input = { text, chat: "console", source: "console", ...(question ? { question } : {}) };
  try {
    const { id } = await once(ctx, { verb: capture, input, form });
    return seeOther(c, `${today}?said=${encodeURIComponent(id)}`);
  } catch (thrown) {
    const isMended = thrown instanceof Fault && /^(invalid_input|extraction_failed)$/.test(thrown.code);
    if (!isMended) throw thrown;
    return answerToday(c, ctx, { text, said: [sayFault(thrown)] });
  }
}

async function answerCaptures(c: Context<App>, ctx: Ctx, undone?: Undone): Promise<Response> {
  const [found, memory] = await together(ctx, [
    [listCaptures, { limit: 25, ...(await turnedTo(c, "said")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  // After a form the address is the form's: no page of older ones follows from it.
  const captures = undone ? { data: found.data, more: null } : await listed(c, "said", found);
  const view = { seat, captures, undone };
  return answerFramed(c, { seat, place: "today", title: "Captures", body: <CapturesPage view={view} /> });
}

export const capturesPage = async (c: Context<App>): Promise<Response> => answerCaptures(c, await reader(c));

/** Where something has moved on since, the page says what was left as it is. */
export async function undoForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const undone = await once(ctx, { verb: undoCapture, input: { id: idIn(c) }, form });
  if (undone.kept.length > 0) return answerCaptures(c, ctx, undone);
  return seeOther(c, await withNote(c, "/console/captures", { code: "capture_undone" }));
}
