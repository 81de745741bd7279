// The simulation sees what it is there to see: with a guard taken out, it fails within a few seeds.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type House, openHouse } from "./house.ts";
import { hunt, mutants } from "./mutants.ts";

/** Far more than any has needed. */
const most = 80;
let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test.each(mutants.map((mutant) => [mutant.without, mutant] as const))(
  "without %s",
  async (_, mutant) => {
    const { caught } = await hunt(mutant, { house, from: 1, most });
    expect(caught?.failure?.broken.join("\n")).toMatch(mutant.breaks);
  },
  300_000,
);
