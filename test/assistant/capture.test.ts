// Something said once: kept, understood, written whole or not at all, and never twice.
import { beforeAll, describe, expect, test } from "vitest";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { idOf, rowsOf, say } from "./talking.ts";

let w: World;
let a: Tenant;

beforeAll(async () => {
  // A Monday.
  w = await world({ now: "2026-11-16T08:00:00.000Z" });
  a = await tenant(w.neon, "capturing");
});

const events = (project: string) =>
  w.neon.query(
    "select kind, request_id, ref_type, ref_id, payload from shared.events where project_id = $1 and kind like 'assistant.%' order by ts, id",
    [project],
  );

describe("one message", () => {
  test("becomes tasks, goals, problems and links in one request, with its words and its events", async () => {
    const own = await tenant(w.neon, "script-one");
    await say(w, own, "Hello");
    await w.settled();
    w.neon.resetStats();
    const { status, body } = await say(w, own, "Renovate bathrooms this year; call plumber Friday; blocked by budget");
    expect([status, w.neon.stats().requests]).toEqual([200, 1]);
    expect(body).toMatchObject({
      extractor: "rules",
      reason: "changed",
      repeated: false,
      counts: { tasks_created: 1, goals_created: 1, problems_created: 1, links_created: 2, tasks_updated: 0 },
      questions: [],
    });
    expect(body.items.map(({ entity_type, title }) => `${entity_type} ${title}`).sort()).toEqual([
      "goal Renovate bathrooms",
      "problem Budget",
      "task Call plumber",
    ]);
    expect(await rowsOf(w, own, "tasks", "title, due_date::text as due, status, source_inbox_item_id as item")).toEqual(
      [{ title: "Call plumber", due: "2026-11-20", status: "open", item: body.inbox_item }],
    );
    expect(await rowsOf(w, own, "goals", "title, horizon, target_date::text as until")).toEqual([
      { title: "Renovate bathrooms", horizon: "year", until: "2026-12-31" },
    ]);
    const told = (await events(own.project)).filter(({ ref_id }) =>
      [body.inbox_item, body.id].includes(String(ref_id)),
    );
    expect(told.map(({ kind }) => kind)).toEqual(["assistant.capture.received", "assistant.capture.committed"]);
    expect(new Set(told.map((event) => event["request_id"])).size).toBe(1);
    const view = await w.neon.query(
      "select event_type from shared.events e cross join lateral (select upper(translate(e.kind, '.', '_')) as event_type) v where e.project_id = $1 and ref_id = $2",
      [own.project, body.id],
    );
    expect(view).toEqual([{ event_type: "ASSISTANT_CAPTURE_COMMITTED" }]);
  });

  test("the same key and body: the same bytes and no new row; another body: refused; no key: refused", async () => {
    const own = await tenant(w.neon, "script-two");
    const first = await say(w, own, "Call Jensen tomorrow", { key: "once" });
    const again = await say(w, own, "Call Jensen tomorrow", { key: "once" });
    expect(again.bytes).toBe(first.bytes);
    expect(await say(w, own, "Call Hansen", { key: "once" })).toMatchObject({ status: 422 });
    expect(await say(w, own, "Call Hansen", { key: "" })).toMatchObject({ status: 400 });
    expect(await say(w, own, "Call Hansen", { as: "nonsense" })).toMatchObject({ status: 401 });
    const two = await Promise.all([
      say(w, own, "Call Lund", { key: "twins" }),
      say(w, own, "Call Lund", { key: "twins" }),
    ]);
    expect(new Set(two.map(({ bytes }) => bytes)).size).toBe(1);
    expect(await rowsOf(w, own, "tasks", "title")).toHaveLength(2);
    expect(await rowsOf(w, own, "inbox_items", "id")).toHaveLength(2);
    w.clock.advance(25 * 3600 * 1000);
    const later = await say(w, own, "Call Jensen tomorrow", { key: "once" });
    expect(later.body).toMatchObject({ repeated: false, counts: { tasks_created: 0, tasks_updated: 1 } });
    expect(await rowsOf(w, own, "inbox_items", "id")).toHaveLength(3);
    w.clock.set("2026-11-16T08:00:00.000Z");
  });

  test("delivered again by its sender it is the same item, whatever the key, ten times at once", async () => {
    const own = await tenant(w.neon, "redelivered");
    const sent = { source: "telegram", client_message_id: "7:42" };
    const answers = await Promise.all(Array.from({ length: 10 }, () => say(w, own, "Order gaskets on Thursday", sent)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(answers.map(({ body }) => body.inbox_item)).size).toBe(1);
    expect(answers.filter(({ body }) => !body.repeated)).toHaveLength(1);
    expect(await rowsOf(w, own, "tasks", "title")).toHaveLength(1);
    expect(await rowsOf(w, own, "inbox_items", "id")).toHaveLength(1);
    expect(await events(own.project)).toHaveLength(2);
    // Another door's message of that number is another message.
    expect((await say(w, own, "Order gaskets on Thursday", { ...sent, source: "console" })).body.repeated).toBe(false);
  });

  test("nothing to act on is said plainly and kept; what cannot be read is asked about", async () => {
    const own = await tenant(w.neon, "quiet");
    for (const text of ["Hello, how are you?", "What is due today?", "Thanks!"])
      expect((await say(w, own, text)).body).toMatchObject({
        reason: "message_logged_no_actionable_changes",
        items: [],
        questions: [],
      });
    expect((await say(w, own, "Somehow the thing with the roof")).body).toMatchObject({
      reason: "message_logged_no_actionable_changes",
      questions: [{ kind: "unreadable", about: "Somehow the thing with the roof", choices: [] }],
    });
    expect(await rowsOf(w, own, "inbox_items", "id")).toHaveLength(4);
    expect(await rowsOf(w, own, "tasks")).toEqual([]);
    expect((await events(own.project)).map(({ kind }) => kind)).toEqual(Array(4).fill("assistant.capture.received"));
  });

  test("in Danish as well, and the day is the one where the project is", async () => {
    const own = await tenant(w.neon, "danish");
    // Half past midnight on the 18th in Copenhagen, still the 17th in UTC.
    w.clock.set("2026-11-17T23:30:00.000Z");
    await say(w, own, "Ring til VVS'eren i dag");
    w.clock.set("2026-11-16T08:00:00.000Z");
    expect(await rowsOf(w, own, "tasks", "title, due_date::text as due")).toEqual([
      { title: "Ring til VVS'eren", due: "2026-11-18" },
    ]);
  });
});

describe("titles", () => {
  test("the same one again changes the task, in other case too; done, it is a new one", async () => {
    const first = await say(w, a, "Call the dentist");
    const second = await say(w, a, "call  the DENTIST on Friday, urgent");
    expect(second.body.counts).toMatchObject({ tasks_created: 0, tasks_updated: 1 });
    expect(second.body.items[0]?.entity_id).toBe(first.body.items[0]?.entity_id);
    expect((await say(w, a, "Call the dentist")).body.reason).toBe("message_logged_no_actionable_changes");
    expect((await say(w, a, "Call the dentist is done")).body.items).toMatchObject([{ op: "updated" }]);
    expect((await say(w, a, "Call the dentist")).body.counts).toMatchObject({ tasks_created: 1 });
  });

  test("with several of that title nothing is merged: a numbered question, answered with a number", async () => {
    const own = await tenant(w.neon, "ambiguous");
    await say(w, own, "Paint the hall");
    const [one] = await rowsOf(w, own, "tasks");
    await w.neon.query(
      `insert into assistant.tasks (project_id, account_scope_id, user_id, id, title, title_norm, updated_at) values ($1, $2, $3, $4, 'Paint the hall', 'paint the hall', '2026-01-01')`,
      [own.project, own.accountScope, one?.["user_id"], w.runtime.ids.next("task")],
    );
    const asked = await say(w, own, "Paint the hall on Friday");
    expect(asked.body).toMatchObject({
      reason: "message_logged_no_actionable_changes",
      questions: [{ kind: "ambiguous", choices: [{ number: 1 }, { number: 2, title: "Paint the hall" }] }],
    });
    expect((await events(own.project)).map(({ kind }) => kind)).toContain("assistant.match.ambiguous");
    expect((await say(w, own, "2", { chat: "another" })).body.questions).toMatchObject([{ kind: "unknown" }]);
    const chosen = await say(w, own, "2");
    const second = asked.body.questions[0]?.choices[1]?.entity_id;
    expect(chosen.body.items).toMatchObject([{ entity_id: second, op: "updated" }]);
    expect(await rowsOf(w, own, "tasks", "id, due_date::text as due")).toEqual(
      expect.arrayContaining([{ id: second, due: "2026-11-20" }]),
    );
    // It has been answered.
    expect((await say(w, own, "2")).body.questions).toMatchObject([{ kind: "unknown", about: "#2" }]);
  });
});

describe("what was shown", () => {
  test("the first one, and that: what was captured last, until it expires", async () => {
    const own = await tenant(w.neon, "shown");
    const made = await say(w, own, "- buy paint\n- buy brushes\n- buy tape");
    expect((await say(w, own, "done with the first one")).body.items).toMatchObject([
      { title: "Buy paint", op: "updated" },
    ]);
    expect((await say(w, own, "drop the last one")).body.items).toMatchObject([{ title: "Buy tape" }]);
    expect((await say(w, own, "Make that one urgent")).body.questions).toMatchObject([
      { kind: "ambiguous", choices: [{ number: 1 }, { number: 2 }, { number: 3 }] },
    ]);
    expect((await say(w, own, "2")).body.items[0]?.entity_id).toBe(idOf(made.body, "Buy brushes"));
    expect((await say(w, own, "done with number 9")).body.questions).toMatchObject([{ kind: "unknown", about: "#9" }]);
    w.clock.advance(61 * 60 * 1000);
    expect((await say(w, own, "done with the second one")).body).toMatchObject({
      reason: "message_logged_no_actionable_changes",
      questions: [{ kind: "unknown", about: "#2" }],
    });
    const talks = await rowsOf(w, own, "sessions", "ended_at is null as open");
    expect(talks).toEqual(expect.arrayContaining([{ open: true }, { open: false }]));
    expect(talks).toHaveLength(2);
    expect(await rowsOf(w, own, "tasks", "title, status, priority::int as priority")).toEqual(
      expect.arrayContaining([
        { title: "Buy paint", status: "done", priority: null },
        { title: "Buy brushes", status: "open", priority: 1 },
        { title: "Buy tape", status: "archived", priority: null },
      ]),
    );
    w.clock.set("2026-11-16T08:00:00.000Z");
  });

  test("a circle is not made: the rest is written, and it is asked", async () => {
    const own = await tenant(w.neon, "circle");
    await say(w, own, "Paint the hall depends on buy paint");
    const { body } = await say(w, own, "Buy paint depends on paint the hall");
    expect(body.questions).toMatchObject([
      { kind: "cycle", choices: [{ title: "Buy paint" }, { title: "Paint the hall" }] },
    ]);
    expect(await rowsOf(w, own, "entity_links", "link_type")).toEqual([{ link_type: "depends_on" }]);
  });
});

test("a key of nobody has no planner", async () => {
  const key = await w.neon.query("update identity.api_keys set user_id = null where project_id = $1 returning id", [
    w.b.project,
  ]);
  expect(key.length).toBeGreaterThan(0);
  expect(await say(w, w.b, "Call the plumber")).toMatchObject({ status: 403, body: { code: "person_required" } });
});
