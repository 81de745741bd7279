/** Forms under a talk: a private note, its status, and the breaker closed by hand. */
import type { Context } from "hono";
import { closeBreaker, createNote, setStatus } from "#brain/inbox/index.ts";
import type { App } from "../runtime.ts";
import { idIn, readForm, seeOther, writer } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { once } from "./once.ts";

const back = async (c: Context<App>, code: NoteCode): Promise<Response> =>
  seeOther(c, await withNote(c, `/console/conversations/${encodeURIComponent(idIn(c))}`, { code }));

export async function noteForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const input = { id: idIn(c), text: form.get("text") ?? "" };
  await once(await writer(c, form), { verb: createNote, input, form });
  return back(c, "note_asked");
}

export async function statusForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const input = { id: idIn(c), status: form.get("status") ?? "" };
  await once(await writer(c, form), { verb: setStatus, input, form });
  return back(c, "status_asked");
}

export async function breakerForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  await once(await writer(c, form), { verb: closeBreaker, input: { id: idIn(c) }, form });
  return back(c, "breaker_closed");
}
