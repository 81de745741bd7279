/** The people of a project: listed, given another role, let go, shut out. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { as, type Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { Role, type RoleName } from "./roles.ts";

const Member = () =>
  z.object({
    id: z.string(),
    user: z.uuid(),
    name: z.string().nullable(),
    role: Role(),
    is_me: z.boolean(),
    disabled_at: z.string().nullable(),
    joined_at: z.string(),
  });

type Row = {
  id: string;
  user: string;
  name: string | null;
  role: RoleName;
  is_me: boolean;
  disabled_at: string | null;
  joined_at: string;
};

const view = (row: Row): Row => ({
  id: row.id,
  user: row.user,
  name: row.name,
  role: row.role,
  is_me: row.is_me,
  disabled_at: instant(row.disabled_at),
  joined_at: instant(row.joined_at),
});

const columns = sql`m.id, m.user_id as user, u.name, m.role, m.created_at as joined_at, u.disabled_at,
  m.user_id is not distinct from nullif(current_setting('app.user_id', true), '')::uuid as is_me`;

export const listMembers = reading(
  {
    name: "identity.members.list",
    summary: "The project's members, newest first",
    needs: "identity:read",
    input: () => z.object(paging()),
    output: () => page(Member()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<Row>(
        ctx,
        sql`select ${columns} from identity.memberships m join shared.users u on u.id = m.user_id
          where m.ended_at is null and ${after ? sql`(m.created_at, m.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by m.created_at desc, m.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, { view, position: (row) => ({ at: row.joined_at, id: row.id }) }),
  },
);

const unknown = () => new Fault("not_found", "member_unknown");

/** Two owners who would remove each other at the same moment: the second waits, and then finds himself the last. */
const lockOwners = (ctx: Ctx) =>
  raw(
    ctx,
    sql`select m.id from identity.memberships m where m.project_id = shared.scope() and m.role = 'owner' and m.ended_at is null
      order by m.id for update`,
  );

/** There is another owner who can still sign in. */
const notLast = sql`exists (select from identity.memberships o join shared.users w on w.id = o.user_id
  where o.project_id = shared.scope() and o.role = 'owner' and o.ended_at is null and w.disabled_at is null and o.id <> m.id)`;

async function whyLost(ctx: Ctx, id: string): Promise<Fault> {
  const own = as(ctx, { entry: { permission: ctx.entry.permission, scope: "project" } });
  const [found] = await send(own, [
    raw(
      own,
      sql`select m.id from identity.memberships m where m.project_id = shared.scope() and m.id = ${id} and m.ended_at is null`,
    ),
  ]);
  if (found.rows.length === 0) return unknown();
  return new Fault("conflict", "last_owner", { detail: "A project keeps at least one owner." });
}

/** `set` and `where` of an update of the membership `m`; the person's name comes along. */
const changed = (id: string, how: { set: SQL; where: SQL }): SQL =>
  sql`update identity.memberships m set ${how.set}, updated_at = shared.clock(), version = m.version + 1 from shared.users u
    where u.id = m.user_id and m.project_id = shared.scope() and m.id = ${id} and m.ended_at is null and (${how.where})
    returning ${columns}`;

export const changeRole = verb(
  {
    name: "identity.members.change_role",
    summary: "Give a member another role",
    needs: "identity:write",
    doors: ["rest"],
    effect: "write",
    proof: "recent",
    faults: ["member_unknown", "last_owner", "permission_missing"],
    input: () => z.object({ id: z.string().max(64), role: Role() }),
    output: Member,
    example: () => ({ id: "mem_0", role: "office" as const }),
  },
  async (ctx, { id, role }) =>
    commit(ctx, {
      before: [raw(ctx, sql`select identity.assert_role_grantable(${role})`), lockOwners(ctx)],
      change: changed(id, {
        set: sql`role = ${role}`,
        where: sql`m.role <> 'owner' or ${role}::text = 'owner' or ${notLast}`,
      }),
      event: { kind: "identity.member.role_changed", ref: ["membership", id], payload: { role } },
      audit: { action: "identity.member.role_changed", ref: ["membership", id], evidence: "none", payload: { role } },
      lost: () => whyLost(ctx, id),
    }),
  (row) => view(row as Row),
);

export const endMembership = verb(
  {
    name: "identity.members.end",
    summary: "Let a member go; his keys of this project end with it",
    needs: "identity:write",
    doors: ["rest"],
    effect: "write",
    faults: ["member_unknown", "last_owner"],
    input: () => z.object({ id: z.string().max(64) }),
    output: Member,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      before: [lockOwners(ctx)],
      change: changed(id, { set: sql`ended_at = shared.clock()`, where: sql`m.role <> 'owner' or ${notLast}` }),
      also: [
        sql`update identity.api_keys k set revoked_at = shared.clock() from change
          where k.project_id = shared.scope() and k.user_id = change.user and k.revoked_at is null`,
      ],
      event: { kind: "identity.member.ended", ref: ["membership", id] },
      audit: { action: "identity.member.ended", ref: ["membership", id], evidence: "none" },
      lost: () => whyLost(ctx, id),
    }),
  (row) => view(row as Row),
);

const one = (id: string): SQL =>
  sql`select ${columns} from identity.memberships m join shared.users u on u.id = m.user_id
    where m.project_id = shared.scope() and m.id = ${id}`;

const byInstaller = {
  needs: "identity:write",
  effect: "write",
  faults: ["member_unknown", "installation_owner_only", "last_owner", "own_account"],
  input: () => z.object({ id: z.string().max(64) }),
  output: Member,
} as const;

/** A fault list is not shared between declarations. */
const declared = { ...byInstaller, faults: [...byInstaller.faults], doors: ["rest" as const] };

export const disableMember = verb(
  {
    ...declared,
    proof: "recent",
    name: "identity.members.disable",
    summary: "Shut a person out of everything: sessions and keys end at once",
  },
  async (ctx, { id }) =>
    commit(ctx, {
      before: [raw(ctx, sql`select identity.disable_member(${id}, true)`)],
      change: one(id),
      event: { kind: "identity.member.disabled", ref: ["membership", id] },
      audit: { action: "identity.member.disabled", ref: ["membership", id], evidence: "none" },
      lost: unknown,
    }),
  (row) => view(row as Row),
);

export const enableMember = verb(
  { ...declared, name: "identity.members.enable", summary: "Let a person who was shut out sign in again" },
  async (ctx, { id }) =>
    commit(ctx, {
      before: [raw(ctx, sql`select identity.disable_member(${id}, false)`)],
      change: one(id),
      event: { kind: "identity.member.enabled", ref: ["membership", id] },
      audit: { action: "identity.member.enabled", ref: ["membership", id], evidence: "none" },
      lost: unknown,
    }),
  (row) => view(row as Row),
);
