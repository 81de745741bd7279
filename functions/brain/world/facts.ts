/** Facts: what a knower knows, written down, ended. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { assertMoney, attribute, Fact, type FactRow, factView, value, valueTypes } from "./fact.ts";
import {
  asked,
  groundFaults,
  grounds,
  interval,
  knower,
  moment,
  ownId,
  provenance,
  ref,
  visibilities,
} from "./said.ts";
import { newestFor, seenBy } from "./visible.ts";

export const listFacts = reading(
  {
    name: "world.facts.list",
    summary: "What is known, newest first: by a knower, of a subject or an attribute, of a time and as known then",
    needs: "world:read",
    faults: ["entity_unknown", "contact_unknown", "technician_unknown"],
    input: () =>
      z.object({
        ...paging(),
        subject: ref().optional(),
        attribute: attribute().optional(),
        knower: knower().optional().describe("Staff unless said"),
        session: ref().optional().describe("A rehearsal of yours: what was said in it too"),
        ...asked(),
      }),
    output: () => page(Fact()),
  },
  {
    part: (ctx, { limit, after, subject, attribute: about, ...asks }) =>
      raw<FactRow & { row_id: string }>(
        ctx,
        subject
          ? sql`select v.* from ${seenBy(asks)} v
              where v.subject_entity_id = ${subject} and ${about ? sql`v.key = ${about}` : sql`true`}
                and ${after ? sql`(v.recorded_at, v.row_id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
              order by v.recorded_at desc, v.row_id desc limit ${limit + 1}`
          : sql`select v.* from ${newestFor(asks, { attribute: about, after, most: limit + 1 })} v`,
      ),
    view: (found, input) =>
      paged((found as { rows: (FactRow & { row_id: string })[] }).rows, input, {
        view: factView,
        position: (row) => ({ at: row.recorded_at, id: row.row_id }),
      }),
  },
);

export const createFact = verb(
  {
    name: "world.facts.create",
    summary:
      "Write a fact down. The same origin replaces what it said of the same time; another one stands beside it as a conflict",
    needs: "world:write",
    effect: "write",
    faults: [
      ...groundFaults,
      "entity_unknown",
      "entity_archived",
      "value_invalid",
      "interval_empty",
      "contact_unknown",
      "contact_required",
      "fact_unknown",
      "fact_exists",
      "session_unknown",
      "person_required",
      "fact_changed",
      "erased",
    ],
    input: () =>
      z.object({
        id: ownId("fct"),
        subject: ref(),
        attribute: attribute(),
        value: value(),
        value_type: z.enum(valueTypes),
        unit: z.string().trim().min(1).max(40).optional(),
        confidence: z.number().min(0).max(1).default(1),
        visibility: z.enum(visibilities).optional().describe("As its evidence, or internal"),
        contact: ref().optional().describe("Whose own it is"),
        session: ref().optional().describe("A rehearsal of yours: it is true only there"),
        supersedes: ref().optional().describe("A fact of another origin that this one replaces"),
        ...interval(),
        provenance: provenance(),
      }),
    output: Fact,
    example: () => ({
      subject: "ent_example",
      attribute: "price.hourly",
      value: { amount_minor: 69_500, currency: "DKK" },
      value_type: "currency" as const,
      unit: "per hour",
      provenance: { source_type: "user_entered" as const, source_ref: "price-list" },
    }),
  },
  async (ctx, { attribute: named, provenance: given, visibility, ...said }) => {
    const from = grounds(given);
    assertMoney(said);
    const id = said.id ?? ctx.ids.next("fact");
    const seen = visibility && { visibility: visibilities.indexOf(visibility) };
    const row = { ...said, ...from, ...seen, id, key: named };
    return commit(ctx, {
      status: 201,
      change: sql`select to_jsonb(f) - 'tsv' as fact from world.put_fact(${JSON.stringify(row)}::jsonb) f`,
    });
  },
  ({ fact }) => factView(fact as FactRow),
);

export const closeFact = verb(
  {
    name: "world.facts.close",
    summary:
      "Say since when a fact holds no longer, or that it never did; what was known before is still told as it was",
    needs: "world:write",
    effect: "write",
    faults: ["fact_unknown", "fact_closed"],
    input: () =>
      z.object({
        id: ref(),
        because: z.enum(["ended", "mistaken"]).default("ended"),
        valid_to: moment().optional().describe("When it ended; now unless said"),
      }),
    output: Fact,
    example: () => ({ id: "fct_example" }),
  },
  async (ctx, { id, because, valid_to: until }) => {
    const at =
      because === "mistaken" ? sql`null::timestamptz` : sql`coalesce(${until ?? null}::timestamptz, shared.clock())`;
    return commit(ctx, {
      change: sql`select to_jsonb(f) - 'tsv' as fact from world.close_fact(${id}, ${at}) f`,
      event: { kind: "fact.closed", ref: ["fact", id], payload: { because } },
    });
  },
  ({ fact }) => factView(fact as FactRow),
);
