/** Jobs as they are listed and read. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import {
  Job,
  JobPage,
  type JobView,
  jobColumns,
  jobId,
  jobPageColumns,
  jobPageView,
  jobsInSight,
  jobView,
  statuses,
} from "./job.ts";

/** Open: all that is not over. */
const shown = ["open", "all", ...statuses] as const;

export const listJobs = reading(
  {
    name: "field.jobs.list",
    summary: "Jobs, the newest first; a technician sees his own",
    needs: "field:read",
    input: () =>
      z.object({
        ...paging(),
        status: z.enum(shown).default("open").describe("open: neither closed nor cancelled"),
        tech: z.string().max(64).optional(),
        client: z.string().max(200).optional(),
        waiting: z.enum(["yes"]).optional().describe("yes: of people whose messages wait to be tied to a job"),
        q: z.string().max(200).optional().describe("A number, or words of the title, the place or the client's name"),
      }),
    output: () => page(Job()),
  },
  {
    part: (ctx, { limit, after, status, tech, client, waiting, q }) => {
      const number = /^#?([0-9]{1,9})$/.exec(q?.trim() ?? "")?.[1];
      const like = `%${(q ?? "").trim().replaceAll(/[\\%_]/g, "\\$&")}%`;
      const worded = sql`(j.title ilike ${like} or j.location ilike ${like} or exists (select from people.contacts c
        where c.project_id = j.project_id and c.id = j.client_id and c.name ilike ${like}))`;
      return raw<JobView>(
        ctx,
        sql`select ${jobColumns} from field.jobs j where ${jobsInSight}
            and ${status === "open" ? sql`j.status not in ('closed', 'cancelled')` : status === "all" ? sql`true` : sql`j.status = ${status}`}
            and ${tech ? sql`j.assigned_tech_id = ${tech}` : sql`true`}
            and ${client ? sql`j.client_id = any(people.same_person(array[${client}]))` : sql`true`}
            and ${waiting ? sql`j.client_id in (select m.contact_id from field.messages m where m.project_id = j.project_id and m.waits)` : sql`true`}
            and ${number ? sql`j.number = ${number}::int` : q?.trim() ? worded : sql`true`}
            and ${after ? sql`(j.created_at, j.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by j.created_at desc, j.id desc limit ${limit + 1}`,
      );
    },
    view: (found, input) =>
      paged((found as { rows: JobView[] }).rows, input, {
        view: (row) => jobView(row),
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);

export const getJob = reading(
  {
    name: "field.jobs.get",
    summary: "One job with its parts, notes and appointments",
    needs: "field:read",
    faults: ["job_unknown"],
    input: () => z.object({ id: jobId() }),
    output: JobPage,
  },
  {
    part: (ctx, { id }) =>
      raw(ctx, sql`select ${jobPageColumns} from field.jobs j where ${jobsInSight} and j.id = ${id}`),
    view: (found, _, ctx) => {
      const row = (found as { rows: Record<string, unknown>[] }).rows[0];
      if (!row) throw new Fault("not_found", "job_unknown");
      return jobPageView(row, ctx);
    },
  },
);
