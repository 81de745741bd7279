/** The page of links, and its forms. */
import type { Context } from "hono";
import { createLink, map, removeLink } from "#brain/assistant/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import type { App } from "../runtime.ts";
import { filterIn, idIn, reader, readForm, safePlace, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { LinksPage } from "./links-view.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";

const place = "/console/links";

type Again = { from: string | undefined; to: string | undefined; circle?: string[] };

async function answerLinks(c: Context<App>, ctx: Ctx, { from, to, circle }: Again): Promise<Response> {
  const [seen, memory] = await together(ctx, [
    [map, {}],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const body = <LinksPage view={{ seat, map: seen, from, to, circle }} />;
  return answerFramed(c, { seat, place: "today", title: "Links", body, ...(circle ? { status: 409 } : {}) });
}

export const linksPage = async (c: Context<App>): Promise<Response> =>
  answerLinks(c, await reader(c), { from: filterIn(c, "from"), to: filterIn(c, "to") });

export async function linkForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const [from, to] = [form.get("from"), form.get("to")];
  try {
    await once(ctx, { verb: createLink, input: { from, type: form.get("link"), to }, form });
    return seeOther(c, await withNote(c, place, { code: "thing_changed" }));
  } catch (thrown) {
    const circle = thrown instanceof Fault && thrown.code === "cycle" ? thrown.extra["cycle"] : undefined;
    if (!Array.isArray(circle)) throw thrown;
    return answerLinks(c, ctx, { from, to, circle: circle.map(String) });
  }
}

export async function removeLinkForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  await once(await writer(c, form), { verb: removeLink, input: { id: idIn(c) }, form });
  const back = form.get("back") ? safePlace(form.get("back"), c.get("runtime").settings.publicUrl) : place;
  return seeOther(c, await withNote(c, back, { code: "thing_changed" }));
}
