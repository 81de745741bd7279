// A claim passes by rows that another session holds; without SKIP LOCKED the server's list of locks shows it waiting.
import { beforeAll, expect, test } from "vitest";
import { type RaceDatabase, raceDatabase } from "#test/kit/database.ts";
import { claimBesideHolder, claimWithoutSkipping } from "./lock-waits.ts";

let neon: RaceDatabase;
beforeAll(async () => {
  neon = await raceDatabase();
});

test("a claim waits for nobody, and serves what is free", async () => {
  expect(await claimBesideHolder(neon)).toEqual({ waitsForHolder: false, embeddedMeanwhile: 4 });
});

test("without SKIP LOCKED it waits for the holder, and serves nothing", async () => {
  expect(await claimWithoutSkipping(neon)).toEqual({ waitsForHolder: true, embeddedMeanwhile: 0 });
});
