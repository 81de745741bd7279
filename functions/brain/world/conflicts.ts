/** Where equally good sources say different things of the same attribute: shown, never settled by us. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { Fact, type FactRow, factView } from "./fact.ts";
import { asked, ref } from "./said.ts";
import { seenBy } from "./visible.ts";

const Conflict = () =>
  z.object({
    subject: z.object({ id: z.string(), name: z.string().nullable() }),
    attribute: z.string(),
    since: z.string().describe("When the newest of them was recorded"),
    facts: z.array(Fact()).describe("The best founded ones, which contradict each other"),
  });

type Row = { subject: string; name: string | null; key: string; at: string; facts: FactRow[] };

export const listConflicts = reading(
  {
    name: "world.conflicts.list",
    summary: "Attributes of which equally well founded facts disagree, the newest first",
    needs: "world:read",
    input: () => z.object({ ...paging(), subject: ref().optional(), ...asked() }),
    output: () => page(Conflict()),
  },
  {
    part: (ctx, { limit, after, subject, ...asks }) =>
      raw<Row>(
        ctx,
        sql`with best as (
            select v.*, rank() over (partition by v.subject_entity_id, v.key order by world.rank_of(v.source_type) desc) as place
            from ${seenBy(asks)} v where ${subject ? sql`v.subject_entity_id = ${subject}` : sql`true`}
          ), torn as (
            select b.subject_entity_id as subject, b.key, max(b.recorded_at) as at, jsonb_agg(to_jsonb(b) - 'tsv' order by b.recorded_at desc, b.row_id) as facts
            from best b where b.place = 1 group by 1, 2
            having count(distinct jsonb_build_array(b.value, b.unit)) > 1)
          select t.*, e.name from torn t join world.entities e on e.project_id = shared.scope() and e.id = t.subject
          where ${after ? sql`(t.at, t.subject || ' ' || t.key) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by t.at desc, t.subject || ' ' || t.key desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view: (row) => ({
          subject: { id: row.subject, name: row.name },
          attribute: row.key,
          since: instant(row.at),
          facts: row.facts.map(factView),
        }),
        position: (row) => ({ at: row.at, id: `${row.subject} ${row.key}` }),
      }),
  },
);
