/** Knowledge as pages, and the forms on them. */
import type { Context } from "hono";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together, type Verb } from "#brain/kernel/verb.ts";
import {
  createEntry,
  deprecateEntry,
  dismissEntry,
  getEntry,
  listEntries,
  listEntryVersions,
  status as memoryStatus,
  publishEntry,
  returnEntry,
  reviseEntry,
  submitEntry,
  updateEntry,
} from "#brain/memory/index.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { filterIn, idIn, isName, reader, readForm, seeOther, writer } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { EntryPage } from "./knowledge-entry.tsx";
import { blank, type Typed, typedIn, WriteEntryPage, type WriteEntryView, wordsOf } from "./knowledge-form.tsx";
import { KnowledgePage, type KnowledgeView } from "./knowledge-list.tsx";
import { entryPath, entryStates } from "./knowledge-words.ts";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import type { EntryFull, MemoryStatus } from "./shapes.ts";
import { sayFault } from "./trouble.tsx";
import { listed, turnedTo } from "./turning.ts";

export async function knowledgePage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const asked = filterIn(c, "status");
  if (asked !== undefined && !Object.hasOwn(entryStates, asked)) throw new Fault("not_found", "route_unknown");
  const status = asked as KnowledgeView["status"];
  const [entries, memory] = await together(ctx, [
    [listEntries, { limit: 50, ...(status ? { status } : {}), ...(await turnedTo(c, "entries")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view: KnowledgeView = { seat, status, entries: await listed(c, "entries", entries), counts: entries.counts };
  return answerFramed(c, { seat, place: "memory", title: "Knowledge", body: <KnowledgePage view={view} /> });
}

/** A version in the address: of the words, or of the evidence that an answer cites. */
function versionIn(c: Context<App>): { version?: string; evidence_version?: string } {
  const [version, evidence] = [filterIn(c, "version"), filterIn(c, "evidence")];
  return { ...(version ? { version } : {}), ...(evidence ? { evidence_version: evidence } : {}) };
}

export async function entryPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const id = idIn(c);
  const [entry, versions, memory] = await together(ctx, [
    [getEntry, { id, ...versionIn(c) }],
    [listEntryVersions, { id, limit: 25, ...(await turnedTo(c, "versions")) }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const isOld = entry.words.version !== entry.version;
  const view = { seat, entry, versions: await listed(c, "versions", versions), isOld };
  return answerFramed(c, { seat, place: "memory", title: entry.title, body: <EntryPage view={view} /> });
}

type Shown = { typed: Typed; of?: NonNullable<WriteEntryView["of"]>; wrong?: Fault; memory: MemoryStatus | null };

function answerWriting(c: Context<App>, ctx: Ctx, { typed, of, wrong, memory }: Shown): Promise<Response> {
  const seat = seatOf(ctx, memory);
  const errors = wrong?.extra.errors ?? [];
  const said = !wrong ? [] : errors.length > 0 ? errors.map(nameOf) : [sayFault(wrong)];
  const body = <WriteEntryPage view={{ seat, typed, said, ...(of ? { of } : {}) }} />;
  const status = wrong ? { status: statusOf(wrong.kind) } : {};
  return answerFramed(c, { seat, place: "memory", title: of ? "Edit" : "Write an entry", body, ...status });
}

const nameOf = ({ pointer, detail }: { pointer: string; detail: string }): string =>
  `${{ "/title": "The title", "/body": "The text", "/type": "The kind" }[pointer] ?? "The tags"}: ${detail}.`;

/** Refusals that leave what was typed where it is. */
const mended = new Set(["invalid_input", "entry_changed", "knowledge_invalid_state", "knowledge_without_words"]);

export async function newEntryPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const replaces = filterIn(c, "replaces");
  if (!replaces) return answerWriting(c, ctx, { typed: blank, memory: await statusFor(ctx) });
  const [entry, memory] = await withStatus(ctx, replaces);
  return answerWriting(c, ctx, { typed: { ...typedOf(entry), replaces }, memory });
}

const withStatus = (ctx: Ctx, id: string) =>
  together(ctx, [
    [getEntry, { id }],
    [memoryStatus, {}, "if permitted"],
  ]);

const statusFor = async (ctx: Ctx): Promise<MemoryStatus> => (await together(ctx, [[memoryStatus, {}]]))[0];

const typedOf = ({ type, title, body, tags, visibility }: EntryFull): Typed => ({
  ...{ type, title, body, tags: tags.join(", "), visibility },
  replaces: "",
});

export async function newEntryForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const typed = typedIn(form);
  const replaces = isName(typed.replaces) ? { replaces: typed.replaces } : {};
  try {
    const { id } = await once(ctx, { verb: createEntry, input: { ...wordsOf(typed), ...replaces }, form });
    return seeOther(c, await withNote(c, entryPath(id), { code: "entry_written" }));
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !mended.has(thrown.code)) throw thrown;
    return answerWriting(c, ctx, { typed, wrong: thrown, memory: await statusFor(ctx) });
  }
}

export async function editEntryPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const [entry, memory] = await withStatus(ctx, idIn(c));
  if (entry.status !== "draft" && entry.status !== "live")
    throw new Fault("conflict", "knowledge_invalid_state", { state: entry.status, allowed: entry.allowed });
  const of = { id: entry.id, version: entry.version, isLive: entry.status === "live" };
  return answerWriting(c, ctx, { typed: typedOf(entry), of, memory });
}

export async function editEntryForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const typed = typedIn(form);
  const of = { id: idIn(c), version: Number(form.get("version")), isLive: form.get("live") === "yes" };
  const input = { id: of.id, version: of.version, ...wordsOf(typed) };
  try {
    if (of.isLive) await once(ctx, { verb: reviseEntry, input, form });
    else await once(ctx, { verb: updateEntry, input, form });
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !mended.has(thrown.code)) throw thrown;
    return answerWriting(c, ctx, { typed, of, wrong: thrown, memory: await statusFor(ctx) });
  }
  return seeOther(c, await withNote(c, entryPath(of.id), { code: of.isLive ? "entry_revised" : "entry_written" }));
}

const moves: Record<string, { verb: Verb; note: NoteCode }> = {
  submit: { verb: submitEntry as unknown as Verb, note: "entry_submitted" },
  return: { verb: returnEntry as unknown as Verb, note: "entry_returned" },
  publish: { verb: publishEntry as unknown as Verb, note: "entry_published" },
  dismiss: { verb: dismissEntry as unknown as Verb, note: "entry_dismissed" },
  deprecate: { verb: deprecateEntry as unknown as Verb, note: "entry_deprecated" },
};

export async function moveEntryForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const id = idIn(c);
  const act = c.req.param("act") ?? "";
  const move = Object.hasOwn(moves, act) ? moves[act] : undefined;
  if (!move) throw new Fault("not_found", "route_unknown");
  const reason = form.get("reason")?.trim();
  const heir = form.get("replaced_by")?.trim();
  const seen = act === "deprecate" ? (heir ? { replaced_by: heir } : {}) : { version: Number(form.get("version")) };
  const input = { id, ...seen, ...(reason ? { reason } : {}) };
  await once(await writer(c, form), { verb: move.verb, input, form });
  return seeOther(c, await withNote(c, entryPath(id), { code: move.note }));
}
