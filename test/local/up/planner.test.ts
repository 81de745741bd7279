// The demo's owner tells his planner what is on his mind through the API: once, however often a start is stopped half-way.
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawn } from "#local/business/data/day.ts";
import { plantPlanner } from "#local/up/planner.ts";
import { call, rowsOf } from "#test/assistant/talking.ts";
import { type Served, served } from "#test/kit/served.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;
let site: Served;

beforeAll(async () => {
  w = await world();
  site = await served(w);
});

afterAll(async () => site?.close());

test("nothing is refused, nothing is asked, Today is not empty; told again nothing is said twice", async () => {
  const ground = { url: site.url, apiKey: w.a.apiKey, signal: new AbortController().signal };
  expect(await plantPlanner(ground)).toBeNull();
  expect(await rowsOf(w, w.a, "questions")).toEqual([]);
  const plan = await call<{ today: object[]; waiting: object[] }>(w, w.a.apiKey, "/v1/assistant/plan");
  expect([plan.body.today.length, plan.body.waiting.length]).toEqual([6, 1]);
  const counts = async () =>
    (await Promise.all(["tasks", "goals", "problems", "entity_links"].map((table) => rowsOf(w, w.a, table)))).map(
      (rows) => rows.length,
    );
  const before = await counts();
  expect(before).toEqual([9, 2, 1, 5]);
  const links = await call<{ data: { type: string }[] }>(w, w.a.apiKey, "/v1/assistant/links");
  expect(links.body.data.map(({ type }) => type)).toContain(drawn.type);
  expect(await plantPlanner(ground)).toBeNull();
  expect(await counts()).toEqual(before);
});
