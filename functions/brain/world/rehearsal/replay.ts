/** What an answer was made of, put together again from what was known then, and held against what was kept. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../../kernel/batch.ts";
import { Fault } from "../../kernel/fault.ts";
import { reading } from "../../kernel/verb.ts";
import { ref } from "../said.ts";
import { hashOf, type Known, type Pack, packOf } from "./pack.ts";

type Row = {
  n: number;
  hash: string;
  knower: string;
  as_of: string;
  known_at: string;
  content: Pack;
  known: Known | null;
  gone: boolean;
};

/** What was erased is gone from both sides; the hash stays as the proof that there was something. */
async function stateOf(
  { hash, content, known, gone }: Row,
  rebuilt: Pack | null,
): Promise<"same" | "erased" | "different"> {
  if (gone || known === null || (await hashOf(content)) !== hash) return "erased";
  return rebuilt && (await hashOf(rebuilt)) === hash ? "same" : "different";
}

export const replayTurn = reading(
  {
    name: "world.sessions.replay",
    summary: "All that an answer in a rehearsal was made of, rebuilt as it was known then; the same bytes each time",
    needs: "world:read",
    faults: ["turn_unknown", "entity_unknown", "contact_unknown"],
    input: () =>
      z.object({
        id: ref(),
        n: z.coerce.number().int().min(1).max(1_000_000).describe("The answer, or what it answers"),
      }),
    example: () => ({ id: "rhs_example", n: 1 }),
    output: () =>
      z.object({
        n: z.int(),
        hash: z.string().describe("Of the canonical JSON of the pack as it was kept"),
        state: z.enum(["same", "erased", "different"]).describe("same: what is rebuilt has this hash"),
        knower: z.string(),
        as_of: z.string(),
        known_at: z.string(),
        pack: z.record(z.string(), z.unknown()).nullable(),
      }),
  },
  {
    part: (ctx, { id, n }) =>
      raw<Row>(
        ctx,
        sql`select m.seq as n, c.knower, world.text_of(c.as_of) as as_of, world.text_of(c.known_at) as known_at, c.content,
            world.knows_at(m.session_id, m.channel, (c.content->>'upto')::int, c.as_of, c.known_at) as known,
            exists (select from shared.tombstones t where t.project_id = m.project_id and t.object_id in (
              select x->>'fact' from jsonb_path_query(c.content, 'lax $.facts[*]') x union all select x->>'subject' from jsonb_path_query(c.content, 'lax $.facts[*]') x
              union all select x->>'id' from jsonb_path_query(c.content, 'lax $.transcript[*]') x
              union all select x->>'entity' from jsonb_path_query(c.content, 'lax $.parties[*]') x)) as gone,
            coalesce(case when c.hash like 'erased:%' then (select e.payload->>'pack' from shared.events e
              where e.project_id = m.project_id and e.kind = 'rehearsal.replied' and e.ref_type = 'message' and e.ref_id = m.id limit 1) end, c.hash) as hash
          from world.messages m join world.context_packs c on c.project_id = m.project_id and c.id = m.pack_id
          where m.project_id = shared.scope() and m.session_id = ${id} and m.seq >= ${n} and (m.channel = 'roleplay' or world.is_premium())
          order by m.seq limit 1`,
      ),
    view: async (found) => {
      const row = (found as { rows: Row[] }).rows[0];
      if (!row) throw new Fault("not_found", "turn_unknown");
      const rebuilt = row.known && packOf(row.known);
      const state = await stateOf(row, rebuilt);
      const { n, hash, knower, as_of, known_at } = row;
      return { n, hash, state, knower, as_of, known_at, pack: state === "erased" ? null : rebuilt };
    },
  },
);
