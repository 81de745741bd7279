/** Forms about a source's API: connecting it, having it read, stopping that. */
import type { Context } from "hono";
import { connectSource } from "#brain/identity/index.ts";
import { cancelSync, startSync } from "#brain/inbox/index.ts";
import type { App } from "../runtime.ts";
import { idIn, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { once } from "./once.ts";

const kinds = ["catch_up", "full", "check"];

export async function startSyncForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const kind = kinds.find((one) => one === form.get("kind"));
  await once(await writer(c, form), { verb: startSync, input: { id: idIn(c), ...(kind ? { kind } : {}) }, form });
  return seeOther(c, await withNote(c, "/console/sources", { code: "sync_started" }));
}

export async function cancelSyncForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  await once(await writer(c, form), { verb: cancelSync, input: { id: idIn(c) }, form });
  return seeOther(c, await withNote(c, "/console/sources", { code: "sync_cancelled" }));
}

export async function connectForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const input = { id: idIn(c), api_url: form.get("api_url") ?? "", api_token: form.get("api_token") ?? "" };
  await once(await writer(c, form), { verb: connectSource, input, form });
  return seeOther(c, await withNote(c, "/console/sources", { code: "source_connected" }));
}
