/** Erasures as pages, and the form that asks for one. */
import type { Context } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { erasures } from "#brain/registry.ts";
import type { App } from "../runtime.ts";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { confirming, ErasurePage, ErasuresPage, erasurePath } from "./erasure-view.tsx";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import { listed, turnedTo } from "./turning.ts";

export async function erasuresPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [found, memory] = await together(ctx, [
    [erasures.list, { limit: 50, ...(await turnedTo(c, "erasures")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, erasures: await listed(c, "erasures", found) };
  return answerFramed(c, { seat, place: "access", title: "Erasures", body: <ErasuresPage view={view} /> });
}

export async function erasurePage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const id = idIn(c);
  const [row, memory] = await together(ctx, [
    [erasures.get, { id }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const asks = [
    [erasures.manifest, { id }],
    [erasures.verify, { id }],
  ] as const;
  const [sealed, verified] = row.state === "done" ? await together(ctx, asks) : [];
  const view = { seat, row, proof: sealed && verified ? { sealed, verified } : null };
  return answerFramed(c, { seat, place: "access", title: "Erasure", body: <ErasurePage view={view} /> });
}

export async function eraseForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  if (form.get("typed")?.trim() !== confirming) {
    throw new Fault("unprocessable", "erasure_unconfirmed", { detail: `Type ${confirming} to go on.` });
  }
  const input = {
    subject: { kind: form.get("kind") ?? "", id: form.get("id") ?? "" },
    reason: form.get("reason") ?? "",
  };
  const asked = await once(ctx, { verb: erasures.create, input, form });
  return seeOther(c, await withNote(c, erasurePath(asked.id), { code: "erasure_asked" }));
}
