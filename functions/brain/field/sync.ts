/**
 * What a phone has not seen yet: the technician's open jobs, each whole with all he is shown of it, and the ids of those to forget. The
 * cursor is the oldest transaction that was still running: what commits later is stamped with it or a newer one, so nothing is missed.
 */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { instant } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { Status } from "./job.ts";
import { meAsTech } from "./today.ts";

const Bundle = () =>
  z.object({
    id: z.string(),
    number: z.int(),
    title: z.string(),
    kind: z.string(),
    status: Status(),
    allowed: z.array(Status()),
    scheduled_for: z.string().nullable(),
    minutes: z.int().nullable(),
    location: z.string(),
    about: z.string().describe("What the house wrote down when it took the job in"),
    client: z.object({ id: z.string(), name: z.string().nullable(), phone: z.string().nullable() }),
    appointment: z.object({ id: z.string(), start: z.string(), end: z.string(), status: z.string() }).nullable(),
    notes: z.array(z.object({ id: z.string(), visibility: z.string(), text: z.string(), at: z.string() })),
    parts: z.array(z.object({ id: z.string(), name: z.string(), quantity: z.number() })),
    timers: z.array(z.object({ kind: z.string(), started_at: z.string(), stopped_at: z.string().nullable() })),
    version: z.int(),
  });

const Delta = () =>
  z.object({
    next: z.string().describe("Give it as `since` the next time"),
    whole: z.boolean().describe("Everything follows: forget what you have"),
    jobs: z.array(Bundle()),
    gone: z.array(z.string()).describe("Jobs to forget: over, or somebody else's now"),
  });

type View = z.output<ReturnType<typeof Delta>>;
type BundleView = z.output<ReturnType<typeof Bundle>>;

const bundle = sql`jsonb_build_object('id', j.id, 'number', j.number, 'title', j.title, 'kind', j.kind, 'status', j.status,
  'allowed', field.allowed_moves(j.status), 'scheduled_for', j.scheduled_for, 'minutes', j.minutes, 'location', j.location, 'about', j.notes, 'version', j.version,
  'client', (select jsonb_build_object('id', j.client_id, 'name', c.name, 'phone', c.phone) from field.client_of(j.client_id) c),
  'appointment', (select jsonb_build_object('id', s.id, 'start', s.start_ts, 'end', s.end_ts, 'status', s.status) from field.schedule s
    where s.project_id = j.project_id and s.job_id = j.id and s.status in ('planned', 'confirmed') limit 1),
  'notes', (select coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'visibility', n.visibility, 'text', n.body, 'at', n.created_at) order by n.created_at, n.id), '[]')
    from field.job_notes n where n.project_id = j.project_id and n.job_id = j.id),
  'parts', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'quantity', p.quantity::float8) order by p.created_at, p.id), '[]')
    from field.job_parts p where p.project_id = j.project_id and p.job_id = j.id),
  'timers', (select coalesce(jsonb_agg(jsonb_build_object('kind', m.kind, 'started_at', m.started_at, 'stopped_at', m.stopped_at) order by m.started_at, m.id), '[]')
    from field.timers m where m.project_id = j.project_id and m.job_id = j.id and m.tech_id = me.id))`;

/** A cursor of another technician, or of a database that is not this one any more, begins anew. */
const whole = sql`(a.tech is distinct from me.id or a.seen is null or a.seen > pg_snapshot_xmax(pg_current_snapshot()))`;

export const sync = reading(
  {
    name: "field.sync",
    summary: "What changed about a technician's open jobs since the cursor of his last sync",
    needs: "field:work",
    doors: ["rest"],
    input: () =>
      z.object({ since: z.string().max(100).optional().describe("`next` of the last sync; left out, everything") }),
    output: Delta,
  },
  {
    part: (ctx, { since }) => {
      const [, tech = null, seen = null] = /^([A-Za-z0-9_-]{1,64})\.([0-9]{1,18})$/.exec(since ?? "") ?? [];
      return raw<View>(
        ctx,
        sql`select concat_ws('.', coalesce(me.id, 'nobody'), pg_snapshot_xmin(pg_current_snapshot())::text) as next, ${whole} as whole,
          (select coalesce(jsonb_agg(${bundle} order by j.number), '[]') from field.jobs j where j.project_id = shared.scope()
            and j.assigned_tech_id = me.id and j.status not in ('closed', 'cancelled') and (${whole} or j.tx >= a.seen)) as jobs,
          (select coalesce(jsonb_agg(g.id order by g.id), '[]') from (
            select j.id from field.jobs j where j.project_id = shared.scope() and j.assigned_tech_id = me.id and j.tx >= a.seen
              and j.status in ('closed', 'cancelled')
            union select d.job_id from field.job_departures d join field.jobs j on j.project_id = d.project_id and j.id = d.job_id
              where d.project_id = shared.scope() and d.tech_id = me.id and d.tx >= a.seen and j.assigned_tech_id is distinct from me.id
          ) g where not ${whole}) as gone
          from ${meAsTech} me, (select ${tech}::text as tech, ${seen}::text::xid8 as seen) a`,
      );
    },
    view: (found) => {
      const [row] = (found as { rows: View[] }).rows;
      if (!row) throw new Error("the project is not there");
      return { ...row, jobs: row.jobs.map(bundleView) };
    },
  },
);

const bundleView = (row: BundleView): BundleView => ({
  ...row,
  scheduled_for: instant(row.scheduled_for),
  appointment: row.appointment && {
    ...row.appointment,
    start: instant(row.appointment.start),
    end: instant(row.appointment.end),
  },
  notes: row.notes.map((note) => ({ ...note, at: instant(note.at) })),
  timers: row.timers.map((timer) => ({
    ...timer,
    started_at: instant(timer.started_at),
    stopped_at: instant(timer.stopped_at),
  })),
});
