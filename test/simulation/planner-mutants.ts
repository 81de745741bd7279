/** Guards of what is said to planners, taken out one at a time. */
import type { Focus } from "./faults.ts";
import { inFunction, type Mutant } from "./mutant.ts";
import { planner } from "./planner.ts";

/** Calm: whatever shows is the guard's absence alone. */
const calm: Focus = { kinds: [], temper: 0, times: 1, haste: 3000, crowded: true, modelless: true };
const world = { focus: calm, areas: [planner], steps: 120 };

export const plannerMutants: readonly Mutant[] = [
  {
    ...world,
    name: "reworded",
    without: "the taking back of what other words did",
    breaks: /P2/,
    apply: inFunction("assistant.take_item", "last.capture is not null and last.over_at is null", "false"),
  },
  {
    ...world,
    name: "older_words",
    without: "the order of a message's wordings",
    breaks: /P5/,
    apply: inFunction("assistant.take_item", "last.edit >= (told->>'edit')::bigint or ", ""),
  },
  {
    ...world,
    name: "linked_since",
    without: "the look at links made since, when a message is taken back",
    breaks: /P3/,
    apply: inFunction("assistant.undo", "elsif c.made and exists", "elsif false and exists"),
  },
];
