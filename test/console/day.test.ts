// The planner in the console, without a script: said, asked back, planned, ticked off, linked, taken back; and nobody else's.
import { beforeAll, describe, expect, test } from "vitest";
import { call, say } from "#test/assistant/talking.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let person: Visitor;

beforeAll(async () => {
  w = await world({ now: "2026-11-16T08:00:00.000Z" });
  person = await signedIn(w, w.a);
});

const read = async (path: string, who = person) => textOf((await who.get(path)).html);
let n = 0;
const send = (path: string, fields: Record<string, string>, who = person) =>
  who.post(path, { once: `${++n}`, ...fields });
/** Says it, and reads the page one is sent to. */
async function spoken(text: string, who = person): Promise<string> {
  const { status, place } = await send("/console/today", { text }, who);
  expect(status).toBe(303);
  return read(place, who);
}

type Seen = { things: { id: string; title: string; status: string }[]; links: { id: string }[] };
const seen = async () => (await call<Seen>(w, w.a.apiKey, "/v1/assistant/map")).body;
const idOf = async (title: string) => (await seen()).things.find((one) => one.title === title)?.id ?? "none";

/** Another member of the same project. */
async function colleague(role: string): Promise<Tenant> {
  const own = await tenant(w.neon, "karen");
  await w.neon.query("delete from identity.memberships where user_id = $1", [own.user]);
  await w.neon.query(
    "insert into identity.memberships (project_id, account_scope_id, id, user_id, role) values ($1, $2, $3, $4, $5)",
    [w.a.project, w.a.accountScope, w.runtime.ids.next("membership"), own.user, role],
  );
  return own;
}

describe("today", () => {
  test("a newcomer is told what to say, says it by a button, sees what came of it and takes it back", async () => {
    const { html } = await person.get("/console/today");
    expect(textOf(html)).toMatch(/My day .*Nothing to do yet .*“Call the plumber on Friday”/);
    const example = /name="text" value="(Call[^"]+)"/.exec(html)?.[1] ?? "";
    const text = await spoken(example);
    expect(text).toMatch(/Call the plumber on Friday Undo Written down just now New task: Call the plumber/);
    expect(text).toMatch(/Now Call the plumber Friday Why here 4 × 0\.40 urgency = 1\.60/);
    const { html: after } = await person.get("/console/captures");
    const undo = /action="(\/console\/captures\/cap_\w+\/undo)"/.exec(after)?.[1] ?? "";
    const undone = await send(undo, {});
    expect(await read(undone.place)).toMatch(/Call the plumber on Friday Taken back just now .*Taken back\./);
    expect(await read("/console/today")).toContain("Nothing to do yet");
    expect((await send(undo, {})).status).toBe(409);
  });

  test("what cannot be read is asked about, and a choice is a button, once", async () => {
    for (let i = 0; i < 2; i++) await call(w, w.a.apiKey, "/v1/assistant/tasks", { title: "Ring Anna" });
    expect(await spoken("Ring Anna is done")).toMatch(
      /Kept, and asked about .*Which “Ring Anna” is meant\? 1\. Ring Anna Task 2\. Ring Anna Task/,
    );
    // It waits for its answer on the page, wherever one comes from.
    const { html } = await person.get("/console/today");
    const question = /name="question" value="([^"]+)"/.exec(html)?.[1] ?? "";
    const chosen = await send("/console/today", { text: "2", question });
    expect(await read(chosen.place)).toMatch(/2 Undo Written down just now Changed task: Ring Anna/);
    expect(await read("/console/today")).not.toContain("Which “Ring Anna” is meant?");
    expect(await read("/console/captures")).toMatch(/Which “Ring Anna” is meant\? Answered/);
    expect(await spoken("Good morning")).toContain("Good morning Kept, nothing to do in it");
    const empty = await send("/console/today", { text: " " });
    expect([empty.status, textOf(empty.html).includes("Today")]).toEqual([422, true]);
    expect((await spoken("Finish the roof is done")).replaceAll("  ", " ")).toContain("Nothing of yours is called");
  });

  test("ticked off, put off and opened again; what waits names what it waits for", async () => {
    await spoken("Paint the hall depends on buy paint");
    const [paint, hall] = [await idOf("Buy paint"), await idOf("Paint the hall")];
    const before = await read("/console/today");
    expect(before).toMatch(/Buy paint another task waits only for this/);
    expect(before).toMatch(/Waiting Paint the hall Waits for Buy paint/);
    const back = "/console/today";
    expect((await send(`/console/tasks/${paint}`, { due_date: "2026-11-17", back })).place).toMatch(
      /^\/console\/today/,
    );
    expect(await read("/console/today")).toMatch(/Now Buy paint Tomorrow/);
    const done = await send(`/console/tasks/${paint}`, { status: "done", back });
    expect(await read(done.place)).toMatch(
      /Paint the hall nothing holds it up any more .*Done lately .*Buy paint Not done/s,
    );
    await send(`/console/tasks/${paint}`, { status: "open", due_date: "", back: "https://evil.example/console" });
    expect((await call(w, w.a.apiKey, `/v1/assistant/tasks/${paint}`)).body).toMatchObject({
      status: "open",
      due_date: null,
    });
    expect(await read(`/console/tasks/${hall}`)).toMatch(
      /This waits for Buy paint .*Where it came from Paint the hall depends on buy paint/,
    );
  });
});

test("a goal shows what serves it and how far it is; it is changed by whoever read it last", async () => {
  await spoken(
    "Goal: more service contracts\nWrite the letter for the goal more service contracts\nRing Mads for the goal more service contracts",
  );
  const goal = await idOf("More service contracts");
  await spoken("Ring Mads is done");
  const goals = await read("/console/goals");
  expect(goals).toContain("More service contracts Active 1 of 2 done Reached Pause Put away");
  for (const work of ["Write the letter Open", "Ring Mads Done"]) expect(goals).toContain(work);
  const page = `/console/goals/${goal}`;
  const fields = {
    title: "Forty contracts",
    description: "With the\r\nhousing associations",
    target_date: "2027-03-31",
    horizon: "",
  };
  expect((await send(page, { ...fields, version: "1" })).status).toBe(303);
  expect((await call(w, w.a.apiKey, `/v1/assistant/goals/${goal}`)).body).toMatchObject({
    title: "Forty contracts",
    description: "With the\nhousing associations",
    horizon: null,
  });
  expect((await send(page, { title: "Fifty", version: "1" })).status).toBe(412);
  await send(page, { status: "paused", back: "/console/goals" });
  expect(await read("/console/goals?status=paused")).toContain("Forty contracts Paused");
  expect(await read("/console/goals?status=done")).toContain("No goal in this state");
  await send("/console/problems", { title: "<b>Late</b> parts" });
  const { html } = await person.get("/console/problems");
  expect(html).not.toContain("<b>Late</b>");
  expect(textOf(html)).toContain("<b>Late</b> parts Active");
});

test("links are drawn and listed, made and removed; a circle is told by its titles", async () => {
  await spoken("Repair the boiler depends on order the pump");
  const [fit, order] = [await idOf("Repair the boiler"), await idOf("Order the pump")];
  const { html } = await person.get("/console/links");
  expect(html).toContain(
    `<a href="/console/tasks/${fit}" class="node task"><title>Task: Repair the boiler (Open)</title>`,
  );
  expect(textOf(html)).toContain("Repair the boiler waits for Order the pump");
  const circle = await send("/console/links", { from: order, link: "depends_on", to: fit });
  expect(circle.status).toBe(409);
  expect(textOf(circle.html)).toContain(
    "it would go round in a circle: “Order the pump” would wait for “Repair the boiler”, “Repair the boiler” would wait for “Order the pump”.",
  );
  expect((await send("/console/links", { from: order, link: "supports_goal", to: fit })).status).toBe(422);
  expect((await send("/console/links", { from: order, link: "related", to: fit })).status).toBe(303);
  const count = (await seen()).links.length;
  const remove =
    /action="(\/console\/links\/lnk_\w+\/remove)"/.exec((await person.get(`/console/tasks/${fit}`)).html)?.[1] ?? "";
  expect((await send(remove, { back: `/console/tasks/${fit}` })).place).toContain(`/console/tasks/${fit}`);
  expect((await seen()).links).toHaveLength(count - 1);
});

test("what has moved on since is left as it is, and named", async () => {
  await spoken("Sweep the yard; wash the van");
  const { html } = await person.get("/console/captures");
  const undo = /action="(\/console\/captures\/cap_\w+\/undo)"/.exec(html)?.[1] ?? "";
  await send(`/console/tasks/${await idOf("Wash the van")}`, { priority: "1" });
  const undone = await send(undo, {});
  expect(undone.status).toBe(200);
  expect(textOf(undone.html)).toContain(
    "Taken back, but for what has moved on since: “Wash the van” stays: it was changed after that.",
  );
  expect((await seen()).things.map(({ title }) => title)).toEqual(expect.arrayContaining(["Wash the van"]));
  expect((await seen()).things.map(({ title }) => title)).not.toContain("Sweep the yard");
});

test("every page is one request", async () => {
  const task = await idOf("Repair the boiler");
  for (const path of ["today", "goals", "problems", "captures", "links", "review", "tasks/new", `tasks/${task}`]) {
    await w.settled();
    w.neon.resetStats();
    expect((await person.get(`/console/${path}`)).status).toBe(200);
    expect([path, w.neon.stats().requests]).toEqual([path, 1]);
  }
});

describe("what must not happen", () => {
  test("a colleague, an owner even, sees and changes nothing of it", async () => {
    await say(w, w.a, "Goal: canary zanzibar\nBuy quetzal feed for the goal canary zanzibar");
    const [task, goal] = [await idOf("Buy quetzal feed"), await idOf("Canary zanzibar")];
    const karen = await signedIn(w, await colleague("owner"));
    for (const path of ["today", "goals", "problems", "captures", "links", "review", `links?from=${task}&to=${goal}`]) {
      const { status, html } = await karen.get(`/console/${path}`);
      expect([path, status, /zanzibar|quetzal|boiler/i.test(html)]).toEqual([path, 200, false]);
    }
    for (const path of [`tasks/${task}`, `goals/${goal}`])
      expect((await karen.get(`/console/${path}`)).status).toBe(404);
    expect((await send(`/console/tasks/${task}`, { status: "done" }, karen)).status).toBe(404);
    expect((await send("/console/links", { from: task, link: "related", to: goal }, karen)).status).toBe(404);
    const link = (await seen()).links.at(-1)?.id;
    expect((await send(`/console/links/${link}/remove`, {}, karen)).status).toBe(404);
    const { html } = await person.get("/console/captures");
    const undo = /action="(\/console\/captures\/cap_\w+\/undo)"/.exec(html)?.[1] ?? "";
    expect((await send(undo, {}, karen)).status).toBe(404);
    expect(await spoken("Canary zanzibar is done", karen)).toContain("Nothing of yours is called");
    expect((await seen()).things.find(({ id }) => id === goal)).toMatchObject({ status: "active" });
  });

  test("no form is heard without the session's proof, nor from another site; who may not has no way there", async () => {
    const task = await idOf("Repair the boiler");
    const before = await seen();
    for (const path of [
      "today",
      "links",
      "tasks",
      "goals",
      `tasks/${task}`,
      "captures/cap_x/undo",
      "links/lnk_x/remove",
    ]) {
      const fields = { text: "Forged", title: "Forged", status: "done", from: task, link: "related", to: task };
      expect([path, (await send(`/console/${path}`, { ...fields, csrf: "wrong" })).status]).toEqual([path, 403]);
      const foreign = await person.post(`/console/${path}`, fields, {
        origin: "https://evil.example",
        "sec-fetch-site": "cross-site",
      });
      expect([path, foreign.status]).toEqual([path, 403]);
    }
    expect(await seen()).toEqual(before);
    const own = await colleague("technician");
    const worker = await signedIn(w, own);
    expect(await read("/console/jobs", worker)).toContain("My day");
    await w.neon.query(
      "delete from identity.role_permissions where role = 'technician' and permission = 'assistant:use'",
    );
    try {
      expect(await read("/console/jobs", worker)).not.toContain("My day");
      expect((await worker.get("/console/today")).status).toBe(403);
    } finally {
      await w.neon.query(
        "insert into identity.role_permissions (role, permission) values ('technician', 'assistant:use')",
      );
    }
  });
});
