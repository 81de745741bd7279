/** What hangs on what, as one picture: what is open, what that is linked to, and the links. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { reading } from "../kernel/verb.ts";
import { entityTypes, linkTypes } from "./understand/extract.ts";

/** Things in one answer, the ones changed last first. */
const most = 300;

const Seen = () =>
  z.object({
    things: z.array(
      z.object({
        id: z.string(),
        entity_type: z.enum(entityTypes),
        title: z.string(),
        status: z.string(),
        is_open: z.boolean(),
      }),
    ),
    links: z.array(z.object({ id: z.string(), from: z.string(), type: z.enum(linkTypes), to: z.string() })),
    left_off: z.int().describe("Things that were too many for one answer"),
  });

export const map = reading(
  {
    name: "assistant.map",
    summary:
      "Your open tasks, goals and problems, what they are linked to, and the links; or one thing and its neighbours",
    needs: "assistant:use",
    faults: ["person_required"],
    input: () => z.object({ around: z.string().min(1).max(64).optional() }),
    output: Seen,
  },
  {
    part: (ctx, { around }) =>
      raw<{ seen: unknown }>(
        ctx,
        sql`with links as materialized (
            select l.id, l.from_entity_id as a, l.to_entity_id as b, l.link_type from assistant.entity_links l
              where l.project_id = shared.scope() and l.user_id = assistant.me()
                and ${around ? sql`${around} in (l.from_entity_id, l.to_entity_id)` : sql`true`}
          ), known as materialized (
            select x.id, x.entity_type, x.title, x.status, x.is_open, x.updated_at from assistant.things x
              where x.project_id = shared.scope() and x.user_id = assistant.me()
          ), wanted as (
            ${
              around
                ? sql`select ${around}::text as id union select l.a from links l union select l.b from links l`
                : sql`select x.id from known x where x.is_open
                  union select l.a from links l join known y on y.id = l.b and y.is_open
                  union select l.b from links l join known y on y.id = l.a and y.is_open`
            }
          ), shown as materialized (
            select x.*, count(*) over () as total, row_number() over (order by x.is_open desc, x.updated_at desc, x.id) as place
              from known x where x.id in (select w.id from wanted w) and (x.status <> 'archived' or x.id = ${around ?? null}::text)
              order by place limit ${most}
          )
          select jsonb_build_object(
            'things', coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'entity_type', s.entity_type, 'title', s.title,
              'status', s.status, 'is_open', s.is_open) order by s.place) from shown s), '[]'),
            'links', coalesce((select jsonb_agg(jsonb_build_object('id', l.id, 'from', l.a, 'type', l.link_type, 'to', l.b) order by l.id)
              from links l where l.a in (select s.id from shown s) and l.b in (select s.id from shown s)), '[]'),
            'left_off', (select coalesce(max(s.total), 0) - count(*) from shown s)) as seen`,
      ),
    view: (found) => (found as { rows: { seen: z.output<ReturnType<typeof Seen>> }[] }).rows[0]?.seen as never,
  },
);
