// Signed payloads with something wrong somewhere: never our fault, and never half of a message.
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { value } from "#test/fuzz/hostile.ts";
import { type World, world } from "#test/kit/world.ts";
import { hear, type Json, rows, sample } from "./chatwoot.ts";

let w: World;
beforeAll(async () => {
  w = await world();
});

const samples = readdirSync(new URL("../fixtures/chatwoot", import.meta.url)).map((file) => file.replace(".json", ""));

/** Walks down some way and puts `other` there, or takes away what is there. */
function broken(whole: Json, how: { steps: number[]; other: unknown; isDropped: boolean }): Json {
  const copy = structuredClone(whole);
  let place: Json = copy;
  for (const [i, step] of how.steps.entries()) {
    const names = Object.keys(place).filter((name) => name !== "event" || i > 0);
    const name = names[step % names.length];
    if (name === undefined) break;
    const inner = place[name];
    if (i < how.steps.length - 1 && typeof inner === "object" && inner !== null && Object.keys(inner).length > 0) {
      place = inner as Json;
      continue;
    }
    if (how.isDropped) delete place[name];
    else place[name] = how.other;
    break;
  }
  return copy;
}

/** Rows that cannot be without one another. */
const halves = `select
  (select count(*) from memory.chunks c where c.project_id = $1 and not exists (
    select from inbox.cw_messages m where m.project_id = c.project_id and m.id = c.source_pk))::int as orphans,
  (select count(*) from memory.chunks c where c.project_id = $1 and not exists (
    select from memory.pending q where q.project_id = c.project_id and q.chunk_id = c.id))::int as forgotten`;

test("whatever stands where, it is stored, kept aside, or refused by name", async () => {
  const outcomes: Record<string, number> = {};
  const how = fc.record({
    name: fc.constantFrom(...samples),
    steps: fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 4 }),
    other: value(),
    isDropped: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(how, async ({ name, ...change }) => {
      const answer = await hear(w, w.a, broken(sample(name, w.a.accountId), change));
      const told = (await answer.json()) as { outcome?: string; code?: string };
      expect([answer.status, told]).toEqual([
        expect.toSatisfy((status: number) => [200, 202, 400].includes(status)),
        told,
      ]);
      if (answer.status === 400) expect(told.code).toMatch(/^[a-z_]+$/);
      else expect(told.outcome).toMatch(/^(stored|stale|duplicate|ignored|quarantined|replayed)$/);
      const kind = told.outcome ?? told.code ?? "";
      outcomes[kind] = (outcomes[kind] ?? 0) + 1;
      w.clock.advance(1_000);
    }),
    { numRuns: 800, seed: 20261122 },
  );
  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(["stored", "quarantined"]));
  const [half] = await rows(w, w.a, halves);
  expect(half).toEqual({ orphans: 0, forgotten: 0 });
});
