// A member's rhythm: his plan, his week and what falls due reach him once, by his own clocks, and nobody else reads a word of it.
import { beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type Tenant, type World, world } from "#test/kit/world.ts";
import { mailHouse, runAt } from "./house.ts";
import { call } from "./talking.ts";

let w: World;
let mail: ScriptedCarrier;
let a: Tenant;
const address = `owner-${process.pid}@workshop.example`;

beforeAll(async () => {
  mail = scriptedCarrier();
  w = await world({ carriers: { resend: mail.port }, now: "2026-11-21T12:00:00.000Z" });
  a = await mailHouse(w, "rhythm", address);
});

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

const run = (at: string, who: Pick<Tenant, "project"> = a) => runAt(w, at, who);
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
    expect((await change(a.apiKey, { timezone: "Mars/Olympus" })).status).toBe(400);
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
    const karl = await mailHouse(w, "karl", email);
    w.clock.set("2026-12-08T10:00:00Z");
    await change(karl.apiKey, { channel: "email", language: "da", review_on: false });
    // Before he has said anything to his planner the schedule does not go to rest.
    expect(await run("2026-12-08T10:00:00Z", karl)).toEqual(nothing);
    const schedule = async () =>
      (
        await w.neon.query(
          "select enabled, version from shared.scheduled_jobs where project_id = $1 and kind = 'assistant.rhythm.send'",
          [karl.project],
        )
      )[0];
    expect(await schedule()).toEqual({ enabled: true, version: 1 });
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
    expect(await schedule()).toEqual({ enabled: false, version: 1 });
  });
});
