/** What was read out of a text and waits for somebody to decide whether it is kept. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { Fact, type FactRow, factView } from "./fact.ts";
import { ref } from "./said.ts";

const Proposal = () =>
  z.object({
    ...Fact().shape,
    about: z.string().nullable().describe("The subject's name"),
    quote: z.string().nullable().describe("What it was read out of, as it stands there"),
  });

type Row = FactRow & { id: string; about: string | null; quote: string | null };

/** The words themselves, or the passage or turn they stand in. */
const quoted = sql`coalesce(to_jsonb(f)->>'quote',
  (select c.text from shared.evidence_items i join memory.chunks c on c.project_id = i.project_id and c.source_table = i.source_table
    and c.source_pk = i.source_pk where i.project_id = f.project_id and i.id = f.evidence_id and i.withdrawn_at is null order by c.id limit 1),
  (select m.content from world.messages m where m.project_id = f.project_id and m.session_id = f.session_id and 'message:' || m.id = f.source_ref))`;

export const listFactProposals = reading(
  {
    name: "world.proposals.list",
    summary: "Facts that wait for a decision, newest first; those of a rehearsal only for its user",
    needs: "world:read",
    input: () =>
      z.object({ ...paging(), session: ref().optional().describe("What came up in this rehearsal of yours") }),
    output: () => page(Proposal()),
  },
  {
    part: (ctx, { limit, after, session }) =>
      raw<Row>(
        ctx,
        sql`select f.*, ${quoted} as quote, e.name as about from world.facts f
          join world.entities e on e.project_id = f.project_id and e.id = f.subject_entity_id
          where f.project_id = shared.scope() and f.review_state = 'proposed' and f.superseded_at is null
            and ${session ? sql`f.session_id = ${session}` : sql`true`}
            and ${after ? sql`(f.recorded_at, f.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by f.recorded_at desc, f.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view: (row) => ({ ...factView(row), about: row.about, quote: row.quote }),
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
