/** How entities stand to each other: listed, written down, ended. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import {
  asked,
  asOf,
  groundFaults,
  grounds,
  interval,
  knownAt,
  moment,
  ownId,
  provenance,
  ref,
  sourceTypes,
} from "./said.ts";

const relType = () =>
  z.string().regex(/^[A-Z][A-Z_]{1,39}$/, "capitals, like WORKS_AT, RENTED_FROM or NEGOTIATING_WITH");

const Relationship = () =>
  z.object({
    id: z.string(),
    from: z.string(),
    type: z.string(),
    to: z.string(),
    valid_from: z.string().nullable(),
    valid_to: z.string().nullable(),
    recorded_at: z.string(),
    source: z.object({ type: z.enum(sourceTypes), ref: z.string() }),
    evidence: z.string().nullable(),
  });
type View = z.output<ReturnType<typeof Relationship>>;

type Row = {
  id: string;
  root_id: string;
  src_entity_id: string;
  rel_type: string;
  dst_entity_id: string;
  valid_from: string | null;
  valid_to: string | null;
  recorded_at: string;
  source_type: View["source"]["type"];
  source_ref: string;
  evidence_id: string | null;
};

const view = (row: Row): View => ({
  id: row.root_id,
  from: row.src_entity_id,
  type: row.rel_type,
  to: row.dst_entity_id,
  valid_from: instant(row.valid_from),
  valid_to: instant(row.valid_to),
  recorded_at: instant(row.recorded_at),
  source: { type: row.source_type, ref: row.source_ref },
  evidence: row.evidence_id,
});

export const listRelationships = reading(
  {
    name: "world.relationships.list",
    summary: "How entities stand to each other, newest first, of a time and as known then",
    needs: "world:read",
    input: () => z.object({ ...paging(), entity: ref().optional(), type: relType().optional(), ...asked() }),
    output: () => page(Relationship()),
  },
  {
    part: (ctx, { limit, after, entity, type, ...asks }) =>
      raw<Row>(
        ctx,
        sql`select r.* from world.relationships r
          where r.project_id = shared.scope() and r.recorded_at <= ${knownAt(asks)} and (r.superseded_at is null or r.superseded_at > ${knownAt(asks)})
            and (r.valid_from is null or r.valid_from <= ${asOf(asks)}) and (r.valid_to is null or r.valid_to > ${asOf(asks)})
            and ${entity ? sql`(r.src_entity_id = ${entity} or r.dst_entity_id = ${entity})` : sql`true`}
            and ${type ? sql`r.rel_type = ${type}` : sql`true`}
            and ${after ? sql`(r.recorded_at, r.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by r.recorded_at desc, r.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view,
        position: (row) => ({ at: row.recorded_at, id: row.id }),
      }),
  },
);

export const createRelationship = verb(
  {
    name: "world.relationships.create",
    summary:
      "Write down how one entity stands to another; what that lets them know is assumed, and never over what somebody set",
    needs: "world:write",
    effect: "write",
    faults: [
      ...groundFaults,
      "entity_unknown",
      "entity_archived",
      "same_entity",
      "interval_empty",
      "relationship_exists",
      "erased",
    ],
    input: () =>
      z.object({ id: ownId("rel"), from: ref(), type: relType(), to: ref(), ...interval(), provenance: provenance() }),
    output: Relationship,
    example: () => ({
      from: "ent_example",
      type: "WORKS_AT",
      to: "ent_other",
      provenance: { source_type: "user_entered" as const, source_ref: "card" },
    }),
  },
  async (ctx, { from: src, to: dst, provenance: given, ...said }) => {
    const row = { ...said, ...grounds(given), src, dst, id: said.id ?? ctx.ids.next("relationship") };
    return commit(ctx, {
      status: 201,
      change: sql`select r.* from world.put_relationship(${JSON.stringify(row)}::jsonb) r`,
    });
  },
  (row) => view(row as Row),
);

export const closeRelationship = verb(
  {
    name: "world.relationships.close",
    summary: "Say since when a relationship holds no longer, or that it never did",
    needs: "world:write",
    effect: "write",
    faults: ["relationship_unknown", "relationship_closed"],
    input: () =>
      z.object({
        id: ref(),
        because: z.enum(["ended", "mistaken"]).default("ended"),
        valid_to: moment().optional().describe("When it ended; now unless said"),
      }),
    output: Relationship,
    example: () => ({ id: "rel_example" }),
  },
  async (ctx, { id, because, valid_to: until }) => {
    const at =
      because === "mistaken" ? sql`null::timestamptz` : sql`coalesce(${until ?? null}::timestamptz, shared.clock())`;
    return commit(ctx, { change: sql`select r.* from world.close_relationship(${id}, ${at}) r` });
  },
  (row) => view(row as Row),
);
