/** The outbox and one message's life as pages, and the forms on them. */
import type { Context } from "hono";
import { listMembers } from "#brain/identity/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import {
  cancelMessage,
  countMessages,
  getMessage,
  listMessages,
  resolveMessage,
  reviewEvidence,
  reviewMessage,
  sendMessage,
} from "#brain/outbound/index.ts";
import type { App } from "../runtime.ts";
import { namesOf } from "./approvals-pages.tsx";
import { filterIn, idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { LifePage, type LifeView } from "./life-view.tsx";
import { messagePath, messageStates } from "./outbound-words.ts";
import { OutboxPage, type OutboxView } from "./outbox-view.tsx";
import { seatOf } from "./seat.ts";
import { personName } from "./shapes.ts";
import { listed, turnedTo } from "./turning.ts";

function filtersIn(c: Context<App>): OutboxView["by"] {
  const [state, channel, contact] = [filterIn(c, "state"), filterIn(c, "channel"), filterIn(c, "contact")];
  if (state !== undefined && !Object.hasOwn(messageStates, state)) throw new Fault("not_found", "route_unknown");
  return { ...(state ? { state } : {}), ...(channel ? { channel } : {}), ...(contact ? { contact } : {}) };
}

export async function outboxPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const by = filtersIn(c);
  const turned = await turnedTo(c, "messages");
  const isFront = !by.state && !turned.after;
  const [messages, failed, unknown, counts, memory] = await together(ctx, [
    [listMessages, { limit: 50, ...by, ...turned }],
    [listMessages, { ...by, limit: 25, state: "failed" }],
    [listMessages, { ...by, limit: 25, state: "unknown" }],
    [countMessages, {}],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const all = await listed(c, "messages", messages);
  const trouble = isFront ? [...failed.data, ...unknown.data] : null;
  const above = new Set(trouble?.map(({ id }) => id));
  const view: OutboxView = {
    seat,
    messages: { ...all, data: all.data.filter(({ id }) => !above.has(id)) },
    trouble,
    counts: counts.data,
    by,
    mayWrite: seat.permissions.includes("outbound:write"),
  };
  return answerFramed(c, { seat, place: "outbox", title: "Outbox", body: <OutboxPage view={view} /> });
}

export async function lifePage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const id = idIn(c);
  const [life, { message }, evidence, memory, members] = await together(ctx, [
    [getMessage, { id }],
    [reviewMessage, { id }],
    [reviewEvidence, { id }, "if permitted"],
    [memoryStatus, {}, "if permitted"],
    [listMembers, { limit: 100 }, "if permitted"],
  ]);
  if (!message) throw new Fault("not_found", "outbound_message_unknown");
  const seat = seatOf(ctx, memory);
  const view: LifeView = { seat, life, review: message, grounds: evidence?.data ?? null, people: namesOf(members) };
  return answerFramed(c, { seat, place: "outbox", title: personName(life.person), body: <LifePage view={view} /> });
}

/** Whoever was not quick enough sees how it stands: that is what he wanted to know. */
const settled = new Set(["outbound_invalid_state", "outbound_message_changed"]);
const unlessSettled = (thrown: unknown) => {
  if (thrown instanceof Fault && settled.has(thrown.code)) return undefined;
  throw thrown;
};

async function after(c: Context<App>, id: string, note: NoteCode | undefined): Promise<Response> {
  const path = messagePath(id);
  return seeOther(c, note ? await withNote(c, path, { code: note }) : path);
}

export async function sendAgainForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const id = idIn(c);
  const sent = await sendMessage.run(await writer(c, form), { id }).catch(unlessSettled);
  return after(c, id, sent && "message_queued");
}

export async function withdrawForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const id = idIn(c);
  const gone = await cancelMessage.run(await writer(c, form), { id }).catch(unlessSettled);
  return after(c, id, gone && "message_cancelled");
}

export async function resolveForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const id = idIn(c);
  const sent = form.get("sent") === "yes";
  const said = { id, version: Number(form.get("version")), sent, reason: form.get("reason") ?? "" };
  const told = await resolveMessage.run(await writer(c, form), said).catch(unlessSettled);
  return after(c, id, told && (sent ? "message_was_sent" : "message_queued"));
}
