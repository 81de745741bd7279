/** Rehearsals as pages, and the forms in them. */
import type { Context, Hono } from "hono";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import {
  createSession,
  endSession,
  getSession,
  listEntities,
  listFactProposals,
  listSessions,
  reviewFact,
  say,
} from "#brain/world/index.ts";
import type { App } from "../runtime.ts";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { packPage } from "./pack-page.tsx";
import { RehearsalPage, rehearsalPath } from "./rehearsal-view.tsx";
import { RehearsalsPage } from "./rehearsals-view.tsx";
import { seatOf } from "./seat.ts";
import { listed, turnedTo } from "./turning.ts";

async function rehearsalsPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [sessions, entities, memory] = await together(ctx, [
    [listSessions, { limit: 25, ...(await turnedTo(c, "rehearsals")) }],
    [listEntities, { limit: 100 }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, sessions: await listed(c, "rehearsals", sessions), entities: entities.data };
  return answerFramed(c, { seat, place: "people", title: "Rehearsals", body: <RehearsalsPage view={view} /> });
}

async function beginForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const given = (name: string) => (form.get(name) ? { [name]: form.get(name) } : {});
  const input = {
    counterparty: form.get("counterparty"),
    counterparty_style: form.get("style"),
    ...given("self"),
    ...given("template"),
  };
  const { id } = await once(await writer(c, form), { verb: createSession, input, form });
  return seeOther(c, rehearsalPath(id));
}

async function rehearsalPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const id = idIn(c);
  const [session, proposals, memory] = await together(ctx, [
    [getSession, { id }],
    [listFactProposals, { limit: 50, session: id }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, session, proposals: proposals.data };
  return answerFramed(c, { seat, place: "people", title: "Rehearsal", body: <RehearsalPage view={view} /> });
}

async function sayForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const input = { id: idIn(c), channel: form.get("channel"), text: (form.get("text") ?? "").replaceAll("\r\n", "\n") };
  const { reply } = await once(await writer(c, form), { verb: say, input, form });
  return seeOther(c, `${rehearsalPath(input.id)}#turn-${reply.n}`);
}

async function endForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const id = idIn(c);
  await once(await writer(c, form), { verb: endSession, input: { id }, form });
  return seeOther(c, await withNote(c, rehearsalPath(id), { code: "rehearsal_ended" }));
}

async function decideForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const input = { id: form.get("fact"), decision: form.get("decision") };
  await once(await writer(c, form), { verb: reviewFact, input, form });
  return seeOther(c, await withNote(c, rehearsalPath(idIn(c)), { code: "hold_decided" }));
}

export function rehearsalPages(pages: Hono<App>): void {
  pages.get("/rehearse", rehearsalsPage);
  pages.post("/rehearse", beginForm);
  pages.get("/rehearse/:id", rehearsalPage);
  pages.get("/rehearse/:id/turns/:n", packPage);
  pages.post("/rehearse/:id", sayForm);
  pages.post("/rehearse/:id/end", endForm);
  pages.post("/rehearse/:id/facts", decideForm);
}
