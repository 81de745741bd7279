/** Technicians: who they are, who signs in as them, and whether they take work. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { page, paged, paging, version } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { isTimezone } from "../kernel/wall-time.ts";
import { Tech, type TechView, techColumns, techView } from "./tech.ts";

const id = () => z.string().min(1).max(64);

const facts = () => ({
  phone: z
    .string()
    .regex(/^\+[1-9][0-9]{4,14}$/)
    .nullable()
    .describe("E.164"),
  email: z.email().max(320).nullable(),
  timezone: z.string().max(64).refine(isTimezone, "no such time zone").nullable().describe("IANA name"),
  user: z.uuid().nullable().describe("The member who signs in as him"),
});

const whole = () => z.object({ name: z.string().min(1).max(200), ...z.object(facts()).partial().shape });

/** Raises unless this is a member of the project: nobody else signs in here. */
const memberCheck = (user: string | null | undefined) =>
  user
    ? sql`(exists (select from identity.memberships m where m.project_id = shared.scope() and m.user_id = ${user}::uuid and m.ended_at is null)
        or shared.fail('not_found', 'member_unknown'))`
    : sql`true`;

export const createTech = verb(
  {
    name: "field.techs.create",
    summary: "Add a technician; with a member's id that member sees his own day",
    needs: "field:write",
    effect: "write",
    faults: ["member_unknown", "tech_exists"],
    input: whole,
    output: Tech,
    example: () => ({ name: "Thomas Holm" }),
  },
  async (ctx, { name, phone = null, email = null, timezone = null, user = null }) => {
    const made = ctx.ids.next("tech");
    return commit(ctx, {
      status: 201,
      change: sql`insert into field.techs as t (project_id, id, name, phone, email, timezone, user_id)
        select shared.scope(), ${made}, ${name}, ${phone}, ${email}, ${timezone}, ${user}::uuid where ${memberCheck(user)}
        returning ${techColumns}`,
      event: { kind: "tech.created", ref: ["tech", made], payload: { user } },
    });
  },
  techView,
);

export const updateTech = verb(
  {
    name: "field.techs.update",
    summary: "Change a technician's name, ways to reach him, time zone or member",
    needs: "field:write",
    effect: "write",
    faults: ["tech_unknown", "tech_changed", "member_unknown", "tech_exists"],
    input: () => z.object({ id: id(), version: version(), ...whole().partial().shape }),
    output: Tech,
    example: () => ({ id: "tec_0", version: 1, name: "Thomas Holm" }),
  },
  async (ctx, { id, version, ...asked }) => {
    const given = JSON.stringify(asked);
    const put = (field: string, column = field) =>
      sql`${sql.identifier(column)} = case when n.asked ? ${field} then n.asked->>${field} else t.${sql.identifier(column)} end`;
    return commit(ctx, {
      change: sql`update field.techs t set ${put("name")}, ${put("phone")}, ${put("email")}, ${put("timezone")},
          user_id = case when n.asked ? 'user' then (n.asked->>'user')::uuid else t.user_id end,
          updated_at = shared.clock(), version = t.version + 1
        from (select ${given}::jsonb as asked) n
        where t.project_id = shared.scope() and t.id = ${id} and t.version = ${version}::int and ${memberCheck(asked.user)}
        returning ${techColumns}`,
      event: { kind: "tech.updated", ref: ["tech", id], payload: { fields: Object.keys(asked) } },
      lost: () => whyNotTech(ctx, id),
    });
  },
  techView,
);

const turned =
  (active: boolean) =>
  async (ctx: Ctx, { id }: { id: string }) =>
    commit(ctx, {
      change: sql`update field.techs t set active = ${active}, updated_at = shared.clock(), version = t.version + 1
      where t.project_id = shared.scope() and t.id = ${id} returning ${techColumns}`,
      event: { kind: active ? "tech.activated" : "tech.deactivated", ref: ["tech", id] },
      lost: () => new Fault("not_found", "tech_unknown"),
    });

export const activateTech = verb(
  {
    name: "field.techs.activate",
    summary: "Give a technician work again",
    needs: "field:write",
    effect: "write",
    faults: ["tech_unknown"],
    input: () => z.object({ id: id() }),
    output: Tech,
  },
  turned(true),
  techView,
);

export const deactivateTech = verb(
  {
    name: "field.techs.deactivate",
    summary: "Give a technician no new work; what he has stays his until it is assigned anew",
    needs: "field:write",
    effect: "write",
    faults: ["tech_unknown"],
    input: () => z.object({ id: id() }),
    output: Tech,
  },
  turned(false),
  techView,
);

const techStatement = (ctx: Ctx, id: string) =>
  raw<TechView>(
    ctx,
    sql`select ${techColumns} from field.techs t where t.project_id = shared.scope() and t.id = ${id}`,
  );

async function whyNotTech(ctx: Ctx, id: string): Promise<Fault> {
  const [found] = await send(ctx, [techStatement(ctx, id)]);
  const row = found.rows[0];
  if (!row) return new Fault("not_found", "tech_unknown");
  return new Fault("stale", "tech_changed", { version: row.version, detail: "Read it again: it has changed." });
}

export const getTech = reading(
  {
    name: "field.techs.get",
    summary: "One technician",
    needs: "field:read",
    faults: ["tech_unknown"],
    input: () => z.object({ id: id() }),
    output: Tech,
  },
  {
    part: (ctx, { id }) => techStatement(ctx, id),
    view: (found) => {
      const row = (found as { rows: Record<string, unknown>[] }).rows[0];
      if (!row) throw new Fault("not_found", "tech_unknown");
      return techView(row);
    },
  },
);

export const listTechs = reading(
  {
    name: "field.techs.list",
    summary: "Technicians, the newest first; those who take no work any more when asked for",
    needs: "field:read",
    input: () => z.object({ ...paging(), active: z.enum(["yes", "no", "all"]).default("yes") }),
    output: () => page(Tech()),
  },
  {
    part: (ctx, { limit, after, active }) =>
      raw<TechView>(
        ctx,
        sql`select ${techColumns} from field.techs t where t.project_id = shared.scope()
            and ${active === "all" ? sql`true` : sql`t.active = ${active === "yes"}::boolean`}
            and ${after ? sql`(t.created_at, t.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by t.created_at desc, t.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: TechView[] }).rows, input, {
        view: techView,
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);
