/** Segments as pages, and the form that saves one or counts whom it would hold. */
import type { Context } from "hono";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { countSegment, createSegment, getSegment, listSegments, updateSegment } from "#brain/outbound/index.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { idIn, reader, readForm, seeOther, writer, zoneIn } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { saidOf } from "./mend.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import { filterFrom, type Row, rowsFrom } from "./segment-words.ts";
import { SegmentPage, SegmentsPage, type SegmentView, segmentsPath } from "./segments-view.tsx";
import { listed, turnedTo } from "./turning.ts";

export async function segmentsPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [segments, memory] = await together(ctx, [
    [listSegments, { limit: 50, ...(await turnedTo(c, "segments")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, segments: await listed(c, "segments", segments) };
  return answerFramed(c, { seat, place: "outbox", title: "Segments", body: <SegmentsPage view={view} /> });
}

type Shown = Pick<SegmentView, "typed" | "changes"> & { said?: string[]; status?: number; filter?: unknown };

/** Counted along with the page wherever the filter can be read. */
async function answerSegment(c: Context<App>, ctx: Ctx, { status, said = [], filter, ...shown }: Shown) {
  const asked = [[memoryStatus, {}, "if permitted"]] as const;
  const [count, memory] =
    filter === undefined
      ? [null, (await together(ctx, [[listSegments, { limit: 1 }], ...asked] as const))[1]]
      : await together(ctx, [[countSegment, { filter }], ...asked] as const);
  const seat = seatOf(ctx, memory);
  const title = shown.changes ? shown.typed.name || "Segment" : "New segment";
  const body = <SegmentPage view={{ seat, said, count, ...shown }} />;
  return answerFramed(c, { seat, place: "outbox", title, body, ...(status ? { status } : {}) });
}

const nothing: Row[] = [{ where: "all", what: "reachable", value: "sms" }];

export const newSegmentPage = async (c: Context<App>): Promise<Response> =>
  answerSegment(c, await reader(c), { typed: { name: "", rows: nothing }, filter: filterFrom(nothing, "UTC") });

export async function segmentPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [{ id, name, filter, version }] = await together(ctx, [[getSegment, { id: idIn(c) }]]);
  const own = ctx.who?.projects.find((project) => project.id === ctx.who?.project);
  const typed = { name, rows: rowsFrom(filter, own?.timezone ?? "UTC") };
  return answerSegment(c, ctx, { typed, filter, changes: { id, version } });
}

function rowsIn(form: Map<string, string>): Row[] {
  const places = [...form.keys()].flatMap((name) => /^what(\d{1,2})$/.exec(name)?.[1] ?? []);
  return places.flatMap((at) => {
    const [where = "", what = "", value = ""] = ["where", "what", "value"].map(
      (name) => form.get(`${name}${at}`) ?? "",
    );
    return what === "" ? [] : [{ where, what, value }];
  });
}

/** What a condition's value has to be, by the field it stands for. */
const wanted: Record<string, string> = {
  is: "Languages are two letters such as “da, en”; channels are such as “sms, phone”.",
  on: "An address can be one for sms, email or telegram.",
  channel: "Somebody agrees to sms, email or telegram.",
  contains: "A name has some letters.",
  days: "Days are a number from 1 to 3,650.",
  at: "A day is written such as 2026-11-30.",
};

/** The last step of a pointer says more than its first: `/filter/all/0/days`. */
function complaints(fault: Fault): string[] {
  const fields = (fault.extra.errors ?? []).map(({ pointer }) => pointer.split("/").slice(1));
  const said = fields.flatMap((steps) =>
    steps
      .toReversed()
      .flatMap((step) => wanted[step] ?? [])
      .slice(0, 1),
  );
  return said.length > 0 ? [...new Set(said)] : saidOf(fault, { name: "Name", filter: "A condition" });
}

const mendable = new Set(["invalid_input", "segment_exists", "segment_changed"]);

export async function segmentForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const id = c.req.param("id");
  const version = Number(form.get("version"));
  const typed = { name: (form.get("name") ?? "").trim(), rows: rowsIn(form) };
  const changes = id ? { changes: { id, version } } : {};
  const filter = filterFrom(typed.rows, zoneIn(form));
  try {
    if (form.get("act") === "count") return await answerSegment(c, ctx, { typed, filter, ...changes });
    const input = { name: typed.name, filter };
    if (id) await once(ctx, { verb: updateSegment, input: { id: idIn(c), version, ...input }, form });
    else await once(ctx, { verb: createSegment, input, form });
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !mendable.has(thrown.code)) throw thrown;
    return answerSegment(c, ctx, { typed, said: complaints(thrown), status: statusOf(thrown.kind), ...changes });
  }
  return seeOther(c, await withNote(c, segmentsPath, { code: "segment_saved" }));
}
