/** One fact: all that was ever written down of it, and where it is from. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { Fact, type FactRow, factView } from "./fact.ts";
import { ref } from "./said.ts";

export const Recorded = () =>
  z.object({
    row: z.string(),
    valid_from: z.string().nullable(),
    valid_to: z.string().nullable(),
    recorded_at: z.string(),
    superseded_at: z.string().nullable(),
    superseded_by: z.string().nullable().describe("The fact in its place"),
  });

export type RecordedRow = Pick<FactRow, "valid_from" | "valid_to" | "recorded_at"> & {
  id: string;
  superseded_at: string | null;
  superseded_by: string | null;
};
type HistoryRow = FactRow & RecordedRow;

export const recordedView = (row: RecordedRow): z.output<ReturnType<typeof Recorded>> => ({
  row: row.id,
  valid_from: instant(row.valid_from),
  valid_to: instant(row.valid_to),
  recorded_at: instant(row.recorded_at),
  superseded_at: instant(row.superseded_at),
  superseded_by: row.superseded_by,
});

/** Rows that one fact is shown with at most; more than a few come of being cut up again and again. */
const most = 200;

const rowsOf = (
  id: string,
) => sql`(select coalesce(jsonb_agg(to_jsonb(h) - 'tsv' order by h.superseded_at is null desc, h.recorded_at desc, h.id), '[]')
  from (select x.* from world.facts x where x.project_id = shared.scope() and x.root_id = ${id}
    order by x.superseded_at is null desc, x.recorded_at desc, x.id limit ${most}) h)`;

export const getFact = reading(
  {
    name: "world.facts.get",
    summary: "A fact and its history: when it held, as it was written down from time to time",
    needs: "world:read",
    faults: ["fact_unknown"],
    input: () => z.object({ id: ref() }),
    output: () => z.object({ ...Fact().shape, history: z.array(Recorded()) }),
  },
  {
    part: (ctx, { id }) => raw<{ rows: HistoryRow[] }>(ctx, sql`select ${rowsOf(id)} as rows`),
    view: (found) => {
      const rows = (found as { rows: { rows: HistoryRow[] }[] }).rows[0]?.rows ?? [];
      const [newest] = rows;
      if (!newest) throw new Fault("not_found", "fact_unknown");
      return {
        ...factView(newest),
        history: rows.map(recordedView),
      };
    },
  },
);

const Evidence = () =>
  z.object({
    id: z.string(),
    cited: z.int().nullable().describe("The version it was read in"),
    version: z.int().describe("The version it has now"),
    withdrawn: z.boolean(),
    source: z.object({ table: z.string(), pk: z.string() }),
  });

const Why = () =>
  z.object({
    id: z.string(),
    statement: z.string(),
    entered_by: z.string().nullable(),
    origin: z.string(),
    source: z.object({ type: z.string(), ref: z.string() }),
    made_by: z.object({
      extractor: z.string().nullable(),
      model: z.string().nullable(),
      prompt: z.string().nullable(),
    }),
    evidence: Evidence().nullable(),
    replaces: z.array(z.string()),
    replaced_by: z.array(z.string()),
    contradicted_by: z.array(z.string()).describe("What other origins say of the same time instead"),
    stale: z.object({ at: z.string(), reason: z.string().nullable() }).nullable(),
  });

type WhyRow = { why: z.output<ReturnType<typeof Why>> };

export const explainFact = reading(
  {
    name: "world.facts.explain",
    summary: "Where a fact is from, what it rests on, what it replaced and what contradicts it",
    needs: "world:read",
    faults: ["fact_unknown"],
    input: () => z.object({ id: ref() }),
    output: Why,
  },
  {
    part: (ctx, { id }) =>
      raw<WhyRow>(
        ctx,
        sql`select jsonb_build_object('id', f.id, 'statement', f.statement, 'entered_by', f.user_id, 'origin', f.origin,
          'source', jsonb_build_object('type', f.source_type, 'ref', f.source_ref),
          'made_by', jsonb_build_object('extractor', f.extractor_version, 'model', f.model_version, 'prompt', f.prompt_version),
          'evidence', (select jsonb_build_object('id', i.id, 'cited', f.evidence_version, 'version', i.version, 'withdrawn', i.withdrawn_at is not null,
              'source', jsonb_build_object('table', i.source_table, 'pk', i.source_pk))
            from shared.evidence_items i where i.project_id = f.project_id and i.id = f.evidence_id),
          'replaces', array(select distinct o.root_id from world.facts o where o.project_id = f.project_id and o.subject_entity_id = f.subject_entity_id
            and o.key = f.key and o.superseded_by = f.id order by 1),
          'replaced_by', array(select distinct o.superseded_by from world.facts o where o.project_id = f.project_id and o.root_id = f.id
            and o.superseded_by is not null order by 1),
          'contradicted_by', array(select distinct o.root_id from world.facts m join world.facts o on o.project_id = m.project_id
              and o.subject_entity_id = m.subject_entity_id and o.key = m.key and o.superseded_at is null and o.root_id <> m.root_id
              and o.session_id is not distinct from m.session_id and o.review_state = m.review_state
              and (o.value, o.unit) is distinct from (m.value, m.unit) and tstzrange(o.valid_from, o.valid_to) && tstzrange(m.valid_from, m.valid_to)
            where m.project_id = f.project_id and m.root_id = f.id and m.superseded_at is null order by 1),
          'stale', case when f.stale_at is not null then jsonb_build_object('at', f.stale_at, 'reason', f.stale_reason) end) as why
        from world.facts f where f.project_id = shared.scope() and f.id = ${id} and f.continues is null`,
      ),
    view: (found) => {
      const why = (found as { rows: WhyRow[] }).rows[0]?.why;
      if (!why) throw new Fault("not_found", "fact_unknown");
      return { ...why, stale: why.stale && { ...why.stale, at: instant(why.stale.at) } };
    },
  },
);
