/** A job as verbs show it. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import type { Ctx } from "../kernel/ctx.ts";
import { instant } from "../kernel/schemas.ts";
import { Time, Timer, timeOf } from "./job-time.ts";
import { Photo, photoColumns, photoView } from "./photo.ts";

export const statuses = [
  "intake",
  "scheduled",
  "onsite",
  "repairing",
  "ready",
  "shipped",
  "closed",
  "cancelled",
] as const;
export const Status = () => z.enum(statuses);
export const JobKind = () => z.enum(["visit", "drop_off"]);
export const jobId = () => z.string().min(1).max(64);

const fields = () => ({
  id: z.string(),
  number: z.int().describe("What people call it by"),
  title: z.string(),
  kind: JobKind().describe("visit: we go there; drop_off: the thing comes to us"),
  status: Status(),
  allowed: z.array(Status()).describe("Where it may move to from here"),
  client: z.object({ id: z.string(), name: z.string().nullable(), phone: z.string().nullable() }),
  tech: z.object({ id: z.string(), name: z.string() }).nullable(),
  scheduled_for: z.string().nullable(),
  minutes: z.int().nullable().describe("How long it is thought to take"),
  location: z.string(),
  notes: z.string().describe("For the house only"),
  cancel_reason: z.string().nullable(),
  tracking: z.string().nullable(),
  closed_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  version: z.int(),
});

export const Job = () => z.object(fields());
export type JobView = z.output<ReturnType<typeof Job>>;

/** Of a relation called `j`. */
export const jobColumns: SQL = sql`j.id, j.number, j.title, j.kind, j.status, field.allowed_moves(j.status) as allowed,
  (select jsonb_build_object('id', j.client_id, 'name', c.name, 'phone', c.phone) from field.client_of(j.client_id) c) as client,
  (select jsonb_build_object('id', t.id, 'name', t.name) from field.techs t where t.project_id = j.project_id and t.id = j.assigned_tech_id) as tech,
  j.scheduled_for, j.minutes, j.location, j.notes, j.cancel_reason, j.tracking, j.closed_at, j.created_at, j.updated_at, j.version`;

/** Only those that the caller may know of; of the relation `j`. */
export const jobsInSight: SQL = sql`j.project_id = shared.scope()
  and ((select field.only_tech()) is null or j.assigned_tech_id = (select field.only_tech()))`;

export function jobView(found: Record<string, unknown>): JobView {
  const row = found as unknown as JobView;
  return {
    ...row,
    scheduled_for: instant(row.scheduled_for),
    closed_at: instant(row.closed_at),
    created_at: instant(row.created_at),
    updated_at: instant(row.updated_at),
  };
}

export const Part = () =>
  z.object({
    id: z.string(),
    name: z.string(),
    quantity: z.number(),
    price_minor: z.int().nullable().describe("Of one, in the currency's smallest unit, before tax"),
    currency: z.string().nullable(),
    added_by: z.string(),
    created_at: z.string(),
  });

export const partColumns: SQL = sql`p.id, p.name, p.quantity::float8 as quantity, p.price_minor, p.currency, p.added_by, p.created_at`;

export const Note = () =>
  z.object({
    id: z.string(),
    visibility: z.enum(["internal", "client"]).describe("client: the person it is for may be told it"),
    text: z.string(),
    written_by: z.string(),
    created_at: z.string(),
  });

export const noteColumns: SQL = sql`n.id, n.visibility, n.body as text, n.written_by, n.created_at`;

const Appointment = () =>
  z.object({
    id: z.string(),
    tech: z.string(),
    start: z.string(),
    end: z.string(),
    status: z.string(),
  });

/** With all that belongs to it. */
export const JobPage = () =>
  z.object({
    ...fields(),
    parts: z.array(Part()),
    note_list: z.array(Note()).describe("What was written down about it, oldest first"),
    appointments: z.array(Appointment()).describe("The newest first"),
    photos: z.array(Photo()).describe("Oldest first"),
    timers: z.array(Timer()).describe("In the order they began"),
    time: Time(),
  });

export type JobPageView = z.output<ReturnType<typeof JobPage>>;

const rowsOf = (query: SQL): SQL => sql`(select coalesce(jsonb_agg(to_jsonb(x)), '[]') from (${query}) x)`;

export const jobPageColumns: SQL = sql`${jobColumns},
  ${rowsOf(sql`select ${partColumns} from field.job_parts p where p.project_id = j.project_id and p.job_id = j.id order by p.created_at, p.id`)} as parts,
  ${rowsOf(sql`select ${noteColumns} from field.job_notes n where n.project_id = j.project_id and n.job_id = j.id order by n.created_at, n.id`)} as note_list,
  ${rowsOf(sql`select s.id, s.tech_id as tech, s.start_ts as start, s.end_ts as "end", s.status from field.schedule s
    where s.project_id = j.project_id and s.job_id = j.id order by s.start_ts desc, s.id desc limit 20`)} as appointments,
  ${rowsOf(sql`select m.id, m.tech_id as tech, m.kind, m.started_at, m.stopped_at from field.timers m
    where m.project_id = j.project_id and m.job_id = j.id order by m.started_at, m.id`)} as timers,
  ${rowsOf(sql`select ${photoColumns} from field.job_photos f where f.project_id = j.project_id and f.job_id = j.id and f.state <> 'deleted'
    order by f.created_at, f.id`)} as photos, shared.clock() as now`;

const stamped = <R extends { created_at: string }>(row: R): R => ({ ...row, created_at: instant(row.created_at) });
export const partView = (row: Record<string, unknown>) => stamped(row as unknown as z.output<ReturnType<typeof Part>>);
export const noteView = (row: Record<string, unknown>) => stamped(row as unknown as z.output<ReturnType<typeof Note>>);

export async function jobPageView(found: Record<string, unknown>, ctx: Ctx): Promise<JobPageView> {
  const { now, ...row } = found as unknown as JobPageView & { now: string };
  const timers = row.timers.map((one) => ({
    ...one,
    started_at: instant(one.started_at),
    stopped_at: instant(one.stopped_at),
  }));
  return {
    ...row,
    ...jobView(row),
    timers,
    photos: await Promise.all(row.photos.map((photo) => photoView(photo, ctx))),
    time: timeOf({ timers, minutes: row.minutes, now: instant(now) }),
    parts: row.parts.map(partView),
    note_list: row.note_list.map(noteView),
    appointments: row.appointments.map((one) => ({ ...one, start: instant(one.start), end: instant(one.end) })),
  };
}
