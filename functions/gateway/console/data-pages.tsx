/** Exports as pages: begun, read as a page where they are about one person, and fetched as one file. */
import type { Context } from "hono";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { exports } from "#brain/registry.ts";
import type { App } from "../runtime.ts";
import { fileOf } from "./data-moves.ts";
import { DataPage, ExportPage, exportPath, type Held } from "./data-view.tsx";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import { listed, turnedTo } from "./turning.ts";

/** A request may ask the database so often; a bigger export is fetched part by part over REST. */
const mostParts = 800;

/** Parts that a page shows; one has up to a megabyte. */
const shownParts = 3;

async function answerData(c: Context<App>, ctx: Ctx, hashKey?: string): Promise<Response> {
  const [rows, memory] = await together(ctx, [
    [exports.list, { limit: 25, ...(await turnedTo(c, "exports")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, rows: await listed(c, "exports", rows), hashKey };
  return answerFramed(c, { seat, place: "access", title: "Your data", body: <DataPage view={view} /> });
}

export const dataPage = async (c: Context<App>): Promise<Response> => answerData(c, await reader(c));

/** The key is part of this one answer. */
export async function hashKeyForm(c: Context<App>): Promise<Response> {
  const ctx = await writer(c, await readForm(c));
  const { hash_key } = (await exports.hashKey.run(ctx, {})) as { hash_key: string };
  return answerData(c, ctx, hash_key);
}

export async function beginExportForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const contact = form.get("contact");
  const input = { kind: form.get("kind") ?? "", ...(contact ? { contact } : {}) };
  const { id } = await once(ctx, { verb: exports.create, input, form });
  return seeOther(c, await withNote(c, exportPath(id), { code: "export_begun" }));
}

async function partOf(ctx: Ctx, at: { id: string; n: number }): Promise<string[]> {
  const { lines } = await exports.part.run(ctx, at);
  return lines;
}

async function heldIn(ctx: Ctx, { id, parts }: { id: string; parts: number }): Promise<Held[]> {
  const held: Held[] = [];
  for (let n = 2; n <= Math.min(parts, shownParts + 1); n++)
    for (const line of await partOf(ctx, { id, n })) {
      const read = JSON.parse(line) as Partial<Held>;
      if (read.table && read.row) held.push({ table: read.table, row: read.row });
    }
  return held;
}

export async function exportPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [row, memory] = await together(ctx, [
    [exports.get, { id: idIn(c) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const held = row.kind === "subject" ? await heldIn(await reader(c), row) : null;
  const view = { seat, row, held, isWhole: row.parts <= shownParts + 1, isFile: row.parts <= mostParts };
  return answerFramed(c, { seat, place: "access", title: "Export", body: <ExportPage view={view} /> });
}

export async function exportFile(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const id = idIn(c);
  const { parts } = await exports.get.run(ctx, { id });
  if (parts > mostParts) throw new Fault("too_large", "export_too_large", { detail: "Fetch its parts over REST." });
  return fileOf(c, { id, parts, part: (n) => partOf(ctx, { id, n }) });
}
