/** Where equally good sources say different things of the same attribute: shown, never settled by us. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { Fact, type FactRow, factView } from "./fact.ts";
import { asked, asOf, knownAt, ref } from "./said.ts";

const Conflict = () =>
  z.object({
    subject: z.object({ id: z.string(), name: z.string().nullable() }),
    attribute: z.string(),
    since: z.string().describe("When the newest of them was recorded"),
    facts: z.array(Fact()).describe("The best founded ones, which contradict each other"),
  });

type Row = {
  subject: string;
  name: string | null;
  key: string;
  since: string;
  facts: FactRow[];
  place: string;
  place_id: string;
};

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
        sql`select t.* from world.torn(${asOf(asks)}, ${knownAt(asks)}, ${subject ?? null},
          ${after?.at ?? null}::timestamptz, ${after?.id ?? null}, ${limit + 1}::int) t`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view: (row) => ({
          subject: { id: row.subject, name: row.name },
          attribute: row.key,
          since: instant(row.since),
          facts: row.facts.map(factView),
        }),
        position: (row) => ({ at: row.place, id: row.place_id }),
      }),
  },
);
