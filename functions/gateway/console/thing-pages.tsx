/** Goals, problems and single things of the planner as pages; made and changed in forms. */
import type { Context } from "hono";
import { goals, listCaptures, map, problems, tasks } from "#brain/assistant/index.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import type { App } from "../runtime.ts";
import { listPath, moves, thingPath } from "./day-words.ts";
import { idIn, reader, readForm, safePlace, seeOther, writer } from "./door.ts";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import type { Thing, ThingKind } from "./shapes.ts";
import { ThingPage } from "./thing-view.tsx";
import { type ListKind, ThingsPage } from "./things-view.tsx";
import { listed, turnedTo } from "./turning.ts";

const verbs = { task: tasks, goal: goals, problem: problems } as const;

export const thingsPage = (kind: ListKind) => async (c: Context<App>) => {
  const ctx = await reader(c);
  const status = moves[kind].find(([to]) => to === c.req.query("status"))?.[0];
  const [found, seen, memory] = await together(ctx, [
    [verbs[kind].list, { limit: 25, ...(status ? { status } : {}), ...(await turnedTo(c, "things")) }],
    [map, {}],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const things = await listed<Thing>(c, "things", found);
  const body = <ThingsPage view={{ seat, kind, things, map: seen, status }} />;
  return answerFramed(c, { seat, place: "today", title: kind === "goal" ? "Goals" : "Problems", body });
};

export const thingPage = (kind: ThingKind) => async (c: Context<App>) => {
  const ctx = await reader(c);
  const id = idIn(c);
  const [thing, seen, captures, memory] = await together(ctx, [
    [verbs[kind].get, { id }],
    [map, { around: id }],
    [listCaptures, { limit: 10, entity: id }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view = { seat, kind, thing, map: seen, captures: captures.data };
  return answerFramed(c, { seat, place: "today", title: thing.title, body: <ThingPage view={view} /> });
};

type Form = Map<string, string>;

/** Left out of the form it stays as it is; emptied there it is emptied. */
function sentIn(form: Form): Record<string, unknown> {
  const words = {
    title: form.get("title"),
    status: form.get("status"),
    notes: form.get("notes"),
    description: form.get("description"),
    horizon: form.get("horizon"),
    due_date: form.get("due_date"),
    target_date: form.get("target_date"),
  };
  const numbers = {
    version: form.get("version"),
    priority: form.get("priority"),
    impact_score: form.get("impact_score"),
    severity: form.get("severity"),
  };
  const given = (all: Record<string, string | undefined>, as: (text: string) => unknown) =>
    Object.entries(all).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, text === "" ? null : as(text)] as const],
    );
  return Object.fromEntries([...given(words, (text) => text.replaceAll("\r\n", "\n")), ...given(numbers, Number)]);
}

const backTo = (c: Context<App>, form: Form, otherwise: string): string =>
  form.get("back") ? safePlace(form.get("back"), c.get("runtime").settings.publicUrl) : otherwise;

export const makeForm = (kind: ThingKind) => async (c: Context<App>) => {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const [table, pk, due_date] = [form.get("from_table"), form.get("from_pk"), form.get("due_date")];
  const of = kind === "task" && table && pk ? { from: { table, pk } } : {};
  const input = { title: form.get("title"), ...of, ...(kind === "task" && due_date ? { due_date } : {}) };
  const { id } = await once(ctx, { verb: verbs[kind].create, input, form });
  return seeOther(c, await withNote(c, kind === "task" ? thingPath(kind, id) : listPath(kind), { code: "thing_made" }));
};

export const changeForm = (kind: ThingKind) => async (c: Context<App>) => {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const id = idIn(c);
  const { status } = await once(ctx, { verb: verbs[kind].update, input: { ...sentIn(form), id }, form });
  const code = form.get("status") && /^(done|resolved)$/.test(status) ? "thing_done" : "thing_changed";
  return seeOther(c, await withNote(c, backTo(c, form, thingPath(kind, id)), { code }));
};
