/** The seeds of every test run, in two halves that two processes share. */
import { expect } from "vitest";
import type { House } from "./house.ts";
import { failureText } from "./report.ts";
import { type Outcome, runSeed } from "./run.ts";

const each = 100;

export async function holdSeeds(house: House, half: 0 | 1): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let seed = half * each + 1; seed <= (half + 1) * each; seed += 1) {
    const outcome = await runSeed(seed, { house });
    expect(outcome.failure, failureText(outcome)).toBeUndefined();
    outcomes.push({ ...outcome, trace: [] });
  }
  return outcomes;
}
