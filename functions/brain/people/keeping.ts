/** What colleagues write into people's records: a new one, its fields, its addresses. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { commit } from "../kernel/commit.ts";
import { version } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { withPoints } from "./address.ts";
import { Contact, changed, contactId, told, typedPoint } from "./contact.ts";

/** An address that a colleague enters links records: nothing a model reads may enter one. */
const byHand = { needs: "people:write", doors: ["rest" as const], effect: "write" as const };

export const createContact = verb(
  {
    ...byHand,
    name: "people.contacts.create",
    summary: "A client's record made by hand; whoever has proven the same address is linked, others are proposed",
    input: () =>
      z
        .object({ ...told(), points: z.array(z.object(typedPoint())).max(10).default([]) })
        .refine(({ name, points }) => name || points.length > 0, { path: ["name"], message: "a name or an address" }),
    output: Contact,
    example: () => ({ name: "Mette Holm", points: [{ kind: "phone" as const, value: "20 30 40 60" }] }),
  },
  async (ctx, { points: typed, ...fields }) => {
    const id = ctx.ids.next("contact");
    return withPoints(ctx, { typed, at: (place) => `/points/${place}/value` }, async (points, before) => {
      const rows = points.map((point) => ({ ...point, id: ctx.ids.next("contactPoint") }));
      return commit(ctx, {
        status: 201,
        before,
        change: sql`select people.create_contact(${JSON.stringify({ ...fields, id, points: rows })}::jsonb) as card`,
        event: { kind: "contact.created", ref: ["contact", id], payload: { origin: "office" } },
      });
    });
  },
  changed,
);

export const updateContact = verb(
  {
    name: "people.contacts.update",
    summary: "Change what is known of a person; a field that is left out stays, null empties it",
    needs: "people:write",
    effect: "write",
    faults: ["contact_unknown", "contact_changed", "person_erased"],
    input: () => z.object({ id: contactId(), version: version(), ...told() }),
    output: Contact,
    example: () => ({ id: "con_example", version: 1, language: "da" }),
  },
  async (ctx, { id, version, ...set }) =>
    commit(ctx, {
      change: sql`select people.update_contact(${JSON.stringify({ contact: id, version, set })}::jsonb) as card`,
      event: { kind: "contact.updated", ref: ["contact", id], payload: { changed: Object.keys(set).sort() } },
    }),
  changed,
);

export const addPoint = verb(
  {
    ...byHand,
    name: "people.points.add",
    summary: "A number or an address of a person; whoever has proven the same one is linked, others are proposed",
    faults: ["contact_unknown", "person_erased"],
    input: () => z.object({ id: contactId().describe("The person"), ...typedPoint() }),
    output: Contact,
    example: () => ({ id: "con_example", kind: "email" as const, value: "mette@example.dk" }),
  },
  async (ctx, { id: contact, ...typed }) =>
    withPoints(ctx, { typed: [typed], at: () => "/value" }, async ([point], before) => {
      const row = { ...point, contact, id: ctx.ids.next("contactPoint") };
      return commit(ctx, {
        status: 201,
        before,
        change: sql`select people.add_point(${JSON.stringify(row)}::jsonb) as card`,
        event: { kind: "contact.updated", ref: ["contact", contact], payload: { changed: [typed.kind] } },
      });
    }),
  changed,
);

export const removePoint = verb(
  {
    name: "people.points.remove",
    summary: "Take a number or an address out of a person's record",
    needs: "people:write",
    effect: "write",
    faults: ["point_unknown"],
    input: () => z.object({ id: z.string().min(1).max(64).describe("The address") }),
    output: Contact,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      change: sql`select people.remove_point(${id}) as card`,
      event: { kind: "contact.point_removed", ref: ["contact_point", id] },
    }),
  changed,
);
