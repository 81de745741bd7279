/** Dead letters as pages and the forms on them. */
import type { Context } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import {
  discardLetter,
  getLetter,
  letterStates,
  listLetters,
  listRuns,
  listStuck,
  retryLetter,
  retryLetters,
} from "#brain/shared/index.ts";
import type { App } from "../runtime.ts";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { LetterPage } from "./letter-view.tsx";
import { LettersPage, type LettersView, letterPath } from "./letters-view.tsx";
import { seatOf } from "./seat.ts";
import { listed, turnedTo } from "./turning.ts";

const place = "/console/letters";

export async function lettersPage(c: Context<App>): Promise<Response> {
  const asked = c.req.query("state") ?? "open";
  const state = letterStates.find((one) => one === asked);
  if (!state && asked !== "all") throw new Fault("not_found", "route_unknown");
  const ctx = await reader(c);
  const [letters, stuck, poisoned, memory] = await together(ctx, [
    [listLetters, { limit: 50, ...(state ? { state } : {}), ...(await turnedTo(c, "letters")) }],
    [listStuck, { limit: 25 }],
    [listRuns, { limit: 25, status: "poison" }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view: LettersView = {
    seat,
    letters: await listed(c, "letters", letters),
    stuck: stuck.data,
    poisoned: poisoned.data,
    memory,
    state: asked,
    mayAct: seat.permissions.includes("shared:operate"),
  };
  return answerFramed(c, { seat, place: "access", title: "Dead letters", body: <LettersPage view={view} /> });
}

export async function letterPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [letter, memory] = await together(ctx, [
    [getLetter, { id: idIn(c) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, letter, mayAct: seat.permissions.includes("shared:operate") };
  return answerFramed(c, { seat, place: "access", title: letter.job, body: <LetterPage view={view} /> });
}

/** Whoever was not quick enough sees how it stands: that is what he wanted to know. */
const unlessSettled = (thrown: unknown) => {
  if (thrown instanceof Fault && thrown.code === "letter_not_open") return undefined;
  throw thrown;
};

export async function retryLetterForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const id = idIn(c);
  const retried = await retryLetter.run(await writer(c, form), { id }).catch(unlessSettled);
  const path = letterPath(id);
  return seeOther(c, retried ? await withNote(c, path, { code: "letter_retried" }) : path);
}

export async function discardLetterForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const id = idIn(c);
  const input = { id, reason: form.get("reason") ?? "" };
  const discarded = await discardLetter.run(await writer(c, form), input).catch(unlessSettled);
  return seeOther(c, discarded ? await withNote(c, place, { code: "letter_discarded" }) : letterPath(id));
}

export async function retryLettersForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const { retried } = await retryLetters.run(await writer(c, form), {});
  return seeOther(c, await withNote(c, place, { code: "letters_retried", count: retried }));
}
