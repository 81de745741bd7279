// Knowledge in the console: what a role may do is what its pages offer, and a refused form forgets nothing.
import { beforeAll, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { type Knowing, knowing } from "#test/memory/knowing.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let k: Knowing;
let person: Visitor;

beforeAll(async () => {
  w = await world();
  k = await knowing(w);
  person = await signedIn(w, w.a);
});

const text = async (place: string) => textOf((await person.get(place)).html);
const words = {
  title: "Frost",
  body: "Drain the outdoor tap in September.",
  type: "howto",
  tags: "garden, frost",
  visibility: "client",
};

test("an entry is written, reviewed and published in one request a page, and its answer leads to the words it quoted", async () => {
  const sent = await person.post("/console/knowledge/new", words);
  expect([sent.status, sent.place]).toEqual([
    303,
    expect.stringMatching(/^\/console\/knowledge\/kbe_\w+\?note=entry_written/),
  ]);
  const place = sent.place.split("?")[0] ?? "";
  for (const act of ["submit", "publish"]) {
    const { status } = await person.post(`${place}/${act}`, { version: "1" });
    expect(status).toBe(303);
  }
  for (const page of [
    "/console/knowledge",
    "/console/knowledge?status=live",
    place,
    `${place}/edit`,
    "/console/knowledge/new",
    "/console/canaries",
  ]) {
    // What the act before left to do comes after its answer.
    await w.settled();
    w.neon.resetStats();
    expect([page, (await person.get(page)).status, w.neon.stats().requests]).toEqual([page, 200, 1]);
  }
  expect(await text(place)).toMatch(
    /Frost Live Clients and staff .* Drain the outdoor tap in September\..* garden, frost/,
  );
  const asked = await person.post("/console/ask", {
    question: "When should I drain the outdoor tap?",
    audience: "public",
  });
  await person.post(`${place}/edit`, {
    ...words,
    body: "Drain the outdoor tap in October.",
    version: "1",
    live: "yes",
  });
  const { html } = await person.get(asked.place);
  const [, link = ""] = /href="(\/console\/knowledge\/[^"]+)"/.exec(html) ?? [];
  expect(await text(link)).toMatch(/This is what version 1 of 2 said\..* Drain the outdoor tap in September\./);
  expect(await text(place)).toMatch(/Against version 1 .*in September\..*in October\./);
});

test("what is refused is said, and what was typed stays", async () => {
  const odd = await person.post("/console/knowledge/new", { ...words, tags: "!!", body: "Keep <b>this</b>" });
  expect(odd.status).toBe(400);
  expect(odd.html).toContain("Keep &lt;b&gt;this&lt;/b&gt;");
  expect(textOf(odd.html)).toContain("The tags: up to 40 letters");
  const { id } = (await k.write({ title: "Late", body: "One." })).body;
  await k.call("technician", `knowledge/${id}`, { version: 1, body: "Two." }, "PATCH");
  const late = await person.post(`/console/knowledge/${id}/edit`, { ...words, body: "Three.", version: "1" });
  expect(late.status).toBe(412);
  expect(textOf(late.html)).toContain("Somebody changed this entry since you read it.");
  expect(late.html).toContain("Three.");
  expect((await person.get("/console/knowledge/kbe_nowhere")).status).toBe(404);
  expect((await person.get("/console/knowledge?status=odd")).status).toBe(404);
  expect((await person.post(`/console/knowledge/${id}/erase`, { version: "2" })).status).toBe(404);
});

test("a technician is offered what a technician may do", async () => {
  const { id } = (await k.write({ title: "Filters", body: "Change them in May." })).body;
  await w.neon.query("update identity.memberships set role = 'technician' where project_id = $1", [w.a.project]);
  const draft = await text(`/console/knowledge/${id}`);
  expect(draft).toContain("A lead technician or an owner puts it under review.");
  expect(draft).not.toMatch(/Put under review|Dismiss/);
  expect((await person.post(`/console/knowledge/${id}/submit`, { version: "1" })).status).toBe(403);
  await k.call("lead", `knowledge/${id}/submit`, { version: 1 });
  const review = await text(`/console/knowledge/${id}`);
  expect(review).toContain("An owner decides whether it goes live.");
  expect((await person.post(`/console/knowledge/${id}/publish`, { version: "1" })).status).toBe(403);
  expect(await text("/console/canaries")).not.toContain("Ask them now");
  await w.neon.query("update identity.memberships set role = 'owner' where project_id = $1", [w.a.project]);
});

test("a failing canary question shows wherever memory shows", async () => {
  const added = await person.post("/console/canaries", {
    question: "When do I drain the tap?",
    words: "August",
    audience: "public",
  });
  expect(added.status).toBe(303);
  expect((await person.post("/console/canaries/run", {})).status).toBe(303);
  expect(await text("/console/canaries")).toMatch(/When do I drain the tap\? .*“August”.* Wrong since just now/);
  expect(await text("/console/memory")).toContain("1 canary question answered wrong");
});
