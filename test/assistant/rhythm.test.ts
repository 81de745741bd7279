// A member's rhythm: his plan, his week and what falls due reach him once, by his own clocks, and nobody else reads a word of it.
import { beforeAll, describe, expect, test } from "vitest";
import { credentialsPlace } from "#brain/outbound/index.ts";
import { addKey } from "#db/bootstrap.ts";
import { openapi } from "#gateway/openapi.ts";
import { routes } from "#gateway/routes/index.ts";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { publicUrl, type Tenant, tenant, testSecrets, type World, world } from "#test/kit/world.ts";
import { call, rowsOf } from "./talking.ts";

let w: World;
let mail: ScriptedCarrier;
let a: Tenant;
const address = `owner-${process.pid}@workshop.example`;
const canary = "zephyrquince";

beforeAll(async () => {
  mail = scriptedCarrier();
  w = await world({ carriers: { resend: mail.port }, now: "2026-11-21T12:00:00.000Z" });
  a = await house("rhythm", address);
});

/** A project whose owner has a proven address, and a sender for e-mail. */
async function house(name: string, email: string): Promise<Tenant> {
  const made = await tenant(w.neon, name);
  await w.neon.query("update shared.users set email = $2, email_verified_at = now() where id = $1", [made.user, email]);
  const id = `snd_${name}_${process.pid}`;
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, credentials_sealed)
     values ($1, $2, $3, 'resend', 'email', 'Workshop', $4, $5)`,
    [
      made.project,
      made.accountScope,
      id,
      `hej@${name}.example`,
      await testSecrets.seal("{}", credentialsPlace({ id, project: made.project })),
    ],
  );
  return made;
}

type Rhythm = {
  version: number;
  code?: string;
  last: { occasion: string; state: string; day: string; reason: string | null }[];
};
const rhythm = (key: string) => call<Rhythm>(w, key, "/v1/assistant/rhythm");
const change = async (key: string, more: object) =>
  call<Rhythm>(w, key, "/v1/assistant/rhythm", { version: (await rhythm(key)).body.version, ...more }, "PATCH");
const make = async (key: string, kind: string, title: string, more: object = {}) =>
  (await call<{ id: string }>(w, key, `/v1/assistant/${kind}s`, { title, ...more })).body.id;
const done = (key: string, id: string) => call(w, key, `/v1/assistant/tasks/${id}`, { status: "done" }, "PATCH");

/** The job at this moment, and all that it hands to the queue. */
async function run(at: string, who: Pick<Tenant, "project"> = a): Promise<unknown> {
  w.clock.set(at);
  const answer = await deliver(w, "assistant.rhythm.send", { project: who.project });
  for (let i = 0; i < 3 && w.queue.published.length > 0; i += 1) await deliverPublished(w);
  return answer.json();
}
const sentTo = (to: string) => mail.accepted.filter((message) => message.to === to);
const nothing = { queued: 0, nothing: 0, skipped: 0 };

describe("what a member wants", () => {
  test("is nothing until he says where; the address is proven or none; nothing in his quiet hours", async () => {
    expect((await rhythm(a.apiKey)).body).toMatchObject({
      channel: null,
      plan_on: false,
      plan_at: "07:30",
      review_on: true,
      review_day: 5,
      zone: "Europe/Copenhagen",
      email_verified: true,
      telegram_bound: false,
      version: 0,
      last: [],
    });
    await make(a.apiKey, "task", "Call the plumber", { due_date: "2026-11-20" });
    expect(await run("2026-11-27T14:05:00Z")).toEqual(nothing);
    expect((await change(w.b.apiKey, { channel: "email" })).body.code).toBe("email_unverified");
    expect((await change(a.apiKey, { channel: "telegram" })).body.code).toBe("telegram_unbound");
    expect((await change(a.apiKey, { plan_on: true, plan_at: "06:59" })).body.code).toBe("in_quiet_hours");
    const set = { channel: "email", plan_on: true, reminders_on: false };
    expect((await change(a.apiKey, set)).body).toMatchObject({ ...set, version: 1 });
    const stale = await call<Rhythm>(w, a.apiKey, "/v1/assistant/rhythm", { version: 0, plan_on: false }, "PATCH");
    expect([stale.status, stale.body.code]).toEqual([409, "rhythm_changed"]);
    const keyless = await addKey(w.neon, { ...a, user: undefined as never, permissions: ["assistant:use"] });
    expect((await rhythm(keyless)).body.code).toBe("person_required");
  });
});

describe("the morning plan", () => {
  test("comes once on workdays at half past seven, in words, approved by the wish and sealed, and ends before noon", async () => {
    const goal = await make(a.apiKey, "goal", "A dry cellar");
    const pump = await make(a.apiKey, "task", "Order the pump", { due_date: "2026-11-23" });
    await call(w, a.apiKey, "/v1/assistant/links", { from: pump, type: "supports_goal", to: goal });
    const hose = await make(a.apiKey, "task", "Fit the hose");
    await call(w, a.apiKey, "/v1/assistant/links", { from: hose, type: "depends_on", to: pump });
    expect(await run("2026-11-22T06:31:00Z")).toEqual(nothing);
    expect(await run("2026-11-23T06:29:00Z")).toEqual(nothing);
    expect(await run("2026-11-23T06:31:00Z")).toEqual({ queued: 1, nothing: 0, skipped: 0 });
    for (const minute of [32, 46]) expect(await run(`2026-11-23T06:${minute}:00Z`)).toEqual(nothing);
    expect(sentTo(address).map(({ subject, text, class: kind }) => ({ subject, text, kind }))).toEqual([
      {
        subject: "Today: 2 things",
        text: expect.stringContaining(
          "1. Order the pump (due Monday 23 November; for a goal: A dry cellar; sets something else free)\n2. Call the plumber (was due Friday 20 November)\n\n1 more waits for something else.",
        ),
        kind: "transactional",
      },
    ]);
    const [message] = await w.neon.query(
      "select state, approved_by, seal is not null as sealed, expires_at, stop_on_reply, for_user_id from outbound.messages where project_id = $1",
      [a.project],
    );
    expect(message).toMatchObject({
      state: "submitted",
      approved_by: "system:assistant",
      sealed: true,
      stop_on_reply: false,
      for_user_id: a.user,
    });
    expect(new Date(String(message?.["expires_at"])).toISOString()).toBe("2026-11-23T10:30:00.000Z");
    const [audited] = await w.neon.query(
      "select actor, payload from shared.audit_events where project_id = $1 and action = 'outbound.message.approved'",
      [a.project],
    );
    expect(audited).toMatchObject({
      actor: "system:assistant",
      payload: { rhythm: a.user, rhythm_version: 1, occasion: "plan" },
    });
    expect((await rhythm(a.apiKey)).body.last).toEqual([
      { occasion: "plan", day: "2026-11-23", state: "queued", reason: null },
    ]);
  });

  test("that comes two hours late does not come; one that finds nobody awake at the provider's ends with its day", async () => {
    expect(await run("2026-11-24T08:31:00Z")).toEqual(nothing);
    mail.next.push({ outcome: "later", code: "provider_down", afterSeconds: 6 * 3600 });
    expect(await run("2026-11-25T06:31:00Z")).toMatchObject({ queued: 1 });
    await run("2026-11-25T13:00:00Z");
    await deliver(w, "outbound.dispatch", { project: a.project, sender: `snd_rhythm_${process.pid}` });
    const [last] = await w.neon.query(
      "select state, code from outbound.messages where project_id = $1 order by created_at desc limit 1",
      [a.project],
    );
    expect(last).toEqual({ state: "cancelled", code: "too_late" });
    expect(sentTo(address)).toHaveLength(1);
  });

  test("keeps to the clocks where he is, on the night they change too, and not to the project's", async () => {
    const other = await house("clocks", `clocks-${process.pid}@workshop.example`);
    await make(other.apiKey, "task", "Water the plants");
    w.clock.set("2027-03-26T12:00:00Z");
    const days = { plan_days: [1, 2, 3, 4, 5, 6, 7], review_on: false, reminders_on: false };
    await change(other.apiKey, {
      channel: "email",
      plan_on: true,
      timezone: "America/New_York",
      quiet_from: "22:00",
      quiet_until: "02:00",
      plan_at: "02:30",
      ...days,
    });
    // 07:30 UTC in winter. On 2027-03-14 there is no 02:30: it is 03:30, the same instant. From then on 06:30 UTC, until 2027-11-07.
    for (const [at, comes] of [
      ["2027-03-13T07:31:00Z", 1],
      ["2027-03-14T07:29:00Z", 0],
      ["2027-03-14T07:31:00Z", 1],
      ["2027-11-06T06:31:00Z", 1],
      ["2027-11-07T06:31:00Z", 0],
      ["2027-11-07T07:31:00Z", 1],
    ] as const)
      expect([at, await run(at, other)]).toMatchObject([at, { queued: comes }]);
  });
});

describe("the week and what falls due", () => {
  test("Friday at three the week is looked back on, once, with the same lists as the review", async () => {
    w.clock.set("2026-12-02T10:00:00Z");
    await done(a.apiKey, await make(a.apiKey, "task", "Sweep the yard"));
    await make(a.apiKey, "problem", "The van does not start", { severity: 4 });
    await make(a.apiKey, "task", "Send the offer", { due_date: "2026-12-09" });
    expect(await run("2026-12-04T14:01:00Z")).toMatchObject({ queued: 1 });
    expect(await run("2026-12-04T14:16:00Z")).toEqual(nothing);
    const text = sentTo(address).at(-1)?.text ?? "";
    expect(text).toContain(
      "Your week 49\n\nDone (1):\n- Sweep the yard\n\nSlipped (2):\n- Call the plumber\n- Order the pump",
    );
    expect(text).toContain(
      "Problems that no task addresses (1):\n- The van does not start\n\nDue next week (1):\n- Send the offer",
    );
    type Review = {
      week: string;
      counts: Record<string, number>;
      slipped: { title: string }[];
      stale: { title: string }[];
    };
    const { body } = await call<Review>(w, a.apiKey, "/v1/assistant/review?week=2026-W49");
    expect(body).toMatchObject({ week: "2026-W49", from: "2026-11-30", until: "2026-12-06" });
    expect(body.counts).toEqual({
      done: 1,
      slipped: 2,
      stale: 0,
      still_goals: 1,
      open_problems: 1,
      questions: 0,
      next_week: 1,
    });
    expect((await call<Review>(w, a.apiKey, "/v1/assistant/review")).bytes).toBe(
      (await call<Review>(w, a.apiKey, "/v1/assistant/review?week=2026-W49")).bytes,
    );
    expect((await call<Review>(w, a.apiKey, "/v1/assistant/review?week=2026-W54")).status).toBe(422);
    w.clock.set("2026-12-20T10:00:00Z");
    expect((await call<Review>(w, a.apiKey, "/v1/assistant/review")).body.stale.map(({ title }) => title)).toContain(
      "Fit the hose",
    );
  });

  test("in Danish, the day before and on the day; where nothing falls due, nothing is sent and it is written down", async () => {
    const email = `karl-${process.pid}@workshop.example`;
    const karl = await house("karl", email);
    w.clock.set("2026-12-08T10:00:00Z");
    await change(karl.apiKey, { channel: "email", language: "da", review_on: false });
    await make(karl.apiKey, "task", "Send tilbuddet", { due_date: "2026-12-10" });
    expect(await run("2026-12-08T15:01:00Z", karl)).toMatchObject({ nothing: 1 });
    expect(await run("2026-12-08T15:16:00Z", karl)).toEqual(nothing);
    expect(await run("2026-12-09T15:01:00Z", karl)).toMatchObject({ queued: 1 });
    expect(sentTo(email).map(({ text }) => text)).toEqual([
      expect.stringContaining("Forfalder i morgen (1):\n- Send tilbuddet"),
    ]);
    // Who has left hears nothing, and the schedule rests; nor does a project without anybody run it.
    await w.neon.query("update identity.memberships set ended_at = now() where project_id = $1", [karl.project]);
    expect(await run("2026-12-10T15:01:00Z", karl)).toEqual(nothing);
    const [schedule] = await w.neon.query(
      "select enabled, version from shared.scheduled_jobs where project_id = $1 and kind = 'assistant.rhythm.send'",
      [karl.project],
    );
    expect(schedule).toEqual({ enabled: false, version: 1 });
  });
});

describe("the words", () => {
  test("are read by no colleague, whatever he may: not by any list or get, nor by the ledger", async () => {
    const email = `words-${process.pid}@workshop.example`;
    const own = await house("words", email);
    const colleague = "0195f3c0-0000-7000-8000-00000000ca11";
    await w.neon.query("insert into shared.users (id, name) values ($1, 'Karen') on conflict do nothing", [colleague]);
    await w.neon.query(
      "insert into identity.memberships (project_id, account_scope_id, id, user_id, role) values ($1, $2, $3, $4, 'owner')",
      [own.project, own.accountScope, w.runtime.ids.next("membership"), colleague],
    );
    const granted = await w.neon.query("select distinct permission from identity.role_permissions");
    const permissions = granted.map(({ permission }) => String(permission));
    const karens = await addKey(w.neon, { ...own, user: colleague, permissions });
    const nobodys = await addKey(w.neon, { project: own.project, accountScope: own.accountScope, permissions });
    w.clock.set("2027-01-10T10:00:00Z");
    await change(own.apiKey, { channel: "email", plan_on: true });
    await make(own.apiKey, "task", `Ask about ${canary}`, { priority: 1, due_date: "2027-01-11" });
    expect(await run("2027-01-11T06:31:00Z", own)).toMatchObject({ queued: 1 });
    mail.next.push({ outcome: "later", code: "provider_down", afterSeconds: 3600 });
    expect(await run("2027-01-12T06:31:00Z", own)).toMatchObject({ queued: 1 });
    expect(sentTo(email).at(-1)?.text).toContain(canary);
    const written = await w.neon.query("select id, contact_id from outbound.messages where project_id = $1", [
      own.project,
    ]);
    const [contact] = await w.neon.query("select id, origin from people.contacts where project_id = $1", [own.project]);
    expect(contact?.["origin"]).toBe("staff");
    const gets = Object.entries(openapi(routes, publicUrl)["paths"] as Record<string, Record<string, unknown>>)
      .filter(([, verbs]) => "get" in verbs)
      .map(([path]) => path);
    expect(gets.length).toBeGreaterThan(60);
    const one = { message: String(written.at(-1)?.["id"]), contact: String(contact?.["id"]) };
    for (const key of [karens, nobodys]) {
      for (const path of key === karens ? gets : gets.filter((one) => /outbound|people/.test(one))) {
        // Each id there is, in the place of any id: those that mean something else are unknown.
        for (const id of path.includes("{") ? Object.values(one) : [""]) {
          const answer = await w.fetch(path.replaceAll(/\{[^}]+\}/g, id), { key });
          const text = await answer.text();
          const shows = [
            canary,
            address,
            ...(path.includes("/events") || path.includes("/audit") ? [] : [one.contact]),
          ].filter((word) => text.includes(word));
          expect([path, shows.filter((word) => answer.status === 200 || word === canary)]).toEqual([path, []]);
        }
      }
      expect(await (await w.fetch(`/v1/search?q=${canary}`, { key })).text()).not.toContain("Ask about");
      const dry = await call(w, key, "/v1/outbound/dry_run", { until: "2027-01-13T00:00:00Z" });
      expect(dry.bytes).not.toContain(one.message);
    }
    for (const act of ["approve", "cancel", "send"])
      expect([
        act,
        (await call(w, karens, `/v1/outbound/messages/${one.message}/${act}`, { version: 1 })).status,
      ]).toEqual([act, 404]);
    expect(await rowsOf(w, own, "rhythm_occasions", "state")).toContainEqual({ state: "queued" });
  });
});
