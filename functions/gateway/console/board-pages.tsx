/** The day board as a page, and the form that books on it. */
import type { Context } from "hono";
import { book, findSlots, getBoard, listJobs } from "#brain/field/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { type Reading, together } from "#brain/kernel/verb.ts";
import { instantOf } from "#brain/kernel/wall-time.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import type { App } from "../runtime.ts";
import type { BoardView } from "./board-state.ts";
import { BoardPage } from "./board-view.tsx";
import { plainly } from "./calendar-words.ts";
import { filterIn, reader, readForm, seeOther, writer, zoneIn } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import type { BoardShape, JobRow, MemoryStatus, SlotRow } from "./shapes.ts";
import { listed, turnedTo } from "./turning.ts";

const place = "/console/board";
type Asked = { day?: string | undefined; days: number; chosen: BoardView["chosen"]; wrong?: BoardView["wrong"] };

const daysFrom = (day: string, days: number) =>
  [...Array(days).keys()].map((i) => new Date(Date.parse(day) + i * 86_400_000).toISOString().slice(0, 10));

async function answerBoard(c: Context<App>, ctx: Ctx, asked: Asked): Promise<Response> {
  const { chosen } = asked;
  const searches = chosen.job !== undefined && chosen.at === undefined;
  const slotsAsked = {
    limit: 12,
    ...(chosen.job ? { job: chosen.job } : {}),
    ...(chosen.tech ? { tech_id: chosen.tech } : {}),
    ...(chosen.minutes ? { minutes: chosen.minutes } : {}),
    ...(await turnedTo(c, "slots")),
  };
  const asks: ([Reading, unknown] | [Reading, unknown, "if permitted"])[] = [
    [getBoard as unknown as Reading, { days: asked.days, ...(asked.day ? { day: asked.day } : {}) }],
    [listJobs as unknown as Reading, { limit: 100, status: "open" }],
    [memoryStatus as unknown as Reading, {}, "if permitted"],
    ...(searches ? [[findSlots as unknown as Reading, slotsAsked] as [Reading, unknown]] : []),
  ];
  const [board, jobs, memory, slots] = (await together(ctx, asks)) as [
    BoardShape,
    { data: JobRow[] },
    MemoryStatus | null,
    Parameters<typeof listed<SlotRow>>[2] | undefined,
  ];
  const seat = seatOf(ctx, memory);
  const view: BoardView = {
    seat,
    board,
    days: daysFrom(board.day, board.days),
    jobs: jobs.data.filter(({ status }) => status !== "ready" && status !== "shipped"),
    chosen,
    slots: slots ? await listed(c, "slots", slots) : null,
    mayPlan: seat.permissions.includes("field:plan"),
    ...(asked.wrong ? { wrong: asked.wrong } : {}),
  };
  return answerFramed(c, { seat, place: "board", title: "Board", body: <BoardPage view={view} /> });
}

const isDay = (text: string | undefined) =>
  /^\d{4}-\d\d-\d\d$/.test(text ?? "") && !Number.isNaN(Date.parse(text ?? "")) ? text : undefined;

export const boardPage = async (c: Context<App>): Promise<Response> =>
  answerBoard(c, await reader(c), {
    day: isDay(filterIn(c, "day")),
    days: filterIn(c, "days") === "7" ? 7 : 1,
    chosen: {
      job: filterIn(c, "job"),
      tech: filterIn(c, "tech"),
      at: filterIn(c, "at"),
      minutes: filterIn(c, "minutes"),
    },
  });

/** What the form's fields say in an instant; the wall's time is the project's. */
function startIn(form: Map<string, string>): string {
  const start = form.get("start");
  if (start) return start;
  const wall = `${form.get("day")}T${form.get("at")}:00`;
  return Number.isNaN(Date.parse(`${wall}Z`)) ? wall : instantOf(wall, zoneIn(form)).toISOString();
}

export async function bookForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const minutes = form.get("minutes")?.trim();
  const reason = form.get("reason")?.trim();
  const input = {
    job: form.get("job") ?? "",
    tech: form.get("tech") ?? "",
    start: startIn(form),
    ...(minutes ? { minutes: Number(minutes) } : {}),
    ...(reason ? { reason } : {}),
  };
  try {
    const { start } = await once(ctx, { verb: book, input, form });
    const day = form.get("day") ?? start.slice(0, 10);
    return seeOther(c, await withNote(c, `${place}?day=${encodeURIComponent(day)}`, { code: "appointment_booked" }));
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const said = plainly(thrown);
    if (!said) throw thrown;
    const chosen = { job: input.job, tech: input.tech, at: form.get("at") ?? "00:00" };
    return answerBoard(c, ctx, {
      day: isDay(form.get("day")),
      days: 1,
      chosen,
      wrong: { said, typed: Object.fromEntries(form) },
    });
  }
}
