// Taking data along, by a person without a script: begun, read in sections, fetched as a file.
import { beforeAll, expect, test } from "vitest";
import { say } from "#test/assistant/talking.ts";
import { tenant, type World, world } from "#test/kit/world.ts";
import { known } from "#test/people/office.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let owner: Visitor;
let mette: string;

beforeAll(async () => {
  w = await world();
  mette = await known(w, w.a, { name: "Mette Holm", phone: "+4520304051" });
  w.clock.set("2031-01-01T08:00:00.000Z");
  owner = await signedIn(w, w.a);
});

const once = (html: string) => /name="once" value="([^"]*)"/.exec(html)?.[1] ?? "";

test("the project is exported to a file whose first line says what is in it", async () => {
  expect((await owner.get("/console")).html).toContain('href="/console/data"');
  const page = await owner.get("/console/data");
  expect(textOf(page.html)).toContain("Nothing was exported in the last days");
  const begun = await owner.post("/console/data", { once: once(page.html), kind: "project" });
  expect([begun.status, begun.place]).toEqual([303, expect.stringMatching(/^\/console\/data\/exp_/)]);
  const shown = await owner.get(begun.place);
  expect(textOf(shown.html)).toContain("The whole project");
  const file = /href="([^"]*\/file)"/.exec(shown.html)?.[1] ?? "";
  const lines = (await owner.get(file)).html.trim().split("\n");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ format: "omneuro-export-1", kind: "project" });
  expect(lines.join("\n")).toContain("Mette Holm");
  expect(textOf((await owner.get("/console/data")).html)).toContain("The whole project");
});

test("on a person's page his word on a use is written down, and everything about him is read", async () => {
  const path = `/console/people/${mette}`;
  const page = await owner.get(path);
  expect(textOf(page.html)).toContain("What may be used");
  const bare = await owner.post(`${path}/uses`, {
    once: once(page.html),
    use: "telemetry",
    granted: "yes",
    source: "form",
  });
  expect([bare.status, textOf(bare.html)]).toEqual([400, expect.stringMatching(/a consent needs the words/)]);
  const words = { shown_text: "Yes, use it.", proof: "form-1" };
  const said = await owner.post(`${path}/uses`, {
    once: once(page.html),
    use: "telemetry",
    granted: "yes",
    source: "form",
    ...words,
  });
  expect(said.status).toBe(303);
  expect(textOf((await owner.get(said.place)).html)).toMatch(/Figures go into a dataset Yes/);
  const begun = await owner.post("/console/data", { once: once(page.html), kind: "subject", contact: mette });
  expect(begun.status).toBe(303);
  const text = textOf((await owner.get(begun.place)).html);
  expect(text).toMatch(/Everything about one person .*Who we think this is .*Mette Holm/);
  expect(text).toContain("What this person agreed to and refused");
  expect(text).toContain("+4520304051");
});

test("another tenant's export is nowhere", async () => {
  const other = await signedIn(w, w.b);
  const [{ id } = {}] = await w.neon.query("select id from shared.exports where project_id = $1 limit 1", [
    w.a.project,
  ]);
  expect((await other.get(`/console/data/${id}`)).status).toBe(404);
  expect((await other.get(`/console/data/${id}/file`)).status).toBe(404);
});

test("what is one's own is one file; a whole project is brought in from its file and its key, into an empty one", async () => {
  await say(w, w.a, "Order the pump on Friday");
  const mine = await owner.post("/console/data/own", { once: "own" });
  expect(mine.headers.get("content-disposition")).toMatch(/attachment; filename="exp_/);
  expect(JSON.parse(mine.html.split("\n")[0] ?? "")).toMatchObject({ kind: "mine" });
  expect([mine.html.includes("Order the pump"), mine.html.includes("Mette Holm")]).toEqual([true, false]);

  const shown = await owner.post("/console/data/key", {});
  const key = /<code class="hook">([0-9a-f]+)</.exec(shown.html)?.[1] ?? "";
  // An account outside feeds one project of an installation only.
  await w.neon.query("delete from identity.project_sources where project_id = $1", [w.a.project]);
  const begun = await owner.post("/console/data", { once: "again", kind: "project" });
  const file = new TextEncoder().encode((await owner.get(`${begun.place.split("?")[0]}/file`)).html);
  const fresh = await tenant(w.neon, "moved");
  await w.neon.query("delete from identity.project_sources where project_id = $1", [fresh.project]);
  const there = await signedIn(w, fresh);
  const bring = (hash_key: string, once: string) => there.upload("/console/data/import", file, { hash_key, once });
  const wrong = await bring("0".repeat(64), "1");
  expect([wrong.status, textOf(wrong.html)]).toEqual([400, expect.stringContaining("not the key of the project")]);
  for (const _ of ["sent", "sent again"]) expect((await bring(key, "2")).status).toBe(303);
  expect(textOf((await there.get("/console/people")).html)).toContain("Mette Holm");
  expect((await bring(key, "3")).status).toBe(409);
});
