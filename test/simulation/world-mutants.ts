/** The guards of what was erased, taken out one at a time. */

import { extraction } from "./extraction.ts";
import type { Focus } from "./faults.ts";
import { byScript, inFunction, type Mutant } from "./mutant.ts";
import { reconcilePromises } from "./reconcile.ts";
import { schedules } from "./schedules.ts";
import { worldOf } from "./world.ts";

/** Calm: whatever shows is the guard's absence alone. */
const calm: Focus = { kinds: [], temper: 0, times: 1, haste: 3000, crowded: true, modelless: true };

const each = (act: string): string =>
  ["entities", "facts"].map((table) => `alter table world.${table} ${act} trigger stays_gone;`).join(" ");

export const worldMutants: readonly Mutant[] = [
  {
    name: "comes_back",
    without: "the look at tombstones when something is written down",
    breaks: /I9/,
    focus: calm,
    areas: [worldOf],
    steps: 60,
    apply: byScript(each("disable"), each("enable")),
  },
  {
    name: "words_stay",
    without: "the look for what was read from words that are gone",
    breaks: /I15|I9/,
    focus: { ...calm, office: true },
    areas: [reconcilePromises, extraction, schedules],
    steps: 60,
    apply: inFunction(
      "world.propose",
      "perform world.forget_proposals(r.evidence, r.now, r.withdrawn_at is not null);",
      "",
    ),
  },
];
