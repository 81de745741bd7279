/** Two entities are one, or are not after all: what was said of either before is told as it was. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { instant } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { ref } from "./said.ts";

const Merge = () =>
  z.object({
    id: z.string(),
    from: z.string(),
    into: z.string().describe("The entity that stands for both"),
    reason: z.string(),
    facts: z.int().describe("Facts that go on as the other's"),
    relationships: z.int(),
    knowers: z.int(),
    merged_at: z.string(),
    undone_at: z.string().nullable(),
  });

type View = z.output<ReturnType<typeof Merge>>;

const columns = sql`m.id, m.from_entity_id as "from", m.into_entity_id as "into", m.reason, coalesce(jsonb_array_length(m.moved->'facts'), 0) as facts,
  coalesce(jsonb_array_length(m.moved->'relationships'), 0) as relationships, coalesce(jsonb_array_length(m.moved->'edges'), 0) as knowers, m.merged_at, m.undone_at`;

const view = (row: Record<string, unknown>): View => {
  const found = row as View;
  return { ...found, merged_at: instant(found.merged_at), undone_at: instant(found.undone_at) };
};

// Who knows what follows from it: nothing a model reads may decide that.
const doors = ["rest" as const];

export const mergeEntities = verb(
  {
    name: "world.entities.merge",
    summary:
      "Two entities are one: what is said of the first goes on as the other's, contradictions stand side by side",
    needs: "world:write",
    doors,
    effect: "write",
    faults: [
      "premium_required",
      "entity_unknown",
      "same_entity",
      "entity_merged",
      "entity_archived",
      "entity_types_differ",
      "contacts_differ",
      "firms_differ",
    ],
    input: () =>
      z.object({
        id: ref(),
        into: ref().describe("The one that stands for both from now on"),
        reason: z.string().trim().min(1).max(1000),
      }),
    output: Merge,
    example: () => ({ id: "ent_example", into: "ent_twin", reason: "The same firm, entered twice" }),
  },
  (ctx, { id, into, reason }) =>
    commit(ctx, {
      before: [raw(ctx, sql`select world.assert_may_edit()`)],
      change: sql`select ${columns} from world.merge_entity(${JSON.stringify({ id: ctx.ids.next("merge"), from: id, into, reason })}::jsonb) m`,
      audit: { action: "world.entity.merged", ref: ["entity", id], evidence: "none", payload: { into } },
    }),
  view,
);

export const unmergeEntities = verb(
  {
    name: "world.entities.unmerge",
    summary: "Take a merge back, while nothing was said since that might be of either",
    needs: "world:write",
    doors,
    effect: "write",
    faults: ["premium_required", "entity_unknown", "entity_not_merged", "merge_changed"],
    input: () => z.object({ id: ref().describe("The one that was merged into another") }),
    output: Merge,
  },
  (ctx, { id }) =>
    commit(ctx, {
      before: [raw(ctx, sql`select world.assert_may_edit()`)],
      change: sql`select ${columns} from world.unmerge_entity(${id}) m`,
      audit: { action: "world.entity.unmerged", ref: ["entity", id], evidence: "none" },
    }),
  view,
);
