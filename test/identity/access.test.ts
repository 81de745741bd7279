// The trail of getting in: what no project could hold is written down, for the person and for who installed the system.
import { beforeAll, describe, expect, test } from "vitest";
import { password, type World, world } from "#test/kit/world.ts";
import { act, asked, bound, confirm, goodPassword, joined, outcome, type Session, signIn } from "./joining.ts";

let w: World;
let owner: Session;
let count = 0;
const name = () => `trail-${w.a.accountId}-${++count}`;

/** Later than in any other story: the trail belongs to no tenant, and stories share a database. */
const start = "2031-03-01T08:00:00.000Z";

beforeAll(async () => {
  w = await world({ now: start });
  await bound(w, password);
  owner = await signIn(w, { username: w.a.username, password });
});

type Shown = {
  at: string;
  action: string;
  outcome: string;
  user: string | null;
  actor: string;
  payload: { code?: string };
};

async function trail(who: Session, query = ""): Promise<Shown[]> {
  await w.settled();
  const answer = await w.fetch(`/v1/identity/access-events${query}`, { headers: { cookie: who.cookie } });
  const { data } = (await answer.json()) as { data: Shown[] };
  return data.filter(({ at }) => at >= start.slice(0, 10));
}

const told = (rows: Shown[]) => rows.map((row) => `${row.action} ${row.outcome}`);

describe("the trail of getting in", () => {
  test("signing up, out, in again and ending other sessions: each one row, seen by the person himself", async () => {
    const username = name();
    const first = await joined(w, username);
    await act(w, first, "/v1/identity/logout");
    const second = await signIn(w, { username, password: goodPassword });
    await signIn(w, { username, password: goodPassword });
    await act(w, second, "/v1/identity/sessions/end-others");
    const rows = await trail(second);
    expect(told(rows)).toEqual([
      "identity.sessions.others_ended done",
      "identity.session.opened done",
      "identity.session.opened done",
      "identity.session.ended done",
      "identity.signup.confirmed done",
    ]);
    expect(new Set(rows.map((row) => row.user)).size).toBe(1);
    expect(JSON.stringify(rows)).not.toContain(username);
  });

  test("ten wrong passwords are one row, of the person or of nobody; one wrong password is none", async () => {
    const [known, unknown] = [name(), name()];
    const who = await joined(w, known);
    const wrong = (username: string) => w.fetch("/v1/identity/login", { json: { username, password: "wrong" } });
    for (let i = 0; i < 9; i++) await wrong(known);
    expect(told(await trail(who))).toEqual(["identity.signup.confirmed done"]);
    for (let i = 0; i < 5; i++) await wrong(known);
    expect(told(await trail(who))).toEqual(["identity.session.opened refused", "identity.signup.confirmed done"]);
    const before = (await trail(owner, "?whose=everybodys&limit=100")).filter(({ user }) => user === null).length;
    for (let i = 0; i < 12; i++) await wrong(unknown);
    const [newest, ...rest] = (await trail(owner, "?whose=everybodys&limit=100")).filter(({ user }) => user === null);
    expect(newest).toMatchObject({ action: "identity.session.opened", outcome: "refused", actor: "anonymous" });
    expect([rest.length, newest?.payload]).toEqual([before, { code: "too_many_attempts" }]);
  });

  test("a PIN guessed away, Telegram bound and a bind code made are there for the owner; somebody else sees his own", async () => {
    const { request, wrong } = await asked(w, name());
    for (let i = 0; i < 10; i++) await confirm(w, request, wrong);
    const karen = await joined(w, name());
    expect(await outcome(await act(w, karen, "/v1/identity/telegram/code"))).toEqual([403, "installation_owner_only"]);
    const all = await trail(owner, "?whose=everybodys&limit=100");
    const found = (action: string) => all.filter((row) => row.action === action).map((row) => row.outcome);
    expect(found("identity.telegram.bound")).toEqual(["done"]);
    expect(found("identity.telegram.code_made")).toEqual(["refused", "done"]);
    expect(found("identity.signup.confirmed").filter((outcome) => outcome === "refused")).toHaveLength(1);
    const own = await trail(karen, "?whose=everybodys&limit=100");
    expect(told(own)).toEqual(["identity.telegram.code_made refused", "identity.signup.confirmed done"]);
  });

  test("a key is told to sign in, and a page's cursor is the person's own", async () => {
    const byKey = await w.fetch("/v1/identity/access-events", { key: w.a.apiKey });
    expect(await outcome(byKey)).toEqual([403, "session_required"]);
    const first = await w.fetch("/v1/identity/access-events?whose=everybodys&limit=1", {
      headers: { cookie: owner.cookie },
    });
    const { next_cursor } = (await first.json()) as { next_cursor: string };
    const path = `/v1/identity/access-events?whose=everybodys&cursor=${next_cursor}`;
    expect((await w.fetch(path, { headers: { cookie: owner.cookie } })).status).toBe(200);
    const karen = await joined(w, name());
    expect(await outcome(await w.fetch(path, { headers: { cookie: karen.cookie } }))).toEqual([400, "invalid_cursor"]);
  });

  test("a row refuses change, removal and emptying, and takes no words", async () => {
    const change = (statement: string) => w.neon.exec(statement);
    await expect(change("update identity.access_events set outcome = 'done'")).rejects.toThrow(/append-only/);
    await expect(change("delete from identity.access_events")).rejects.toThrow(/append-only/);
    await expect(change("truncate identity.access_events")).rejects.toThrow(/append-only/);
    const wordy = `insert into identity.access_events (id, actor, action, payload, request_id)
      values ('acc_x', 'anonymous', 'identity.session.opened', '{"who":"Karen Holm"}', 'r')`;
    await expect(change(wordy)).rejects.toThrow(/check constraint/);
  });
});
