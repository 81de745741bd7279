/** Members as a page and the forms on it. */
import type { Context, Hono } from "hono";
import {
  changeRole,
  createInvitation,
  disableMember,
  enableMember,
  endMembership,
  listInvitations,
  listMembers,
  revokeInvitation,
} from "#brain/identity/index.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import { together } from "#brain/kernel/verb.ts";
import { status as memoryStatus } from "#brain/memory/index.ts";
import { listTiers, setTier } from "#brain/world/index.ts";
import type { App } from "../runtime.ts";
import { idIn, reader, readForm, seeOther, writer } from "./door.ts";
import { type NoteCode, withNote } from "./flash.ts";
import { answerFramed } from "./frame.tsx";
import { MembersPage, type MembersView } from "./members-page.tsx";
import { once } from "./once.ts";
import { seatOf } from "./seat.ts";
import { listed, turnedTo } from "./turning.ts";

const place = "/console/members";

async function answerMembers(c: Context<App>, ctx: Ctx, made: { link?: string }): Promise<Response> {
  const [members, invitations, tiers, memory] = await together(ctx, [
    [listMembers, { limit: 50, ...(await turnedTo(c, "members")) }],
    [listInvitations, { limit: 25, ...(await turnedTo(c, "invitations")) }],
    [listTiers, { limit: 100 }],
    [memoryStatus, {}, "if permitted"],
  ]);
  const seat = seatOf(ctx, memory);
  const view: MembersView = {
    seat,
    members: await listed(c, "members", members),
    invitations: await listed(c, "invitations", invitations),
    premium: new Set(tiers.data.flatMap(({ user, tier }) => (tier === "premium" ? [user] : []))),
    mayChange: seat.permissions.includes("identity:write"),
    ...made,
  };
  return answerFramed(c, { seat, place: "members", title: "Members", body: <MembersPage view={view} /> });
}

const membersPage = async (c: Context<App>): Promise<Response> => answerMembers(c, await reader(c), {});

/** The link goes straight onto the page: an address with it in would be kept by the browser. */
async function inviteForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const email = form.get("email")?.trim();
  const { link } = await createInvitation.run(ctx, { role: form.get("role"), ...(email ? { email } : {}) });
  return answerMembers(c, ctx, { link });
}

const done = async (c: Context<App>, code: NoteCode) => seeOther(c, await withNote(c, place, { code }));

async function roleForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  await changeRole.run(await writer(c, form), { id: idIn(c), role: form.get("role") });
  return done(c, "role_changed");
}

/** Of the account, not of the membership: what one hears in rehearsals. */
async function tierForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  await once(await writer(c, form), { verb: setTier, input: { id: idIn(c), tier: form.get("tier") }, form });
  return done(c, "tier_changed");
}

type Plain = { run(ctx: Ctx, input: unknown): Promise<unknown> };

const acting = (verb: Plain, code: NoteCode) => async (c: Context<App>) => {
  const form = await readForm(c);
  await verb.run(await writer(c, form), { id: idIn(c) });
  return done(c, code);
};

const endForm = acting(endMembership, "member_ended");
const disableForm = acting(disableMember, "member_disabled");
const enableForm = acting(enableMember, "member_enabled");
const revokeForm = acting(revokeInvitation, "invitation_revoked");

export function memberPages(pages: Hono<App>): void {
  pages.get("/members", membersPage);
  pages.post("/members/invite", inviteForm);
  pages.post("/members/:id/role", roleForm);
  pages.post("/members/:id/tier", tierForm);
  pages.post("/members/:id/end", endForm);
  pages.post("/members/:id/disable", disableForm);
  pages.post("/members/:id/enable", enableForm);
  pages.post("/invitations/:id/revoke", revokeForm);
}
