/** Canary questions as pages, and the forms on them. */
import type { Context } from "hono";
import { together } from "#brain/kernel/verb.ts";
import {
  createCanary,
  listCanaries,
  listCanaryRuns,
  status as memoryStatus,
  runCanaries,
  updateCanary,
} from "#brain/memory/index.ts";
import type { App } from "../runtime.ts";
import { CanariesPage, CanaryPage } from "./canary-view.tsx";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { canaryHome, canaryPath } from "./knowledge-words.ts";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import { listed, turnedTo } from "./turning.ts";

export async function canariesPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [canaries, memory] = await together(ctx, [
    [listCanaries, { limit: 50, ...(await turnedTo(c, "canaries")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const mayChange = seat.permissions.includes("memory:write");
  const view = { seat, canaries: await listed(c, "canaries", canaries), mayChange };
  return answerFramed(c, { seat, place: "memory", title: "Canary questions", body: <CanariesPage view={view} /> });
}

export async function canaryPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [found, memory] = await together(ctx, [
    [listCanaryRuns, { id: idIn(c), limit: 25, ...(await turnedTo(c, "runs")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const mayChange = seat.permissions.includes("memory:write");
  const view = { seat, canary: found.canary, runs: await listed(c, "runs", found), mayChange };
  return answerFramed(c, { seat, place: "memory", title: found.canary.question, body: <CanaryPage view={view} /> });
}

const listIn = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);

export async function addCanaryForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const words = listIn(form.get("words"));
  const input = {
    question: form.get("question") ?? "",
    audience: { kind: form.get("audience") ?? "staff" },
    expects: words.length > 0 ? "answered" : "insufficient_evidence",
    words,
    forbidden: listIn(form.get("forbidden")),
  };
  await once(await writer(c, form), { verb: createCanary, input, form });
  return seeOther(c, await withNote(c, canaryHome, { code: "canary_added" }));
}

export async function runCanariesForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const { ran } = await once(await writer(c, form), { verb: runCanaries, input: {}, form });
  return seeOther(c, await withNote(c, canaryHome, { code: "canaries_ran", count: ran }));
}

export async function switchCanaryForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const id = idIn(c);
  const { canary } = await listCanaryRuns.run(ctx, { id, limit: 1 });
  const { question, audience, expects, source, words, forbidden } = canary;
  const enabled = form.get("enabled") === "true";
  const same = { question, audience, expects, source, words, forbidden };
  const input = { id, version: Number(form.get("version")), ...same, enabled };
  await once(ctx, { verb: updateCanary, input, form });
  return seeOther(c, await withNote(c, canaryPath(id), { code: enabled ? "canary_on" : "canary_off" }));
}
