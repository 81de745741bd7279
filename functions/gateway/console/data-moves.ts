/** What a member takes along of his own, and a whole project brought in from a file. */
import type { Context } from "hono";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { exports, finish } from "#brain/registry.ts";
import { beginImport, bringLines } from "#brain/shared/index.ts";
import type { App } from "../runtime.ts";
import { place } from "./data-view.tsx";
import { readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { once } from "./once.ts";
import { readUpload, type Upload } from "./upload.ts";

/** One part in memory at a time: the next is asked for when the last one has left. */
export function fileOf(
  c: Context<App>,
  of: { id: string; parts: number; part(n: number): Promise<string[]> },
): Response {
  const encoder = new TextEncoder();
  let n = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(stream) {
      n += 1;
      if (n > of.parts) return stream.close();
      stream.enqueue(encoder.encode(`${(await of.part(n)).join("\n")}\n`));
    },
  });
  c.header("content-type", "application/jsonl; charset=utf-8");
  c.header("content-disposition", `attachment; filename="${of.id}.jsonl"`);
  c.header("cache-control", "private, no-store");
  return c.body(body);
}

/** Begun and fetched in one: what is one's own is small, and nobody lists it. */
export async function ownFileForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const { id, parts } = await once(ctx, { verb: exports.createOwn, input: {}, form });
  const part = async (n: number) => (await exports.partOwn.run(ctx, { id, n })).lines;
  return fileOf(c, { id, parts, part });
}

/** A request of the Worker may ask the database so often; a bigger project comes in by `npm run import`. */
const largestFile = 8 * 1024 * 1024;
const linesAtOnce = 400;

async function bring(ctx: Ctx, { form, bytes }: Upload): Promise<void> {
  const [manifest = "", ...lines] = new TextDecoder().decode(bytes).trimEnd().split("\n");
  const hash_key = form.get("hash_key")?.trim() ?? "";
  const { id } = await once(ctx, { verb: beginImport, input: { manifest, hash_key }, form });
  for (let after = 0; after < lines.length; after += linesAtOnce)
    await once(ctx, { verb: bringLines, input: { id, after, lines: lines.slice(after, after + linesAtOnce) }, form });
  for (let n = 1; ; n++) {
    const { state } = await once(ctx, { verb: finish, input: { id }, form: new Map([...form, ["once", `${n}`]]) });
    if (state === "done") return;
  }
}

export async function importForm(c: Context<App>): Promise<Response> {
  const missing = new Fault("invalid", "import_file_required", {
    detail: "Choose a file of 8 MB at most; a bigger project comes in by npm run import.",
  });
  const upload = await readUpload(c, { most: largestFile, missing });
  await bring(await writer(c, upload.form), upload);
  return seeOther(c, await withNote(c, place, { code: "project_brought_in" }));
}
