/** What was read out of a text and waits for somebody to decide whether it is kept. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { Fact, type FactRow, factView } from "./fact.ts";
import { ref } from "./said.ts";

type Row = FactRow & { id: string };

export const listFactProposals = reading(
  {
    name: "world.proposals.list",
    summary: "Facts that wait for a decision, newest first; those of a rehearsal only for its user",
    needs: "world:read",
    input: () =>
      z.object({ ...paging(), session: ref().optional().describe("What came up in this rehearsal of yours") }),
    output: () => page(Fact()),
  },
  {
    part: (ctx, { limit, after, session }) =>
      raw<Row>(
        ctx,
        sql`select f.* from world.facts f where f.project_id = shared.scope() and f.review_state = 'proposed' and f.superseded_at is null
            and ${session ? sql`f.session_id = ${session}` : sql`true`}
            and ${after ? sql`(f.recorded_at, f.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by f.recorded_at desc, f.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view: factView,
        position: (row) => ({ at: row.recorded_at, id: row.id }),
      }),
  },
);

export const reviewFact = verb(
  {
    name: "world.facts.review",
    summary:
      "Decide on what was proposed: true for everybody, true in its rehearsal only, or let go with all who knew it",
    needs: "world:write",
    effect: "write",
    faults: [
      "fact_unknown",
      "fact_reviewed",
      "session_missing",
      "entity_unknown",
      "entity_archived",
      "evidence_withdrawn",
      "fact_changed",
      "erased",
    ],
    input: () => z.object({ id: ref(), decision: z.enum(["save_global", "save_session_only", "discard"]) }),
    output: Fact,
    example: () => ({ id: "fct_proposed", decision: "discard" as const }),
  },
  async (ctx, { id, decision }) =>
    commit(ctx, {
      change: sql`select to_jsonb(f) - 'tsv' as fact from world.review_fact(${id}, ${decision}, ${ctx.ids.next("fact")}) f`,
    }),
  ({ fact }) => factView(fact as FactRow),
);
