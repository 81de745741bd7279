/** Who knows what: read by everybody on staff, set by premium users and owners. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { edgeStatuses, value } from "./fact.ts";
import { asked, knower, knownAt, ref } from "./said.ts";

const edgeSources = ["user_told", "observed", "inferred", "public", "third_party"] as const;

export const Edge = () =>
  z.object({
    id: z.string(),
    knower: z.string(),
    fact: z.string(),
    status: z.enum(edgeStatuses).describe("unknown: he is to be treated as not knowing it"),
    believed_value: z.unknown().describe("What he holds for true instead"),
    confidence: z.number(),
    source: z.enum(edgeSources),
    session: z.string().nullable(),
    set_by_user: z.boolean(),
    seeded_from: z.string().nullable().describe("The relationship it was assumed from"),
    evidence: z.string().nullable().describe("What told him"),
    recorded_at: z.string(),
  });
type View = z.output<ReturnType<typeof Edge>>;

export type EdgeRow = Omit<View, "fact" | "session" | "evidence"> & {
  fact_id: string;
  session_id: string | null;
  evidence_id: string | null;
};

export const edgeView = (row: EdgeRow): View => ({
  id: row.id,
  knower: row.knower,
  fact: row.fact_id,
  status: row.status,
  believed_value: row.believed_value,
  confidence: row.confidence,
  source: row.source,
  session: row.session_id,
  set_by_user: row.set_by_user,
  seeded_from: row.seeded_from,
  evidence: row.evidence_id,
  recorded_at: instant(row.recorded_at),
});

type Found = { rows: { there: boolean; edges: EdgeRow[] }[] };

/** Edges that were there at `known_at`; `there`: whether what the path names exists. */
const edges = (
  ctx: Ctx,
  where: SQL,
  {
    there,
    known,
    paged: { limit, after },
  }: { there: SQL; known: SQL; paged: { limit: number; after?: { at: string; id: string } | undefined } },
) =>
  raw<Found["rows"][number]>(
    ctx,
    sql`select ${there} as there, coalesce((select jsonb_agg(to_jsonb(x) order by x.recorded_at desc, x.id desc) from (
        select e.* from world.knowledge_edges e where e.project_id = shared.scope() and ${where}
          and e.recorded_at <= ${known} and (e.superseded_at is null or e.superseded_at > ${known})
          and ${after ? sql`(e.recorded_at, e.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
        order by e.recorded_at desc, e.id desc limit ${limit + 1}) x), '[]') as edges`,
  );

function pageOf(found: unknown, input: { limit: number }, missing: string) {
  const row = (found as Found).rows[0];
  if (!row?.there) throw new Fault("not_found", missing);
  return paged(row.edges, input, { view: edgeView, position: (edge) => ({ at: edge.recorded_at, id: edge.id }) });
}

const list = () => ({ ...paging(), id: ref(), known_at: asked().known_at });

export const listKnows = reading(
  {
    name: "world.entities.knows",
    summary: "What an entity is said to know, newest first; of a fact that is not listed nobody says that he knows it",
    needs: "world:read",
    faults: ["entity_unknown"],
    input: () => z.object(list()),
    output: () => page(Edge()),
  },
  {
    part: (ctx, { id, known_at, limit, after }) =>
      edges(ctx, sql`e.knower = any (world.names_of('entity:' || ${id}))`, {
        there: sql`exists (select from world.entities x where x.project_id = shared.scope() and x.id = ${id})`,
        known: knownAt({ known_at }),
        paged: { limit, after },
      }),
    view: (found, input) => pageOf(found, input, "entity_unknown"),
  },
);

export const listKnowers = reading(
  {
    name: "world.facts.knowers",
    summary: "Who is said to know a fact, newest first",
    needs: "world:read",
    faults: ["fact_unknown"],
    input: () => z.object(list()),
    output: () => page(Edge()),
  },
  {
    part: (ctx, { id, known_at, limit, after }) =>
      edges(ctx, sql`e.fact_id = ${id}`, {
        there: sql`exists (select from world.facts x where x.project_id = shared.scope() and x.id = ${id} and x.continues is null)`,
        known: knownAt({ known_at }),
        paged: { limit, after },
      }),
    view: (found, input) => pageOf(found, input, "fact_unknown"),
  },
);

export const putEdge = verb(
  {
    name: "world.facts.set_knower",
    summary: "Say what somebody knows of a fact: that he knows it, does not, or holds something else for true",
    needs: "world:write",
    effect: "write",
    faults: [
      "premium_required",
      "fact_unknown",
      "entity_unknown",
      "entity_merged",
      "contact_unknown",
      "technician_unknown",
      "value_invalid",
      "knower_invalid",
      "evidence_unknown",
      "session_unknown",
      "person_required",
      "edge_changed",
    ],
    input: () =>
      z.object({
        id: ref().describe("The fact"),
        knower: knower(),
        status: z.enum(edgeStatuses),
        believed_value: value().optional().describe("With false_belief: in the form of the fact's type"),
        confidence: z.number().min(0).max(1).default(1),
        source: z.enum(edgeSources).default("user_told"),
        session: ref().optional().describe("A rehearsal of yours: it is so only there"),
        evidence: ref().optional().describe("What told him"),
      }),
    output: Edge,
    example: () => ({ id: "fct_example", knower: "entity:ent_other", status: "unknown" as const }),
  },
  async (ctx, { id: fact, believed_value: believed, ...said }) => {
    const row = {
      ...said,
      fact,
      id: ctx.ids.next("edge"),
      set_by_user: true,
      believed_value: believed,
    };
    return commit(ctx, {
      before: [raw(ctx, sql`select world.assert_may_edit()`)],
      change: sql`select e.* from world.put_edge(${JSON.stringify(row)}::jsonb) e`,
    });
  },
  (row) => edgeView(row as EdgeRow),
);
