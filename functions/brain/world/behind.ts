/** What stands behind an entity's facts: who knows each, what was written down of them, and when anything changed. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { Edge, type EdgeRow, edgeView } from "./edges.ts";
import { Recorded, type RecordedRow, recordedView } from "./fact-history.ts";
import { asked, knownAt, ref } from "./said.ts";

const Behind = () =>
  z.object({
    knowers: z.array(z.object({ ...Edge().shape, name: z.string().nullable() })),
    recorded: z.array(
      z.object({
        ...Recorded().shape,
        id: z.string(),
        attribute: z.string(),
        value: z.unknown(),
        unit: z.string().nullable(),
      }),
    ),
    valid_instants: z.array(z.string()).describe("When something began or ceased to hold, as known then"),
    known_instants: z.array(z.string()).describe("When something was written down or taken back"),
  });

type Kept = RecordedRow & { root_id: string; key: string; value: unknown; unit: string | null };
type Row = {
  is_there: boolean;
  knowers: (EdgeRow & { name: string | null })[];
  recorded: Kept[];
  valid_instants: string[];
  known_instants: string[];
};

/** Of each so many are told, the newest. */
const most = 200;

export const getBehind = reading(
  {
    name: "world.entities.behind",
    summary: "What stands behind an entity's facts: who knows them, what was written down, when anything changed",
    needs: "world:read",
    faults: ["entity_unknown"],
    input: () => z.object({ id: ref(), known_at: asked().known_at }),
    output: Behind,
  },
  {
    part: (ctx, { id, known_at }) => {
      const known = knownAt({ known_at });
      return raw<Row>(
        ctx,
        sql`with f as materialized (select x.* from world.facts x where x.project_id = shared.scope() and x.subject_entity_id = ${id}
            and x.session_id is null and x.review_state = 'kept' order by x.recorded_at desc, x.id limit ${most}),
          k as materialized (select x.* from world.knowledge_edges x where x.project_id = shared.scope() and x.session_id is null
            and x.fact_id in (select root_id from f) order by x.recorded_at desc, x.id limit ${most})
        select exists (select from world.entities e where e.project_id = shared.scope() and e.id = ${id} and e.erased_at is null) as is_there,
          coalesce((select jsonb_agg(to_jsonb(k) || jsonb_build_object('name', coalesce(e.name, c.name)) order by k.recorded_at desc, k.id)
            from k left join world.entities e on e.project_id = k.project_id and e.id = k.knower_entity_id
              left join people.contacts c on c.project_id = k.project_id and c.id = k.knower_contact_id
            where k.recorded_at <= ${known} and (k.superseded_at is null or k.superseded_at > ${known})), '[]') as knowers,
          coalesce((select jsonb_agg(to_jsonb(f) - 'tsv' order by f.recorded_at desc, f.id) from f where f.recorded_at <= ${known}), '[]') as recorded,
          (select coalesce(jsonb_agg(distinct t order by t), '[]') from f, unnest(array[f.valid_from, f.valid_to]) t
            where isfinite(t) and f.recorded_at <= ${known} and (f.superseded_at is null or f.superseded_at > ${known})) as valid_instants,
          (select coalesce(jsonb_agg(distinct t order by t), '[]') from (select unnest(array[recorded_at, superseded_at]) from f
            union select unnest(array[recorded_at, superseded_at]) from k) u(t) where t is not null) as known_instants`,
      );
    },
    view: (found) => {
      const row = (found as { rows: Row[] }).rows[0];
      if (!row?.is_there) throw new Fault("not_found", "entity_unknown");
      return {
        knowers: row.knowers.map((edge) => ({ ...edgeView(edge), name: edge.name })),
        recorded: row.recorded.map((kept) => ({
          ...recordedView(kept),
          id: kept.root_id,
          attribute: kept.key,
          value: kept.value,
          unit: kept.unit,
        })),
        valid_instants: row.valid_instants.map((at) => instant(at)),
        known_instants: row.known_instants.map((at) => instant(at)),
      };
    },
  },
);
