/** Forms under a talk: a private note, its status, the breaker closed by hand, and an answer that memory suggests. */
import type { Context } from "hono";
import { closeBreaker, createNote, setStatus, suggestReply } from "#brain/inbox/index.ts";
import type { App } from "../runtime.ts";
import { idIn, readForm, seeOther, writer } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { once } from "./once.ts";
import { approvalPath } from "./outbound-words.ts";

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

/** The draft is shown where it can be approved; nothing is sent. */
export async function suggestForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const { message } = await once(await writer(c, form), { verb: suggestReply, input: { id: idIn(c) }, form });
  if (message === null) return back(c, "nothing_known");
  return seeOther(c, await withNote(c, approvalPath(message), { code: "message_suggested" }));
}
