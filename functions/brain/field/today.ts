/** A technician's day, small enough for a phone on a bad line. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { instant } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { Status } from "./job.ts";

const Today = () =>
  z.object({
    tech: z.string().nullable().describe("Null for somebody who is no technician here"),
    date: z.iso.date().describe("By the clocks of his time zone"),
    timezone: z.string(),
    jobs: z.array(
      z.object({
        id: z.string(),
        number: z.int(),
        title: z.string(),
        status: Status(),
        start: z.string().nullable(),
        end: z.string().nullable(),
        client: z.string().nullable(),
        phone: z.string().nullable(),
        location: z.string(),
        running: z.array(z.string()).describe("Timers that run"),
      }),
    ),
  });

type View = z.output<ReturnType<typeof Today>>;

/** Who is signed in, as a technician; one row, of nulls when he is none. */
export const meAsTech = sql`(select t.id, coalesce(t.timezone, p.timezone) as zone from identity.projects p
  left join field.techs t on t.project_id = p.id and t.user_id = nullif(current_setting('app.user_id', true), '')::uuid
  where p.id = shared.scope())`;

export const today = reading(
  {
    name: "field.today",
    summary: "A technician's jobs of today, and those that he is in the middle of, in the order of the day",
    needs: "field:work",
    input: () => z.object({}),
    output: Today,
  },
  {
    part: (ctx) =>
      raw<View>(
        ctx,
        sql`select me.id as tech, (shared.clock() at time zone me.zone)::date::text as date, me.zone as timezone,
          (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'number', d.number, 'title', d.title, 'status', d.status, 'start', d.start,
              'end', d.end_ts, 'client', d.name, 'phone', d.phone, 'location', d.location, 'running', d.running) order by d.start nulls last, d.number), '[]')
            from (select j.id, j.number, j.title, j.status, coalesce(s.start_ts, j.scheduled_for) as start, s.end_ts, c.name, c.phone, j.location,
                array(select m.kind from field.timers m where m.project_id = j.project_id and m.job_id = j.id and m.tech_id = me.id
                  and m.stopped_at is null order by 1) as running
              from field.jobs j cross join lateral field.client_of(j.client_id) c
                left join lateral (select a.start_ts, a.end_ts from field.schedule a where a.project_id = j.project_id and a.job_id = j.id
                  and a.tech_id = me.id and a.status in ('planned', 'confirmed', 'done') order by a.status = 'done', a.start_ts desc limit 1) s on true
              where j.project_id = shared.scope() and j.assigned_tech_id = me.id and j.status <> 'cancelled'
                and (j.status in ('onsite', 'repairing')
                  or (coalesce(s.start_ts, j.scheduled_for) at time zone me.zone)::date = (shared.clock() at time zone me.zone)::date)) d) as jobs
          from ${meAsTech} me`,
      ),
    view: (found) => {
      const [row] = (found as { rows: View[] }).rows;
      if (!row) throw new Error("the project is not there");
      return {
        ...row,
        jobs: row.jobs.map((job) => ({ ...job, start: instant(job.start), end: instant(job.end) })),
      };
    },
  },
);
