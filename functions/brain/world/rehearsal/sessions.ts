/** Rehearsals of one's own: begun, listed, read and ended. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../../kernel/batch.ts";
import { commit } from "../../kernel/commit.ts";
import { Fault } from "../../kernel/fault.ts";
import { page, paged, paging } from "../../kernel/schemas.ts";
import { reading, verb } from "../../kernel/verb.ts";
import { edgeStatuses } from "../fact.ts";
import { ref } from "../said.ts";
import { type Known, packOf } from "./pack.ts";
import {
  partiesOf,
  Session,
  type SessionRow,
  sessionView,
  styles,
  Turn,
  type TurnRow,
  template,
  turnsOf,
  turnView,
} from "./session.ts";

export const listSessions = reading(
  {
    name: "world.sessions.list",
    summary: "Rehearsals of one's own, newest first",
    needs: "world:read",
    input: () => z.object({ ...paging() }),
    output: () => page(Session()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<SessionRow>(
        ctx,
        sql`select s.*, ${partiesOf} as parties from world.sessions s where s.project_id = shared.scope()
            and ${after ? sql`(s.created_at, s.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by s.created_at desc, s.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: SessionRow[] }).rows, input, {
        view: sessionView,
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);

export const createSession = verb(
  {
    name: "world.sessions.create",
    summary: "Begin to rehearse a talk: with whom, in which manner, about what",
    needs: "world:write",
    effect: "write",
    faults: ["person_required", "entity_unknown", "entity_archived", "own_counterparty"],
    input: () =>
      z.object({
        title: z.string().trim().min(1).max(200).optional(),
        template: template().optional().describe("What must be spoken about"),
        counterparty_style: z.enum(styles).default("neutral"),
        counterparty: ref().describe("The entity that is played"),
        self: ref().optional().describe("Whom `my` means; the first attached unless said"),
        attached: z.array(ref()).max(20).default([]).describe("Entities it is about"),
      }),
    output: Session,
    example: () => ({ counterparty: "ent_other", self: "ent_example", counterparty_style: "tough" as const }),
  },
  (ctx, { counterparty_style: style, ...said }) =>
    commit(ctx, {
      status: 201,
      // What the function wrote is not there yet for the statement that calls it: the parties are said again from the input.
      change: sql`select s.*, (select coalesce(jsonb_agg(jsonb_build_object('part', x.part, 'id', e.id, 'name', e.name) order by x.n), '[]') from (
            select distinct on (y.id) y.* from (select 1 as n, 'counterparty' as part, ${said.counterparty}::text as id
              union all select 2, 'self', ${said.self ?? said.attached[0] ?? null}::text
              union all select 2 + a.n::int, 'attached', a.id from jsonb_array_elements_text(${JSON.stringify(said.attached)}::jsonb) with ordinality a (id, n)) y
            order by y.id, y.n) x join world.entities e on e.project_id = s.project_id and e.id = x.id) as parties
          from world.open_session(${JSON.stringify({ ...said, style, id: ctx.ids.next("rehearsal") })}::jsonb) s`,
      event: {
        kind: "rehearsal.begun",
        ref: ["session", "own"],
        payload: { style, template: said.template ?? "none" },
      },
    }),
  (row) => sessionView(row as SessionRow),
);

export const getSession = reading(
  {
    name: "world.sessions.get",
    summary: "A rehearsal of one's own with what was said, and what its counterparty knows by now",
    needs: "world:read",
    faults: ["session_unknown"],
    input: () => z.object({ id: ref() }),
    output: () =>
      z.object({
        ...Session().shape,
        turns: z.array(Turn()),
        coached: z.boolean().describe("Whether you may write to a coach"),
        known: z
          .array(
            z.object({
              fact: z.string(),
              statement: z.string(),
              status: z.enum(edgeStatuses),
              session_only: z.boolean(),
            }),
          )
          .describe("What the counterparty knows"),
        unknown_required_slots: z.array(z.string()),
      }),
  },
  {
    part: (ctx, { id }) =>
      raw(
        ctx,
        sql`select s.*, ${partiesOf} as parties, ${turnsOf(sql`s.id`)} as turns, world.is_premium() as coached,
            world.knows_at(s.id, 'roleplay', 0, shared.clock(), shared.clock()) as knows
          from world.sessions s where s.project_id = shared.scope() and s.id = ${id}`,
      ),
    view: (found) => {
      type Row = SessionRow & { turns: TurnRow[]; coached: boolean; knows: Known | null };
      const row = (found as { rows: Row[] }).rows[0];
      if (!row) throw new Fault("not_found", "session_unknown");
      const pack = row.knows && packOf(row.knows);
      return {
        ...sessionView(row),
        turns: row.turns.map(turnView),
        coached: row.coached,
        known: (pack?.facts ?? []).map(({ fact, statement, status, session_only }) => ({
          fact,
          statement,
          status,
          session_only,
        })),
        unknown_required_slots: pack?.unknown_required_slots ?? [],
      };
    },
  },
);

export const endSession = verb(
  {
    name: "world.sessions.end",
    summary: "End a rehearsal; what came up in it waits for a decision",
    needs: "world:write",
    effect: "write",
    faults: ["session_unknown", "session_ended", "person_required"],
    input: () => z.object({ id: ref() }),
    output: Session,
    example: () => ({ id: "rhs_ended" }),
  },
  (ctx, { id }) =>
    commit(ctx, {
      before: [raw(ctx, sql`select world.hold_session(${id}, 'roleplay')`)],
      change: sql`update world.sessions s set ended_at = shared.clock(), updated_at = shared.clock(), version = s.version + 1
        where s.project_id = shared.scope() and s.id = ${id} returning s.*, ${partiesOf} as parties`,
      event: { kind: "rehearsal.ended", ref: ["session", id] },
    }),
  (row) => sessionView(row as SessionRow),
);
