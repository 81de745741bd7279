// Who belongs to a project: invited, given another role, let go, shut out; and what nobody may do.
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { password, publicUrl, type World, world } from "#test/kit/world.ts";
import { act, bound, fresh, goodPassword, invited, joined, member, outcome, type Session, signIn } from "./joining.ts";

let w: World;
let owner: Session;
let count = 0;
const name = () => `member-${w.a.accountId}-${++count}`;

beforeAll(async () => {
  w = await world();
  await bound(w, password);
});
beforeEach(async () => {
  w.clock.advance(15 * 60_000);
  owner = await signIn(w, { username: w.a.username, password });
});

const me = async (who: Session) =>
  (await (await w.fetch("/v1/identity/me", { headers: { cookie: who.cookie } })).json()) as {
    project: string | null;
    permissions: string[];
    projects: { id: string; role: string }[];
  };

const members = async () =>
  (
    (await (await w.fetch("/v1/identity/members", { headers: { cookie: owner.cookie } })).json()) as {
      data: { id: string; name: string; role: string; is_me: boolean; disabled_at: string | null }[];
    }
  ).data;

const own = async () => (await members()).find((row) => row.is_me)?.id ?? "";

const audited = async (action: string, id: string) =>
  w.neon.query("select actor from shared.audit_events where project_id = $1 and action = $2 and ref_id = $3", [
    w.a.project,
    action,
    id,
  ]);

describe("invitations", () => {
  test("a link is shown once, opens the project to the first who takes it, and to nobody after him", async () => {
    const { id, token, link, status } = await invited(w, owner, "technician");
    expect([link, status]).toEqual([`${publicUrl}/console/join#${token}`, "open"]);
    const listed = await w.fetch("/v1/identity/invitations", { headers: { cookie: owner.cookie } });
    expect(await listed.text()).not.toContain(token);
    const rows = await w.neon.query("select to_jsonb(i) as row from identity.invitations i where id = $1", [id]);
    expect(JSON.stringify(rows)).not.toContain(token);

    const karen = await joined(w, name());
    expect(await me(karen)).toMatchObject({ project: null, projects: [] });
    const taken = await act(w, karen, "/v1/identity/invitations/accept", { token });
    expect(await taken.json()).toMatchObject({ project: w.a.project, role: "technician" });
    expect(await me(karen)).toMatchObject({ project: w.a.project, projects: [{ role: "technician" }] });
    expect(await audited("identity.invitation.created", id)).toHaveLength(1);

    const late = await joined(w, name());
    const again = await act(w, late, "/v1/identity/invitations/accept", { token });
    expect(await outcome(again)).toEqual([404, "invitation_unknown"]);
    const forbidden = await act(w, karen, "/v1/identity/invitations", { role: "technician" });
    expect(await outcome(forbidden)).toEqual([403, "permission_missing"]);
  });

  test("revoked, expired or made up, it opens nothing; a member's own stays unspent", async () => {
    const karen = await joined(w, name());
    const accept = async (token: string) => outcome(await act(w, karen, "/v1/identity/invitations/accept", { token }));
    const revoked = await invited(w, owner, "office");
    expect((await act(w, owner, `/v1/identity/invitations/${revoked.id}/revoke`)).status).toBe(200);
    expect(await accept(revoked.token)).toEqual([404, "invitation_unknown"]);
    expect(await accept("x".repeat(43))).toEqual([404, "invitation_unknown"]);
    const open = await invited(w, owner, "office");
    expect(await outcome(await act(w, owner, "/v1/identity/invitations/accept", { token: open.token }))).toEqual([
      409,
      "already_member",
    ]);
    expect(await accept(open.token)).toEqual([200, undefined]);
    const used = await act(w, owner, `/v1/identity/invitations/${open.id}/revoke`);
    expect(await outcome(used)).toEqual([404, "invitation_unknown"]);
    const old = await invited(w, owner, "office");
    w.clock.advance(7 * 86_400_000);
    const late = await signIn(w, { username: w.b.username, password });
    expect(await outcome(await act(w, late, "/v1/identity/invitations/accept", { token: old.token }))).toEqual([
      404,
      "invitation_unknown",
    ]);
  });

  test("an invitation opens its project for joining only, and a key cannot take one", async () => {
    const { token } = await invited(w, owner, "office");
    const byKey = await w.fetch("/v1/identity/invitations/accept", {
      json: { token },
      key: w.b.apiKey,
      headers: fresh(),
    });
    expect(await outcome(byKey)).toEqual([403, "session_required"]);
    const forged = await joined(w, name());
    const without = { cookie: forged.cookie, ...fresh() };
    expect(
      await outcome(await w.fetch("/v1/identity/invitations/accept", { json: { token }, headers: without })),
    ).toEqual([403, "csrf_mismatch"]);
    expect((await me(forged)).project).toBeNull();
  });
});

describe("members", () => {
  test("another role is another set of permissions, at once", async () => {
    const { who, id } = await member(w, { owner, username: name(), role: "technician" });
    expect((await me(who)).permissions).not.toContain("identity:read");
    const changed = await act(w, owner, `/v1/identity/members/${id}/role`, { role: "office" });
    expect(await changed.json()).toMatchObject({ id, role: "office", is_me: false });
    expect((await me(who)).permissions).toContain("identity:read");
    expect(await audited("identity.member.role_changed", id)).toHaveLength(1);
  });

  test("the last owner neither leaves nor steps down; with a second one he may", async () => {
    const id = await own();
    const last = [409, "last_owner"];
    expect(await outcome(await act(w, owner, `/v1/identity/members/${id}/end`))).toEqual(last);
    expect(await outcome(await act(w, owner, `/v1/identity/members/${id}/role`, { role: "office" }))).toEqual(last);
    const second = await member(w, { owner, username: name(), role: "owner" });
    expect((await act(w, owner, `/v1/identity/members/${id}/role`, { role: "office" })).status).toBe(200);
    expect(await outcome(await act(w, second.who, `/v1/identity/members/${second.id}/end`))).toEqual(last);
    expect((await act(w, second.who, `/v1/identity/members/${id}/role`, { role: "owner" })).status).toBe(200);
    expect((await act(w, second.who, `/v1/identity/members/${second.id}/end`)).status).toBe(200);
  });

  test("who was let go sees nothing any more, and may be invited again", async () => {
    const { who, id } = await member(w, { owner, username: name(), role: "office" });
    expect((await act(w, owner, `/v1/identity/members/${id}/end`)).status).toBe(200);
    expect(await me(who)).toMatchObject({ project: null, projects: [] });
    expect((await members()).map((row) => row.id)).not.toContain(id);
    const again = await act(w, owner, `/v1/identity/members/${id}/end`);
    expect(await outcome(again)).toEqual([404, "member_unknown"]);
    const { token } = await invited(w, owner, "technician");
    expect((await act(w, who, "/v1/identity/invitations/accept", { token })).status).toBe(200);
    expect((await me(who)).projects).toMatchObject([{ role: "technician" }]);
  });

  test("a person who is shut out loses every session and key at once and signs in no more, until let in again", async () => {
    const username = name();
    const { who, id } = await member(w, { owner, username, role: "owner" });
    const made = await act(w, who, "/v1/identity/api-keys", { name: "Own", permissions: ["identity:read"] });
    const { key } = (await made.json()) as { key: string };
    expect((await w.fetch("/v1/identity/members", { key })).status).toBe(200);
    const byOther = await act(w, who, `/v1/identity/members/${await own()}/disable`);
    expect(await outcome(byOther)).toEqual([403, "installation_owner_only"]);
    const self = await act(w, owner, `/v1/identity/members/${await own()}/disable`);
    expect(await outcome(self)).toEqual([409, "own_account"]);

    expect((await act(w, owner, `/v1/identity/members/${id}/disable`)).status).toBe(200);
    expect((await w.fetch("/v1/identity/me", { headers: { cookie: who.cookie } })).status).toBe(401);
    expect((await w.fetch("/v1/identity/members", { key })).status).toBe(401);
    const login = { username, password: goodPassword };
    expect(await outcome(await w.fetch("/v1/identity/login", { json: login }))).toEqual([401, "login_refused"]);
    expect((await members()).find((row) => row.id === id)?.disabled_at).not.toBeNull();
    expect(await audited("identity.member.disabled", id)).toHaveLength(1);
    // An owner who cannot sign in is none.
    const alone = await act(w, owner, `/v1/identity/members/${await own()}/end`);
    expect(await outcome(alone)).toEqual([409, "last_owner"]);

    expect((await act(w, owner, `/v1/identity/members/${id}/enable`)).status).toBe(200);
    expect((await w.fetch("/v1/identity/login", { json: login })).status).toBe(200);
    expect((await w.fetch("/v1/identity/me", { headers: { cookie: who.cookie } })).status).toBe(401);
  });
});

describe("projects and sessions", () => {
  test("without the token 403, with it 201: who makes a project owns it and works in it", async () => {
    const json = { name: "Fjordservice", timezone: "Europe/Oslo", region: "NO" };
    const without = await w.fetch("/v1/identity/projects", { json, headers: { cookie: owner.cookie, ...fresh() } });
    expect(await outcome(without)).toEqual([403, "csrf_mismatch"]);
    const karen = await joined(w, name());
    const made = await act(w, karen, "/v1/identity/projects", json);
    const project = (await made.json()) as { id: string };
    expect([made.status, project]).toMatchObject([201, { name: "Fjordservice", role: "owner" }]);
    expect(await me(karen)).toMatchObject({ project: project.id, projects: [{ id: project.id, role: "owner" }] });
    expect((await me(karen)).permissions).toContain("identity:write");
    await w.settled();
    const staged = await w.neon.query("select state, message_id from shared.outbox where project_id = $1", [
      project.id,
    ]);
    expect(staged.map((row) => row["message_id"] !== null)).toEqual([true]);
    expect((await act(w, owner, "/v1/identity/project", { project: project.id })).status).toBe(404);
    expect((await act(w, karen, "/v1/identity/projects", { ...json, timezone: "Mars/Olympus" })).status).toBe(400);
    expect((await w.fetch("/v1/identity/projects", { json, key: w.a.apiKey, headers: fresh() })).status).toBe(403);
  });

  test("signing in again in the same browser is another session and ends the one before", async () => {
    const login = { username: w.a.username, password };
    const again = await w.fetch("/v1/identity/login", { json: login, headers: { cookie: owner.cookie } });
    expect(again.status).toBe(200);
    expect(again.headers.get("set-cookie")).not.toContain(owner.cookie);
    expect((await w.fetch("/v1/identity/me", { headers: { cookie: owner.cookie } })).status).toBe(401);
  });

  test("one sees where one is signed in, and ends it everywhere else", async () => {
    const other = await signIn(w, { username: w.a.username, password });
    const list = async () =>
      (await (await w.fetch("/v1/identity/sessions", { headers: { cookie: owner.cookie } })).json()) as {
        data: { is_this: boolean }[];
      };
    const { data } = await list();
    expect(data.filter((row) => row.is_this)).toHaveLength(1);
    expect(data.length).toBeGreaterThanOrEqual(2);
    const ended = await act(w, owner, "/v1/identity/sessions/end-others");
    expect(await ended.json()).toEqual({ ended: data.length - 1 });
    expect((await w.fetch("/v1/identity/me", { headers: { cookie: other.cookie } })).status).toBe(401);
    expect((await list()).data).toMatchObject([{ is_this: true }]);
    expect((await w.fetch("/v1/identity/sessions", { key: w.a.apiKey })).status).toBe(403);
  });

  test("a network that tried a hundred names waits, whatever the hundred-and-first is", async () => {
    const from = () =>
      w.fetch("/v1/identity/login", {
        json: { username: name(), password: "not it" },
        headers: { "cf-connecting-ip": "192.0.2.77" },
      });
    expect((await from()).status).toBe(401);
    await w.neon.query("update identity.attempts set count = 100 where key like 'login_from:%'");
    expect(await outcome(await from())).toEqual([429, "too_many_attempts"]);
  });
});
