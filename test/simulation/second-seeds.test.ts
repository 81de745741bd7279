// Seeds 101 to 200, in a process of their own.
import { afterAll, beforeAll, test } from "vitest";
import { type House, openHouse } from "./house.ts";
import { holdSeeds } from "./seeds.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test("another hundred seeds hold", async () => void (await holdSeeds(house, 1)), 600_000);
