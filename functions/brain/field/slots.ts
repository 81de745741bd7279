/** Times that can be booked: computed where the booking is decided, so that both go by one rule. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { instant, page, paged } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { appointmentKinds } from "./appointment.ts";

const Slot = () =>
  z.object({ tech: z.string(), name: z.string(), timezone: z.string(), start: z.string(), end: z.string() });
type Row = z.output<ReturnType<typeof Slot>>;

export const findSlots = reading(
  {
    name: "field.slots.find",
    summary:
      "Times that can be booked within 14 days, soonest first: working time, blackouts, buffers, travel and capacity honoured",
    needs: "field:read",
    input: () =>
      z.object({
        limit: z.coerce.number().int().min(1).max(500).default(50),
        after: z.object({ at: z.string(), id: z.string() }).optional(),
        job: z.string().min(1).max(64).optional().describe("The job it is for: its kind and estimate are asked for"),
        minutes: z.coerce
          .number()
          .int()
          .min(5)
          .max(1440)
          .optional()
          .describe("Of a visit; a drop-off has its window. Left out, the job's own estimate, or an hour"),
        kind: z.enum(appointmentKinds).optional().describe("Left out, the job's, or a visit"),
        tech_id: z.string().min(1).max(64).optional(),
        from: z.iso.datetime({ offset: true }).optional().describe("Left out or past: now"),
        days: z.coerce.number().int().min(1).max(14).optional().describe("Left out, as far as the project plans ahead"),
        moving: z
          .string()
          .min(1)
          .max(64)
          .optional()
          .describe("An appointment that is to be moved: its own time counts as free"),
      }),
    output: () => page(Slot()),
  },
  {
    part: (ctx, { limit, after, tech_id, from, days, ...asked }) => {
      const told = {
        most: limit + 1,
        ...(tech_id ? { techs: [tech_id] } : {}),
        ...(asked.moving ? { without: asked.moving } : {}),
        ...(after ? { after } : {}),
      };
      return raw<Row>(
        ctx,
        sql`select s.tech_id as tech, t.name, coalesce(t.timezone, p.timezone) as timezone, s.start_ts as start, s.end_ts as "end"
          from (select greatest(${from ?? null}::timestamptz, shared.clock()) as since) w
            left join field.jobs j on j.project_id = shared.scope() and j.id = ${asked.job ?? null}
            cross join lateral field.slots(${JSON.stringify(told)}::jsonb || jsonb_build_object('since', w.since,
              'kind', coalesce(${asked.kind ?? null}, j.kind, 'visit'), 'minutes', coalesce(${asked.minutes ?? null}::int, j.minutes, 60),
              'until', w.since + make_interval(days => coalesce(${days ?? null}::int, (select r.horizon_days from field.calendar_rules() r))))) s
            join field.techs t on t.project_id = shared.scope() and t.id = s.tech_id
            join identity.projects p on p.id = t.project_id
          order by s.start_ts, s.tech_id`,
      );
    },
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view: (row) => ({ ...row, start: instant(row.start), end: instant(row.end) }),
        position: (row) => ({ at: row.start, id: row.tech }),
      }),
  },
);
