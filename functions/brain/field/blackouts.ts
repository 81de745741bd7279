/** Blackouts: days and hours in which nobody is booked, of one technician or of the whole house. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";

const id = () => z.string().min(1).max(64);

/** This century's: Postgres knows no year 0. */
const Wall = () =>
  z
    .union([z.iso.date(), z.iso.datetime({ local: true, precision: -1 })])
    .refine((text) => /^20\d\d-[\dT:-]+$/.test(text), "must be a day or an hour of this century")
    .describe("2026-12-24, or 2026-12-24T12:00");

const Blackout = () =>
  z.object({
    id: z.string(),
    tech: z.string().nullable().describe("Null: everybody"),
    name: z.string().nullable(),
    from: z.string().describe("What clocks show in the technician's time zone"),
    until: z.string().describe("The first moment after it"),
    note: z.string(),
    created_at: z.string(),
    version: z.int(),
  });
type View = z.output<ReturnType<typeof Blackout>>;

const wall = (column: string) => sql`to_char(${sql.identifier(column)}, 'YYYY-MM-DD"T"HH24:MI')`;
const columns = sql`b.id, b.tech_id as tech, (select t.name from field.techs t where t.project_id = b.project_id and t.id = b.tech_id) as name,
  ${wall("starts")} as "from", ${wall("ends")} as until, b.note, b.created_at, b.version`;
const view = (row: View): View => ({ ...row, created_at: instant(row.created_at) });

export const createBlackout = verb(
  {
    name: "field.blackouts.create",
    summary:
      "Keep days or hours free of appointments, for a technician or for all; appointments that stand are left, and counted",
    needs: "field:plan",
    effect: "write",
    faults: ["tech_unknown", "blackout_empty"],
    input: () =>
      z.object({
        tech: id().optional().describe("Left out, everybody"),
        from: Wall(),
        until: Wall().optional().describe("Left out, the whole day; a day is kept free to its end"),
        note: z.string().trim().max(200).default(""),
      }),
    output: () => Blackout().extend({ met: z.int().describe("Appointments that stand in it") }),
    example: () => ({ from: "2026-12-24", until: "2026-12-26", note: "Christmas" }),
  },
  async (ctx, { tech, from, until, note }) => {
    const starts = from.length === 10 ? `${from}T00:00` : from;
    const ends = until ?? (from.length === 10 ? from : undefined);
    // Days are named with the last one.
    const last = sql`case when length(${ends ?? ""}) = 10 then ${ends ?? null}::date + 1 else ${ends ?? null}::timestamp end`;
    const made = ctx.ids.next("blackout");
    if (!ends)
      throw new Fault("invalid", "invalid_input", { errors: [{ pointer: "/until", detail: "needed after an hour" }] });
    return commit(ctx, {
      status: 201,
      change: sql`insert into field.blackouts as b (project_id, id, tech_id, starts, ends, note)
          select shared.scope(), ${made}, ${tech ?? null}, ${starts}::timestamp, ${last}, ${note}
          where case when ${tech ?? null}::text is not null and not exists (select from field.techs t where t.project_id = shared.scope() and t.id = ${tech ?? null})
              then shared.fail('not_found', 'tech_unknown') else true end
            and case when ${starts}::timestamp >= ${last} or ${last} > ${starts}::timestamp + interval '366 days'
              then shared.fail('unprocessable', 'blackout_empty', jsonb_build_object('detail', 'It ends after it begins, within a year.')) else true end
        returning ${columns}, (select count(*)::int from field.schedule s join field.techs t on t.project_id = s.project_id and t.id = s.tech_id
            join identity.projects p on p.id = s.project_id
          where s.project_id = b.project_id and s.status in ('planned', 'confirmed') and (b.tech_id is null or b.tech_id = s.tech_id)
            and s.start_ts < field.wall_instant(b.ends, coalesce(t.timezone, p.timezone))
            and s.end_ts > field.wall_instant(b.starts, coalesce(t.timezone, p.timezone))) as met`,
      event: { kind: "calendar.blackout_created", ref: ["blackout", made], payload: { tech: tech ?? null } },
    });
  },
  (row) => ({ ...view(row as unknown as View), met: Number(row["met"]) }),
);

export const deleteBlackout = verb(
  {
    name: "field.blackouts.delete",
    summary: "Open the time of a blackout again",
    needs: "field:plan",
    effect: "write",
    faults: ["blackout_unknown"],
    input: () => z.object({ id: id() }),
    output: Blackout,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      change: sql`delete from field.blackouts b where b.project_id = shared.scope() and b.id = ${id} returning ${columns}`,
      event: { kind: "calendar.blackout_deleted", ref: ["blackout", id] },
      lost: () => new Fault("not_found", "blackout_unknown"),
    }),
  (row) => view(row as unknown as View),
);

export const listBlackouts = reading(
  {
    name: "field.blackouts.list",
    summary: "Blackouts that have not ended, the next first; past ones when asked for",
    needs: "field:read",
    input: () => z.object({ ...paging(), tech: id().optional(), past: z.enum(["no", "yes"]).default("no") }),
    output: () => page(Blackout()),
  },
  {
    part: (ctx, { limit, after, tech, past }) =>
      raw<View>(
        ctx,
        sql`select ${columns} from field.blackouts b where b.project_id = shared.scope()
            and ${tech ? sql`(b.tech_id is null or b.tech_id = ${tech})` : sql`true`}
            and ${past === "yes" ? sql`true` : sql`b.ends > (shared.clock() at time zone 'UTC') - interval '1 day'`}
            and ${after ? sql`(b.starts, b.id) > (${after.at}::timestamp, ${after.id})` : sql`true`}
          order by b.starts, b.id limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: View[] }).rows, input, { view, position: (row) => ({ at: row.from, id: row.id }) }),
  },
);
