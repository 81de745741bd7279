// Taking data along, by a person without a script: begun, read in sections, fetched as a file.
import { beforeAll, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
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
