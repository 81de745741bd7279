/** The page of one entity, and the forms that write down what is true of it and who knows it. */
import type { Context } from "hono";
import { listMembers } from "#brain/identity/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { together, type Verb } from "#brain/kernel/verb.ts";
import { instantOf } from "#brain/kernel/wall-time.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { listContacts } from "#brain/people/index.ts";
import {
  closeFact,
  closeRelationship,
  createFact,
  createRelationship,
  getBehind,
  getEntity,
  listEntities,
  listFacts,
  mergeEntities,
  putEdge,
  unmergeEntities,
} from "#brain/world/index.ts";
import { statusOf } from "../problem.ts";
import type { App } from "../runtime.ts";
import { idIn, reader, readForm, seeOther, writer, zoneIn } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import type { Complained } from "./known-forms.tsx";
import { KnownPage, type KnownView } from "./known-view.tsx";
import { saidOf } from "./mend.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import type { Behind } from "./shapes.ts";
import { entityPath, knowersOf, momentIn, momentOf, momentQuery, typedValue } from "./world-words.ts";

const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/** A moment as clocks in the project show it; what is none is refused by the verb. */
const momentFrom = (text: string, zone: string): string =>
  wall.test(text) && !Number.isNaN(Date.parse(`${text}Z`)) ? instantOf(text, zone).toISOString() : text;

/** Where a slider was let go: at its step if that moved, else at the date if that was typed, else where it was. */
function chosenIn(c: Context<App>, time: "as_of" | "known_at", at: { instants: readonly string[]; zone: string }) {
  const sent = (part: string) => c.req.query(`${time}_${part}`);
  const step = sent("step");
  if (step !== undefined && step !== sent("step_was") && /^\d{1,4}$/.test(step))
    return momentOf(at, Number(step)) ?? undefined;
  const typed = sent("typed");
  if (typed !== undefined && typed !== sent("typed_was")) return momentIn(momentFrom(typed, at.zone));
  return momentIn(c.req.query(time));
}

const isSliding = (c: Context<App>): boolean => c.req.query("as_of_typed") !== undefined;

const slid = (c: Context<App>, behind: Behind, zone: string): string =>
  `${entityPath(idIn(c))}${momentQuery({
    as_of: chosenIn(c, "as_of", { instants: behind.valid_instants, zone }),
    known_at: chosenIn(c, "known_at", { instants: behind.known_instants, zone }),
  })}`;

type Shown = { wrong?: Complained; status?: number };

async function answerKnown(c: Context<App>, ctx: Ctx, { wrong, status }: Shown): Promise<Response> {
  const id = idIn(c);
  const [as_of, known_at] = [momentIn(c.req.query("as_of")), momentIn(c.req.query("known_at"))];
  const known = known_at ? { known_at } : {};
  const [entity, behind, others, knows, contacts, members, memory] = await together(ctx, [
    [getEntity, { id, ...(as_of ? { as_of } : {}), ...known }],
    [getBehind, { id, ...known }],
    [listEntities, { limit: 100 }],
    [listFacts, { limit: 25, knower: `entity:${id}`, ...(as_of ? { as_of } : {}), ...known }],
    [listContacts, { limit: 100 }, "if permitted"],
    [listMembers, { limit: 100 }, "if permitted"],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  if (isSliding(c)) return seeOther(c, slid(c, behind, seat.here.timezone));
  const view: KnownView = {
    seat,
    entity,
    behind,
    others: others.data,
    knowers: knowersOf({ entities: others.data, contacts: contacts?.data ?? [], members: members?.data ?? [] }),
    knows: knows.data,
    times: { as_of, known_at },
    wrong,
  };
  const body = <KnownPage view={view} />;
  return answerFramed(c, {
    seat,
    place: "people",
    title: entity.name ?? "Entity",
    body,
    ...(status ? { status } : {}),
  });
}

export const knownPage = async (c: Context<App>): Promise<Response> => answerKnown(c, await reader(c), {});

type Form = Map<string, string>;
type Act = { verb: Verb; note: NoteCode; input(form: Form, id: string): Record<string, unknown> };

const given = (form: Form, ...names: string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = (form.get(name) ?? "").trim();
      return text === "" ? [] : [[name, text]];
    }),
  );

const entered = (form: Form) => ({
  provenance: { source_type: "user_entered", source_ref: form.get("source_ref")?.trim() ?? "" },
});

const times = (form: Form): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given(form, "valid_from", "valid_to")).map(([name, text]) => [name, momentFrom(text, zoneIn(form))]),
  );

const acts: Record<string, Act> = {
  facts: {
    verb: createFact as unknown as Verb,
    note: "world_written",
    input: (form, subject) => ({
      subject,
      ...given(form, "attribute", "value_type", "unit", "visibility", "supersedes"),
      value: typedValue(form.get("value")?.trim() ?? "", form.get("value_type") ?? ""),
      ...times(form),
      ...entered(form),
    }),
  },
  close: {
    verb: closeFact as unknown as Verb,
    note: "world_ended",
    input: (form) => ({ id: form.get("fact"), because: form.get("because") }),
  },
  knowers: {
    verb: putEdge as unknown as Verb,
    note: "world_written",
    input: (form) => ({
      id: form.get("fact"),
      ...given(form, "knower", "status"),
      ...(form.get("status") === "false_belief"
        ? { believed_value: typedValue(form.get("believed")?.trim() ?? "", form.get("value_type") ?? "") }
        : {}),
    }),
  },
  relations: {
    verb: createRelationship as unknown as Verb,
    note: "world_written",
    input: (form, from) => ({ from, ...given(form, "type", "to"), ...entered(form) }),
  },
  apart: {
    verb: closeRelationship as unknown as Verb,
    note: "world_ended",
    input: (form) => ({ id: form.get("relationship") }),
  },
  merge: {
    verb: mergeEntities as unknown as Verb,
    note: "world_merged",
    input: (form, id) => ({ id, into: form.get("into"), ...given(form, "reason") }),
  },
  unmerge: { verb: unmergeEntities as unknown as Verb, note: "world_apart", input: (_, id) => ({ id }) },
};

const named: Record<string, string> = {
  attribute: "What",
  value: "Value",
  believed_value: "Believes",
  unit: "Unit",
  valid_from: "Since",
  valid_to: "Until",
  source_ref: "Where from",
  reason: "Why",
  supersedes: "In place of",
};

const mendable = new Set([
  "invalid_input",
  "value_invalid",
  "interval_empty",
  "relationship_exists",
  "premium_required",
  "fact_exists",
  "entity_types_differ",
  "contacts_differ",
  "firms_differ",
  "merge_changed",
]);

/** `/console/world/{id}/{act}`. */
export async function knownForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const name = c.req.param("act") ?? "";
  const act = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (!act) throw new Fault("not_found", "route_unknown");
  const id = idIn(c);
  const ctx = await writer(c, form);
  try {
    await once(ctx, { verb: act.verb, input: act.input(form, id), form });
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !mendable.has(thrown.code)) throw thrown;
    const wrong = { act: name, said: saidOf(thrown, named), typed: form };
    return answerKnown(c, ctx, { wrong, status: statusOf(thrown.kind) });
  }
  return seeOther(c, await withNote(c, entityPath(id), { code: act.note }));
}
