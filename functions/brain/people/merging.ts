/** Two records are one person, or are not after all. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { commit } from "../kernel/commit.ts";
import { version } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { Contact, changed, contactId } from "./contact.ts";

export const note = () =>
  z.string().trim().min(1).max(1000).optional().describe("Kept with the merge, and erased with the person");

const evidence = () =>
  z
    .array(z.string().regex(/^[A-Za-z0-9_.:-]{1,120}$/, "must be an id"))
    .max(20)
    .default([])
    .describe("What says so");

export const mergeContacts = verb(
  {
    name: "people.contacts.merge",
    summary: "Two records are one person: one points at the other from now on, until it is taken out again",
    needs: "people:write",
    // Whose words a person may hear follows from it: nothing a model reads may decide that.
    doors: ["rest"],
    effect: "write",
    faults: ["contact_unknown", "contact_changed", "contact_merged", "person_erased", "same_person"],
    input: () =>
      z.object({
        id: contactId().describe("The record that is to point at the other"),
        version: version(),
        into: contactId().describe("The record that speaks for both"),
        note: note(),
        evidence: evidence(),
      }),
    output: Contact,
    example: () => ({ id: "con_0", version: 1, into: "con_example" }),
  },
  async (ctx, { id, version, into, note: why, evidence: refs }) => {
    const wanted = {
      id: ctx.ids.next("merge"),
      from: id,
      into,
      version,
      reason: "operator",
      note: why,
      evidence: refs,
    };
    const row = JSON.stringify({ ...wanted, event: ctx.ids.next("event") });
    return commit(ctx, {
      change: sql`select people.card(people.merge(${row}::jsonb)) as card`,
      audit: {
        action: "people.contact.merged",
        ref: ["contact", id],
        evidence: refs.length > 0 ? refs : "none",
        payload: { into, reason: "operator", merge: wanted.id },
      },
    });
  },
  changed,
);

export const unmergeContacts = verb(
  {
    name: "people.contacts.unmerge",
    summary: "Take a record out of the person it was merged into; both are as before, and are not put together again",
    needs: "people:write",
    effect: "write",
    faults: ["contact_unknown", "contact_changed", "contact_not_merged"],
    input: () => z.object({ id: contactId(), version: version(), note: note(), evidence: evidence() }),
    output: Contact,
    example: () => ({ id: "con_0", version: 1 }),
  },
  async (ctx, { id, version, note: why, evidence: refs }) => {
    const ids = { event: ctx.ids.next("event"), proposal: ctx.ids.next("proposal") };
    return commit(ctx, {
      change: sql`select people.card(people.unmerge(${JSON.stringify({ contact: id, version, note: why, ...ids })}::jsonb)) as card`,
      audit: {
        action: "people.contact.unmerged",
        ref: ["contact", id],
        evidence: refs.length > 0 ? refs : "none",
      },
    });
  },
  changed,
);
