/** What an offer's lines rest on, and what is so by now. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { reading } from "../kernel/verb.ts";

const Ground = () =>
  z.object({
    item: z.string(),
    position: z.int(),
    fact: z.string().nullable(),
    subject: z.string().nullable(),
    statement: z.string().nullable().describe("The fact as it was said"),
    holds: z.boolean().nullable(),
    now: z.string().nullable().describe("What is said of the same by now"),
    now_fact: z.string().nullable(),
    evidence: z.string().nullable(),
    evidence_version: z.int().nullable(),
    evidence_version_now: z.int().nullable(),
    evidence_gone: z.boolean(),
    reason: z.string().nullable().describe("Why the line needs a look"),
  });

type Row = { grounds: z.output<ReturnType<typeof Ground>>[] };

export const getOfferGrounds = reading(
  {
    name: "insight.offers.grounds",
    summary: "The facts and evidence that an offer's lines rest on, whether they hold, and what is so by now",
    needs: "world:read",
    faults: ["offer_unknown"],
    input: () => z.object({ id: z.string().min(1).max(200) }),
    output: () => z.object({ grounds: z.array(Ground()) }),
  },
  {
    part: (ctx, { id }) =>
      raw<Row>(
        ctx,
        sql`select insight.grounds_of(o.id) as grounds from crm.offers o where o.project_id = shared.scope() and o.id = ${id}`,
      ),
    view: (found) => {
      const [row] = (found as { rows: Row[] }).rows;
      if (!row) throw new Fault("not_found", "offer_unknown");
      return row;
    },
  },
);
