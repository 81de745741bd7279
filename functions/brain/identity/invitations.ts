/** Invitations: a role in the project for whoever holds the link first. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { as } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { derivedAgain, madeWith, notShownAgain } from "./derived.ts";
import { assertPerson } from "./person.ts";
import { Role, type RoleName } from "./roles.ts";
import { tokenHash } from "./token.ts";

const Invitation = () =>
  z.object({
    id: z.string(),
    role: Role(),
    email: z.string().nullable(),
    status: z.enum(["open", "accepted", "revoked", "expired"]),
    created_at: z.string(),
    expires_at: z.string(),
  });

type Row = {
  id: string;
  role: RoleName;
  email: string | null;
  status: "open" | "accepted" | "revoked" | "expired";
  created_at: string;
  expires_at: string;
};

const view = (row: Row): Row => ({
  id: row.id,
  role: row.role,
  email: row.email,
  status: row.status,
  created_at: instant(row.created_at),
  expires_at: instant(row.expires_at),
});

const columns = sql`id, role, email, created_at, expires_at, case when accepted_at is not null then 'accepted'
  when revoked_at is not null then 'revoked' when expires_at <= shared.clock() then 'expired' else 'open' end as status`;

const nameOf = (id: string) => `invitation ${id}`;

export const createInvitation = verb(
  {
    name: "identity.invitations.create",
    summary: "Invite somebody; the link is shown in this answer only",
    needs: "identity:write",
    // Its answer carries the link's secret: not for a model to read.
    doors: ["rest"],
    effect: "write",
    faults: ["permission_missing", notShownAgain],
    proof: "recent",
    input: () =>
      z.object({
        role: Role(),
        email: z.email().max(254).toLowerCase().optional().describe("A note on whom it is for; nothing is sent"),
        days: z.number().int().min(1).max(30).default(7),
      }),
    output: () => Invitation().extend({ token: z.string(), link: z.string() }),
    example: () => ({ role: "technician" as const }),
  },
  async (ctx, { role, email, days }) => {
    const id = ctx.ids.next("invitation");
    const hash = await tokenHash(await ctx.ports.secrets.mac(nameOf(id)));
    return commit(ctx, {
      status: 201,
      before: [raw(ctx, sql`select identity.assert_role_grantable(${role})`)],
      change: sql`insert into identity.invitations (project_id, id, role, email, token_hash, invited_by, expires_at)
        values (shared.scope(), ${id}, ${role}, ${email ?? null}, ${hash}, nullif(current_setting('app.user_id', true), '')::uuid,
          shared.clock() + make_interval(days => ${days}))
        returning ${columns}, ${madeWith(ctx)}`,
      event: { kind: "identity.invitation.created", ref: ["invitation", id], payload: { role } },
      audit: { action: "identity.invitation.created", ref: ["invitation", id], evidence: "none", payload: { role } },
    });
  },
  async (row, ctx) => {
    const token = await derivedAgain(ctx, row, nameOf(String(row["id"])));
    // Behind the # it reaches neither logs nor the Referer.
    return { ...view(row as Row), token, link: `${ctx.settings.publicUrl}/console/join#${token}` };
  },
);

export const listInvitations = reading(
  {
    name: "identity.invitations.list",
    summary: "The project's invitations, newest first, without their links",
    needs: "identity:read",
    input: () => z.object(paging()),
    output: () => page(Invitation()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<Row>(
        ctx,
        sql`select ${columns} from identity.invitations
          where ${after ? sql`(created_at, id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by created_at desc, id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, { view, position: (row) => ({ at: row.created_at, id: row.id }) }),
  },
);

export const revokeInvitation = verb(
  {
    name: "identity.invitations.revoke",
    summary: "Take back an invitation that nobody has accepted",
    needs: "identity:write",
    doors: ["rest"],
    effect: "write",
    faults: ["invitation_unknown"],
    input: () => z.object({ id: z.string().max(64) }),
    output: Invitation,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      change: sql`update identity.invitations set revoked_at = coalesce(revoked_at, shared.clock())
        where project_id = shared.scope() and id = ${id} and accepted_at is null returning ${columns}`,
      event: { kind: "identity.invitation.revoked", ref: ["invitation", id] },
      audit: { action: "identity.invitation.revoked", ref: ["invitation", id], evidence: "none" },
      lost: () => new Fault("not_found", "invitation_unknown"),
    }),
  (row) => view(row as Row),
);

const Joined = () => z.object({ project: z.uuid(), membership: z.string(), role: Role() });

export const acceptInvitation = verb(
  {
    name: "identity.invitations.accept",
    summary: "Join a project with an invitation, and work in it",
    needs: "identity:accept",
    scope: "user",
    effect: "write",
    faults: ["invitation_unknown", "already_member", "session_required"],
    input: () => z.object({ token: z.string().min(20).max(100) }),
    output: Joined,
  },
  async (ctx, { token }) => {
    assertPerson(ctx);
    const hash = await tokenHash(token);
    const own = as(ctx, { entry: { ...ctx.entry, invitation: hash } });
    const id = ctx.ids.next("membership");
    return commit(own, {
      // Of two people with one link the second waits here, and then finds it used.
      before: [raw(own, sql`select i.id from identity.invitations i where i.token_hash = ${hash} for update`)],
      change: sql`insert into identity.memberships as m (project_id, id, user_id, role)
        select i.project_id, ${id}, current_setting('app.user_id')::uuid, i.role from identity.invitations i
          where i.project_id = shared.scope() and i.token_hash = ${hash} and i.accepted_at is null and i.revoked_at is null
            and i.expires_at > shared.clock()
        on conflict (project_id, user_id) do update
          set role = excluded.role, ended_at = null, updated_at = shared.clock(), version = m.version + 1
          where m.ended_at is not null
        returning m.project_id as project, m.id as membership, m.role`,
      also: [
        sql`update identity.invitations i set accepted_at = shared.clock(), accepted_by = current_setting('app.user_id')::uuid
          from change where i.project_id = shared.scope() and i.token_hash = ${hash}`,
        sql`update identity.sessions s set active_project_id = change.project from change where s.id = current_setting('app.session_id')`,
      ],
      event: { kind: "identity.member.joined", ref: ["membership", id] },
      audit: { action: "identity.member.joined", ref: ["membership", id], evidence: "none" },
      lost: async () => {
        // Entering again refuses an invitation that is used up by now.
        await send(own, []);
        return new Fault("conflict", "already_member", { detail: "You are a member of this project already." });
      },
    });
  },
  (row) => row as z.output<ReturnType<typeof Joined>>,
);
