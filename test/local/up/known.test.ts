// The demo's firm writes down what it knows through the API: once, however often a start is stopped half-way.
import { afterAll, beforeAll, expect, test } from "vitest";
import { plantKnown } from "#local/up/known.ts";
import { type Served, served } from "#test/kit/served.ts";
import { type World, world } from "#test/kit/world.ts";
import { office } from "#test/people/office.ts";

let w: World;
let site: Served;

beforeAll(async () => {
  w = await world();
  site = await served(w);
});

afterAll(async () => site?.close());

test("nothing is refused; one thing is believed wrongly, two sources disagree, and told again nothing is said twice", async () => {
  const a = office(w, w.a);
  await a.post("/people/contacts", { name: "Mads Lauritzen", points: [] });
  const ground = { url: site.url, apiKey: w.a.apiKey, signal: new AbortController().signal };
  expect(await plantKnown(ground)).toBeNull();
  const counts = () =>
    w.neon.query(
      `select (select count(*)::int from world.entities where project_id = $1) as entities,
        (select count(*)::int from world.entities where project_id = $1 and contact_id is not null) as people,
        (select count(*)::int from world.relationships where project_id = $1) as relationships,
        (select count(distinct root_id)::int from world.facts where project_id = $1) as facts,
        (select count(*)::int from world.knowledge_edges where project_id = $1 and status = 'false_belief') as wrong`,
      [w.a.project],
    );
  const before = await counts();
  expect(before).toEqual([{ entities: 7, people: 1, relationships: 7, facts: 11, wrong: 1 }]);
  const { body } = await a.get("/world/conflicts");
  expect(body.data.map(({ attribute }: { attribute: string }) => attribute)).toEqual(["opening_hours"]);
  expect(await plantKnown(ground)).toBeNull();
  expect(await counts()).toEqual(before);
});
