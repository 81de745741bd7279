/** The list of people as a page, and the forms that change who somebody is. */
import type { Context } from "hono";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together, type Verb } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import {
  acceptProposal,
  addPoint,
  createContact,
  dismissProposal,
  listContacts,
  listProposals,
  mergeContacts,
  removePoint,
  unmergeContacts,
  updateContact,
} from "#brain/people/index.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { filterIn, idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { saidOf } from "./mend.tsx";
import { once } from "./once.ts";
import { peoplePath, personPath } from "./outbound-words.ts";
import { PeoplePage, type PeopleView } from "./people-view.tsx";
import type { Refused } from "./person-edit.tsx";
import { answerPerson } from "./person-pages.tsx";
import { seatOf } from "./seat.ts";
import { listed, turnedTo } from "./turning.ts";

type Form = Map<string, string>;

const given = (form: Form, name: string): string | null => form.get(name)?.replaceAll("\r\n", "\n").trim() || null;

const fieldsIn = (form: Form) => ({
  name: given(form, "name"),
  preferred_channel: given(form, "preferred_channel"),
  language: given(form, "language")?.toLowerCase() ?? null,
  timezone: given(form, "timezone"),
  notes: given(form, "notes"),
});

const named: Record<string, string> = {
  name: "Name",
  language: "Language",
  timezone: "Time zone",
  notes: "Notes",
  preferred_channel: "Prefers",
  points: "Number or address",
  value: "Number or address",
};

type Shown = { refused?: Refused; status?: number };

async function answerPeople(c: Context<App>, ctx: Ctx, { refused, status }: Shown): Promise<Response> {
  const q = (c.req.query("q") ?? "").trim().slice(0, 100);
  const [people, proposals, memory] = await together(ctx, [
    [listContacts, { limit: 50, ...(q ? { q } : {}), ...(await turnedTo(c, "people")) }],
    [listProposals, { limit: 10 }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view: PeopleView = {
    seat,
    q,
    same: filterIn(c, "with"),
    people: await listed(c, "people", people),
    proposals: proposals.data,
    refused,
  };
  const body = <PeoplePage view={view} />;
  return answerFramed(c, { seat, place: "people", title: "People", body, ...(status ? { status } : {}) });
}

export const peoplePage = async (c: Context<App>): Promise<Response> => answerPeople(c, await reader(c), {});

export async function createPersonForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const points = (["phone", "email"] as const).flatMap((kind) => {
    const value = given(form, kind);
    return value ? [{ kind, value }] : [];
  });
  try {
    const made = await once(ctx, { verb: createContact, input: { ...fieldsIn(form), points }, form });
    return seeOther(c, await withNote(c, personPath(made.id), { code: "contact_created" }));
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== "invalid_input") throw thrown;
    const refused = { act: "create", said: saidOf(thrown, named), typed: form };
    return answerPeople(c, ctx, { refused, status: statusOf(thrown.kind) });
  }
}

type Act = { verb: Verb; note: NoteCode; input(form: Form, person: string): Record<string, unknown> };

const version = (form: Form) => ({ version: Number(form.get("version")) });

const acts: Record<string, Act> = {
  edit: {
    verb: updateContact as unknown as Verb,
    note: "contact_updated",
    input: (form, id) => ({ id, ...version(form), ...fieldsIn(form) }),
  },
  point: {
    verb: addPoint as unknown as Verb,
    note: "contact_updated",
    input: (form, id) => {
      const value = form.get("value")?.trim() ?? "";
      return { id, kind: value.includes("@") ? "email" : "phone", value };
    },
  },
  forget: {
    verb: removePoint as unknown as Verb,
    note: "contact_updated",
    input: (form) => ({ id: form.get("point") ?? "" }),
  },
  merge: {
    verb: mergeContacts as unknown as Verb,
    note: "people_merged",
    input: (form, id) => ({ id, ...version(form), into: form.get("into") ?? "" }),
  },
  unmerge: {
    verb: unmergeContacts as unknown as Verb,
    note: "people_apart",
    input: (form, id) => ({ id, ...version(form) }),
  },
};

/** Refused forms that other words mend are shown again with what was typed. */
const mended = new Set(["edit", "point"]);

export async function keepForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const name = c.req.param("act") ?? "";
  const act = acts[name];
  if (!act) throw new Fault("not_found", "route_unknown");
  const person = idIn(c);
  const ctx = await writer(c, form);
  try {
    await once(ctx, { verb: act.verb, input: act.input(form, person), form });
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== "invalid_input" || !mended.has(name)) throw thrown;
    const refused = { act: name, said: saidOf(thrown, named), typed: form };
    return answerPerson(c, ctx, { refused, status: statusOf(thrown.kind) });
  }
  // Whoever merges goes on with the one that speaks for both.
  const place = name === "merge" ? personPath(form.get("into") ?? person) : personPath(person);
  return seeOther(c, await withNote(c, place, { code: act.note }));
}

/** `/console/proposals/{id}/accept | dismiss`. */
export async function proposalForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const isSame = c.req.param("decision") === "accept";
  const ctx = await writer(c, form);
  const input = { id: idIn(c), ...version(form) };
  const told = isSame
    ? await once(ctx, { verb: acceptProposal, input, form })
    : await once(ctx, { verb: dismissProposal, input, form });
  const speaker = told.people[0]?.id;
  const place = isSame && speaker ? personPath(speaker) : peoplePath({});
  return seeOther(c, await withNote(c, place, { code: isSame ? "people_merged" : "people_kept_apart" }));
}
