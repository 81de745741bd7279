// Seeds 1 to 100: whatever goes wrong, what was promised holds. What a seed does is the seed's alone.
import { afterAll, beforeAll, expect, test } from "vitest";
import { storyKinds } from "./areas.ts";
import { faultKinds } from "./faults.ts";
import { type House, openHouse } from "./house.ts";
import { countFaults, failureText } from "./report.ts";
import { runSeed } from "./run.ts";
import { holdSeeds } from "./seeds.ts";

const patience = 600_000;
let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test(
  "a hundred seeds hold, and every kind of fault struck",
  async () => {
    const counts = countFaults(await holdSeeds(house, 0));
    expect(counts.size).toBeGreaterThanOrEqual(20);
    expect(faultKinds.filter((kind) => counts.get(kind) === 0 && !storyKinds.includes(kind))).toEqual([]);
  },
  patience,
);

test(
  "a seed run again, after others, leaves the same trace",
  async () => {
    for (const seed of [7, 42]) {
      const [first, , again] = [
        await runSeed(seed, { house }),
        await runSeed(seed + 1, { house }),
        await runSeed(seed, { house }),
      ];
      expect(again.trace).toEqual(first.trace);
      expect(again.hash).toBe(first.hash);
    }
  },
  patience,
);

test("a failing seed says how to run it again", () => {
  const failure = { step: 12, broken: ["I1: something"] };
  const trace = Array.from({ length: 60 }, (_, i) => `line ${i}`);
  const text = failureText({ seed: 5, steps: 12, effects: 9, faults: new Map(), hash: "", trace, failure });
  expect(text).toContain("seed 5 broke at step 12:\n  I1: something");
  expect(text).toContain("| line 59\nreplay: npm run simulate -- --seeds 1 --from 5");
  expect(text).not.toContain("line 20");
});
