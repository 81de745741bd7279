// Tasks, goals, problems and links by hand; the rules of their states; the plan over them; and one message taken back.
import { beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { call, idOf, rowsOf, say } from "./talking.ts";

let w: World;
let a: Tenant;

beforeAll(async () => {
  w = await world({ now: "2026-11-16T08:00:00.000Z" });
  a = await tenant(w.neon, "planner");
});

type Thing = { id: string; status: string; version: number; completed_at: string | null; archived_at: string | null };
const make = async (who: Tenant, kind: string, title: string, more: object = {}) =>
  (await call<Thing>(w, who.apiKey, `/v1/assistant/${kind}s`, { title, ...more })).body;
const link = (who: Tenant, from: string, type: string, to: string) =>
  call<{ id: string; code?: string; cycle?: string[] }>(w, who.apiKey, "/v1/assistant/links", { from, type, to });
const set = (who: Tenant, kind: string, id: string, more: object) =>
  call<Thing & { code?: string }>(w, who.apiKey, `/v1/assistant/${kind}s/${id}`, more, "PATCH");

type Item = { id: string; title: string; score: number; reasons: string[]; blockers: { title: string }[] };
type Plan = { date: string; today: Item[]; next: Item[]; waiting: Item[]; later: number };
const planOf = (who: Tenant) => call<Plan>(w, who.apiKey, "/v1/assistant/plan");

describe("states", () => {
  test("done has its time, leaving it has none; archived has its time and is hidden", async () => {
    const made = await make(a, "task", "Sweep the yard", { priority: 2, due_date: "2026-11-20" });
    expect(made).toMatchObject({ status: "open", completed_at: null, version: 1 });
    const done = await set(a, "task", made.id, { status: "done" });
    expect(done.body).toMatchObject({ status: "done", completed_at: "2026-11-16T08:00:00Z", version: 2 });
    expect((await set(a, "task", made.id, { status: "open" })).body).toMatchObject({ completed_at: null });
    expect((await set(a, "task", made.id, { status: "archived" })).body.archived_at).toBe("2026-11-16T08:00:00Z");
    const shown = async (query: string) =>
      (await call<{ data: Thing[] }>(w, a.apiKey, `/v1/assistant/tasks${query}`)).body.data.map(({ id }) => id);
    expect(await shown("")).not.toContain(made.id);
    expect(await shown("?status=archived")).toEqual([made.id]);
    expect((await set(a, "task", made.id, { status: "open", version: 1 })).body.code).toBe("version_stale");
    expect((await set(a, "task", made.id, { due_date: null })).body).toMatchObject({ due_date: null, priority: 2 });
    // The database keeps these rules whoever writes.
    const [row] = await w.neon.query(
      "update assistant.tasks set status = 'done' where project_id = $1 and id = $2 returning completed_at is not null as done, archived_at is null as shown",
      [a.project, made.id],
    );
    expect(row).toEqual({ done: true, shown: true });
  });

  test("goals and problems likewise; a title of dots is none; somebody else's key finds nothing", async () => {
    const goal = await make(a, "goal", "More service contracts", { target_date: "2027-12-31" });
    expect((await set(a, "goal", goal.id, { status: "archived" })).body.archived_at).not.toBeNull();
    const problem = await make(a, "problem", "The van does not start", { severity: 4 });
    expect((await set(a, "problem", problem.id, { status: "resolved" })).body).toMatchObject({ status: "resolved" });
    expect(await call(w, a.apiKey, "/v1/assistant/goals", { title: "..." })).toMatchObject({ status: 400 });
    expect((await call(w, w.b.apiKey, `/v1/assistant/goals/${goal.id}`)).status).toBe(404);
    expect((await set(w.b, "goal", goal.id, { status: "done" })).body.code).toBe("goal_unknown");
  });
});

describe("links", () => {
  test("are typed, made once, and never go round in a circle, which is told", async () => {
    const [x, y, z] = [await make(a, "task", "X"), await make(a, "task", "Y"), await make(a, "task", "Z")];
    expect(await link(a, x.id, "depends_on", x.id)).toMatchObject({
      status: 409,
      body: { code: "cycle", cycle: [x.id, x.id] },
    });
    expect((await link(a, x.id, "depends_on", y.id)).status).toBe(201);
    expect((await link(a, x.id, "depends_on", y.id)).body.code).toBe("link_exists");
    // Z blocks Y: Y waits for Z.
    expect((await link(a, z.id, "blocks", y.id)).status).toBe(201);
    const circle = await link(a, x.id, "blocks", z.id);
    expect(circle).toMatchObject({ status: 409, body: { code: "cycle", cycle: [z.id, x.id, y.id, z.id] } });
    expect((await link(a, x.id, "supports_goal", y.id)).body.code).toBe("link_type_mismatch");
    expect((await link(a, x.id, "related", "tsk_nowhere")).body.code).toBe("entity_unknown");
    const { body } = await call<{ data: { id: string }[] }>(w, a.apiKey, `/v1/assistant/links?entity=${y.id}`);
    expect(body.data).toHaveLength(2);
    expect((await call(w, a.apiKey, `/v1/assistant/links/${body.data[0]?.id}/remove`, {})).status).toBe(200);
    expect((await link(a, x.id, "blocks", z.id)).status).toBe(201);
  });

  test("never reach another person, not by SQL either, nor does he see any of it", async () => {
    const other = "0195f3c0-0000-7000-8000-00000000c0de";
    await w.neon.query("insert into shared.users (id, name) values ($1, 'Karen') on conflict do nothing", [other]);
    const karens = await addKey(w.neon, { ...a, user: other, permissions: ["assistant:use"] });
    const theirs = (await call<Thing>(w, karens, "/v1/assistant/goals", { title: "Canary goal zanzibar" })).body;
    const mine = await make(a, "task", "Mine");
    expect((await link(a, mine.id, "supports_goal", theirs.id)).body.code).toBe("entity_unknown");
    for (const user of [a.user, other])
      await expect(
        w.neon.query(
          `insert into assistant.entity_links (project_id, account_scope_id, user_id, id, from_entity_type, from_entity_id, to_entity_type, to_entity_id, link_type)
           values ($1, $2, $3, $4, 'task', $5, 'goal', $6, 'supports_goal')`,
          [a.project, a.accountScope, user, w.runtime.ids.next("link"), mine.id, theirs.id],
        ),
      ).rejects.toThrow(/foreign key/);
    for (const path of ["tasks", "goals", "problems", "links", "captures", "plan"])
      expect((await call(w, a.apiKey, `/v1/assistant/${path}`)).bytes).not.toContain("zanzibar");
    expect((await call(w, karens, "/v1/assistant/tasks")).body).toEqual({ data: [], next_cursor: null });
    // The same title is hers and mine, and neither's capture finds the other's.
    await say(w, a, "Canary goal zanzibar is done", { as: a.apiKey });
    expect(await rowsOf(w, a, "goals", "status")).toEqual(expect.arrayContaining([{ status: "active" }]));
    const search = await call(w, a.apiKey, "/v1/search?q=zanzibar");
    expect(search.bytes).not.toContain("Canary");
  });
});

describe("the plan", () => {
  test("what waits names its blocker; once that is done it is ready; twice asked, the same bytes; one request", async () => {
    const own = await tenant(w.neon, "script-five");
    const made = await say(w, own, "Paint the hall depends on buy paint");
    const [hall, paint] = [idOf(made.body, "Paint the hall"), idOf(made.body, "Buy paint")];
    await w.settled();
    w.neon.resetStats();
    const first = await planOf(own);
    expect(w.neon.stats().requests).toBe(1);
    expect(first.body).toMatchObject({
      date: "2026-11-16",
      today: [{ id: paint, reasons: ["quick_win"] }],
      waiting: [{ id: hall, blockers: [{ title: "Buy paint", entity_type: "task" }] }],
      later: 0,
    });
    expect((await planOf(own)).bytes).toBe(first.bytes);
    await say(w, own, "Buy paint is done");
    expect((await planOf(own)).body).toMatchObject({
      today: [{ id: hall, reasons: ["dependency_ready"], blockers: [] }],
      waiting: [],
    });
  });

  test("six today, eight next, the rest later; why the first is first is told in its numbers", async () => {
    const own = await tenant(w.neon, "many");
    await say(w, own, Array.from({ length: 18 }, (_, i) => `- call customer ${i + 1}`).join("\n"));
    await say(w, own, "Call customer 7 on Friday, urgent");
    await say(w, own, "Call customer 9 tomorrow");
    const { body } = await planOf(own);
    expect([body.today.length, body.next.length, body.later]).toEqual([6, 8, 4]);
    expect(body.today.slice(0, 2).map(({ title }) => title)).toEqual(["Call customer 7", "Call customer 9"]);
    const why = await call(w, own.apiKey, "/v1/assistant/plan/why");
    expect(why.body).toMatchObject({
      item: { title: "Call customer 7", score: 4.6 },
      place: 1,
      of: 18,
      sum: "4 × 0.40 urgency + 3 × 1.00 impact = 4.60",
      ahead_of: { title: "Call customer 9", by: "1.40 points" },
    });
    expect((await call(w, own.apiKey, "/v1/assistant/plan/why?task=tsk_nowhere")).body["code"]).toBe(
      "task_not_planned",
    );
  });
});

describe("undo", () => {
  const undo = (who: Tenant, id: string) =>
    call<{ undone: { title: string | null }[]; kept: { title: string; reason: string }[]; code?: string }>(
      w,
      who.apiKey,
      `/v1/assistant/captures/${id}/undo`,
      {},
    );

  test("what a message made is put away, what it changed is as before, to the field", async () => {
    const own = await tenant(w.neon, "undoing");
    await say(w, own, "Call Jensen on Friday, low priority");
    const before = await rowsOf(w, own, "tasks", "title, status, due_date::text, priority, completed_at");
    const { body } = await say(w, own, "- call Jensen is done\n- order gaskets for the goal fewer leaks");
    expect(body.counts).toMatchObject({ tasks_created: 1, tasks_updated: 1, goals_created: 1, links_created: 1 });
    const taken = await undo(own, body.id);
    expect(taken).toMatchObject({ status: 200, body: { kept: [] } });
    expect(taken.body.undone).toHaveLength(4);
    const live = "title, status, due_date::text, priority, completed_at";
    const after = (await rowsOf(w, own, "tasks", live)).filter((row) => row["status"] !== "archived");
    expect(after).toEqual(before);
    expect(await rowsOf(w, own, "goals", "status")).toEqual([{ status: "archived" }]);
    expect(await rowsOf(w, own, "entity_links")).toEqual([]);
    expect((await undo(own, body.id)).body.code).toBe("already_undone");
    expect((await undo(a, body.id)).body.code).toBe("capture_unknown");
    // Said again, it is made anew.
    expect((await say(w, own, "order gaskets")).body.counts).toMatchObject({ tasks_created: 1 });
  });

  test("what has moved on since is left alone, and said", async () => {
    const own = await tenant(w.neon, "moved-on");
    const { body } = await say(w, own, "- call Lund\n- call Dahl\n- call Berg");
    await set(own, "task", idOf(body, "Call Lund"), { due_date: "2026-12-01" });
    const goal = await make(own, "goal", "Happy customers");
    await link(own, idOf(body, "Call Berg"), "supports_goal", goal.id);
    expect((await undo(own, body.id)).body).toMatchObject({
      undone: [{ title: "Call Dahl" }],
      kept: expect.arrayContaining([
        { title: "Call Lund", reason: "changed_since", entity_type: "task", entity_id: idOf(body, "Call Lund") },
        { title: "Call Berg", reason: "linked_since", entity_type: "task", entity_id: idOf(body, "Call Berg") },
      ]),
    });
    expect(await rowsOf(w, own, "tasks", "title, status")).toEqual(
      expect.arrayContaining([
        { title: "Call Lund", status: "open" },
        { title: "Call Dahl", status: "archived" },
        { title: "Call Berg", status: "open" },
      ]),
    );
    const { body: list } = await call<{ data: { text: string; undone_at: string | null; changes: number }[] }>(
      w,
      own.apiKey,
      "/v1/assistant/captures",
    );
    expect(list.data).toMatchObject([
      { text: "- call Lund\n- call Dahl\n- call Berg", undone_at: "2026-11-16T08:00:00Z", changes: 3 },
    ]);
  });
});

describe("asking", () => {
  type Asked = { about: string | null; items: { number: number; entity_id: string; title: string }[] };
  const ask = (who: Tenant, text: string, chat = "main") =>
    call<Asked>(w, who.apiKey, "/v1/assistant/ask", { text, chat });
  const state = async (who: Tenant) =>
    JSON.stringify(
      await Promise.all(
        // In an order of their own: the database may read a table by another way the second time.
        ["tasks", "goals", "problems", "entity_links", "inbox_items", "captures", "questions"].map(async (table) =>
          (await rowsOf(w, who, table)).map((row) => JSON.stringify(row)).sort(),
        ),
      ),
    );

  test("changes nothing but what the first one means, for an hour, in that chat; what no rule knows is not guessed", async () => {
    const own = await tenant(w.neon, "asking");
    await say(
      w,
      own,
      "- call Lund on Friday\n- call Dahl tomorrow\n- call Berg next month\n- paint the hall, blocked by the permit",
    );
    const before = await state(own);
    const due = await ask(own, "What is due?");
    expect(due.body).toMatchObject({
      about: "due",
      items: [
        { number: 1, title: "Call Dahl" },
        { number: 2, title: "Call Lund" },
      ],
    });
    expect((await ask(own, "Hvad venter jeg på?", "other")).body).toMatchObject({
      about: "waiting",
      items: [{ title: "Paint the hall", blockers: ["The permit"] }],
    });
    expect((await ask(own, "Why is the sky blue?")).body).toMatchObject({ about: null, items: [] });
    expect(await state(own)).toBe(before);
    const done = await say(w, own, "done with the first one");
    expect(done.body.items).toMatchObject([{ entity_id: due.body.items[0]?.entity_id, op: "updated" }]);
    w.clock.advance(61 * 60 * 1000);
    expect((await say(w, own, "done with the second one")).body.questions).toMatchObject([{ kind: "unknown" }]);
    w.clock.set("2026-11-16T08:00:00.000Z");
  });
});
