// Long stories that need many steps of their own: a Chatwoot that can be asked, and what leaves the house.
import { afterAll, beforeAll, expect, test } from "vitest";
import { stories, storyKinds } from "./areas.ts";
import type { FaultKind } from "./faults.ts";
import { type House, openHouse } from "./house.ts";
import { countFaults, failureText } from "./report.ts";
import { type Outcome, runSeed } from "./run.ts";

const patience = 600_000;
const each = 8;
let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const struck: Outcome[] = [];

test.each(Object.entries(stories))(
  "%s: what was promised holds",
  async (_, story) => {
    for (let seed = 1; seed <= (story.seeds ?? each); seed += 1) {
      const outcome = await runSeed(seed, { house, ...story });
      expect(outcome.failure, failureText(outcome)).toBeUndefined();
      struck.push({ ...outcome, trace: [] });
    }
  },
  patience,
);

test("all met every kind of their faults", () => {
  const counts = countFaults(struck);
  expect(storyKinds.filter((kind: FaultKind) => (counts.get(kind) ?? 0) === 0)).toEqual([]);
});

test(
  "a story told again, after others, leaves the same trace",
  async () => {
    const told: Outcome[] = [];
    for (const story of Object.values(stories)) told.push(await runSeed(3, { house, ...story }));
    for (const [i, story] of Object.values(stories).entries())
      expect((await runSeed(3, { house, ...story })).trace).toEqual(told[i]?.trace);
  },
  patience,
);
