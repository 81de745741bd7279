// What hangs on what as one picture, and what was said with its questions: answered by their id, from another chat as well.
import { beforeAll, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { call, idOf, say } from "./talking.ts";

let w: World;
let a: Tenant;

beforeAll(async () => {
  w = await world({ now: "2026-11-16T08:00:00.000Z" });
  a = await tenant(w.neon, "map");
});

type Seen = {
  things: { id: string; title: string; status: string; is_open: boolean }[];
  links: { from: string; type: string; to: string }[];
  left_off: number;
};
const seen = async (query = "") => (await call<Seen>(w, a.apiKey, `/v1/assistant/map${query}`)).body;
const titles = ({ things }: Seen) => things.map(({ title }) => title).sort();

test("what is open and what that is linked to, in one request; put away is left out; one thing with its neighbours", async () => {
  const { body } = await say(
    w,
    a,
    "Goal: more service contracts\nCall the plumber for the goal more service contracts",
  );
  const [goal, plumber] = [idOf(body, "More service contracts"), idOf(body, "Call the plumber")];
  const other = await say(w, a, "Sweep the yard");
  await say(w, a, "Call the plumber is done");
  await say(w, a, "Sweep the yard is done");
  await say(w, a, "Buy paint");
  await w.settled();
  w.neon.resetStats();
  const all = await seen();
  expect(w.neon.stats().requests).toBe(1);
  // Done, but for an open goal: it stands. Done and linked to nothing: gone.
  expect(titles(all)).toEqual(["Buy paint", "Call the plumber", "More service contracts"]);
  expect(all.links).toMatchObject([{ from: plumber, type: "supports_goal", to: goal }]);
  expect(all.things.find(({ id }) => id === plumber)).toMatchObject({ status: "done", is_open: false });
  expect(all.left_off).toBe(0);
  expect(titles(await seen(`?around=${goal}`))).toEqual(["Call the plumber", "More service contracts"]);
  expect(titles(await seen(`?around=${idOf(other.body, "Sweep the yard")}`))).toEqual(["Sweep the yard"]);
  await call(w, a.apiKey, `/v1/assistant/tasks/${plumber}`, { status: "archived" }, "PATCH");
  expect(await seen(`?around=${goal}`)).toMatchObject({ things: [{ id: goal }], links: [] });
  // A colleague of the same project has a picture of his own.
  const colleague = "0195f3c0-0000-7000-8000-0000000000aa";
  await w.neon.query("insert into shared.users (id, name) values ($1, 'Karen') on conflict do nothing", [colleague]);
  const hers = await addKey(w.neon, { ...a, user: colleague, permissions: ["assistant:use"] });
  expect((await call<Seen>(w, hers, `/v1/assistant/map?around=${goal}`)).body).toMatchObject({ things: [], links: [] });
});

type Said = {
  id: string;
  text: string;
  outcome: string;
  items: { title: string; op: string }[];
  asked: { id: string; state: string; choices: { number: number; title: string }[] }[];
};
const heard = async (query: string) =>
  (await call<{ data: Said[] }>(w, a.apiKey, `/v1/assistant/captures?${query}`)).body.data;

test("a question is answered by its id from anywhere, once, within its day; what was said tells what came of it", async () => {
  for (const title of ["Ring Anna", "Ring Anna"]) await call(w, a.apiKey, "/v1/assistant/tasks", { title });
  const { body } = await say(w, a, "Ring Anna is done", { chat: "phone" });
  const [question] = body.questions;
  await say(w, a, "Ring Anna is done", { chat: "other" });
  expect((await heard("waiting=yes")).map(({ id }) => id)).toContain(body.id);
  const chosen = await call<{ id: string; items: object[] }>(w, a.apiKey, "/v1/assistant/capture", {
    text: "2",
    question: question?.id,
  });
  expect(chosen.body.items).toMatchObject([{ entity_id: question?.choices[1]?.entity_id, op: "updated" }]);
  expect(await heard(`id=${body.id}`)).toMatchObject([
    { text: "Ring Anna is done", outcome: "nothing", items: [], asked: [{ id: question?.id, state: "answered" }] },
  ]);
  const twice = await call<{ items: object[]; questions: object[] }>(w, a.apiKey, "/v1/assistant/capture", {
    text: "1",
    question: question?.id,
  });
  expect(twice.body).toMatchObject({ items: [], questions: [] });
  expect((await heard(`entity=${question?.choices[1]?.entity_id}`)).map(({ id }) => id)).toEqual([chosen.body.id]);
  w.clock.advance(25 * 3_600_000);
  expect(await heard("waiting=yes")).toEqual([]);
  expect((await heard("limit=10")).flatMap(({ asked }) => asked.map(({ state }) => state))).toContain("expired");
});
