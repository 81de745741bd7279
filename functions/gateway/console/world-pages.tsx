/** What we know as pages: the list, the picture, one entity at a moment; and where they stand. */
import type { Context, Hono } from "hono";
import { listMembers } from "#brain/identity/index.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { listContacts } from "#brain/people/index.ts";
import {
  createEntity,
  entityTypes,
  getFact,
  listConflicts,
  listEntities,
  listFacts,
  listRelationships,
} from "#brain/world/index.ts";
import type { App } from "../runtime.ts";
import { filterIn, idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { proposalsPage, reviewForm } from "./fact-proposals.tsx";
import { withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { knownForm, knownPage } from "./known-pages.tsx";
import { offerPages } from "./offer-pages.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import { listed, turnedTo } from "./turning.ts";
import { GraphPage } from "./world-graph-view.tsx";
import { WorldPage } from "./world-view.tsx";
import { entityPath, knowersOf } from "./world-words.ts";

const kindIn = (c: Context<App>): { type?: (typeof entityTypes)[number] } => {
  const type = entityTypes.find((kind) => kind === c.req.query("type"));
  return type ? { type } : {};
};

async function worldPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const q = (c.req.query("q") ?? "").trim().slice(0, 100);
  const contact = filterIn(c, "contact");
  const narrowed = { ...kindIn(c), ...(q ? { q } : {}), ...(contact ? { contact } : {}) };
  const [entities, conflicts, memory] = await together(ctx, [
    [listEntities, { limit: 50, ...narrowed, ...(await turnedTo(c, "entities")) }],
    [listConflicts, { limit: 10 }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const [only] = entities.data;
  if (contact && only) return seeOther(c, entityPath(only.id));
  const seat = seatOf(ctx, memory);
  const view = { seat, q, type: narrowed.type, contact, entities: await listed(c, "entities", entities) };
  const body = <WorldPage view={{ ...view, conflicts: contact ? [] : conflicts.data }} />;
  return answerFramed(c, { seat, place: "people", title: "What we know", body });
}

async function enterForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const [name, contact] = [form.get("name")?.trim(), form.get("contact")];
  const input = { type: form.get("type"), ...(name ? { name } : {}), ...(contact ? { contact } : {}) };
  const { id } = await once(await writer(c, form), { verb: createEntity, input, form });
  return seeOther(c, await withNote(c, entityPath(id), { code: "world_written" }));
}

/** Whom the picture may be drawn for; staff know all. */
const knowerIn = (c: Context<App>): string | undefined =>
  /^(public|(technician|contact|entity):[A-Za-z0-9_-]{1,64})$/.exec(c.req.query("knower") ?? "")?.[0];

async function graphPage(c: Context<App>): Promise<Response> {
  const ctx = await reader(c);
  const knower = knowerIn(c);
  const { type } = kindIn(c);
  const [entities, relations, facts, contacts, members, memory] = await together(ctx, [
    [listEntities, { limit: 100 }],
    [listRelationships, { limit: 100 }],
    [listFacts, { limit: 100, knower: knower ?? "public" }],
    [listContacts, { limit: 100 }, "if permitted"],
    [listMembers, { limit: 100 }, "if permitted"],
    [memoryStatus, {}, "if permitted"],
  ]);
  const counts = new Map<string, number>();
  for (const { subject } of facts.data) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  const isHe = (one: { id: string; contact: string | null }) =>
    knower === `entity:${one.id}` || knower === `contact:${one.contact}`;
  // Technicians know all that staff does.
  const knowsAll = !knower || knower.startsWith("technician:");
  const shown = entities.data.filter(
    (one) => (!type || one.type === type) && (knowsAll || counts.has(one.id) || isHe(one)),
  );
  const seat = seatOf(ctx, memory);
  const view = {
    entities: shown,
    relations: relations.data,
    knowers: knowersOf({ entities: entities.data, contacts: contacts?.data ?? [], members: members?.data ?? [] }),
    type,
    knower,
    known: knower ? counts : null,
    isAll: !entities.next && !relations.next && !(knower && facts.next),
  };
  return answerFramed(c, { seat, place: "people", title: "Who stands where", body: <GraphPage view={view} /> });
}

/** A fact stands on the page of what it is about. */
async function factPlace(c: Context<App>): Promise<Response> {
  const [{ subject, id }] = await together(await reader(c), [[getFact, { id: idIn(c) }]]);
  return seeOther(c, `${entityPath(subject)}#${encodeURIComponent(id)}`);
}

export function worldPages(pages: Hono<App>): void {
  offerPages(pages);
  pages.get("/world", worldPage);
  pages.post("/world", enterForm);
  pages.get("/world/graph", graphPage);
  pages.get("/world/proposals", proposalsPage);
  pages.post("/world/proposals", reviewForm);
  pages.get("/world/fact/:id", factPlace);
  pages.get("/world/:id", knownPage);
  pages.post("/world/:id/:act", knownForm);
}
