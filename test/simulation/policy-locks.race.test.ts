// A claim passes by whoever is being decided about; without that lock it sends after an opt-out has been committed.
import { beforeAll, expect, test } from "vitest";
import { type RaceDatabase, raceDatabase } from "#test/kit/database.ts";
import { claimBesideStop, claimWithoutLocks } from "./policy-locks.ts";

let neon: RaceDatabase;
beforeAll(async () => {
  neon = await raceDatabase();
});

test("a claim beside a STOP takes nothing of whoever says it", async () => {
  expect(await claimBesideStop(neon)).toBe(0);
});

test("without the lock it sends after the opt-out's commit", async () => {
  expect(await claimWithoutLocks(neon)).toBe(1);
});
