/** The areas of the product that take part in every simulation. */

import { extraction } from "./extraction.ts";
import {
  carrierFaults,
  chatwootFaults,
  databaseFaults,
  type FaultKind,
  type Focus,
  lookupFaults,
  modelFaults,
  reportFaults,
} from "./faults.ts";
import { inbox, inboxOf } from "./inbox.ts";
import { letters } from "./letters.ts";
import { memory } from "./memory.ts";
import { operators } from "./operators.ts";
import { outbound } from "./outbound.ts";
import { planner } from "./planner.ts";
import { reconcile, reconcilePromises } from "./reconcile.ts";
import { schedules } from "./schedules.ts";
import type { AreaOf } from "./sim.ts";
import { staff, staffWho } from "./staff.ts";
import { worldOf } from "./world.ts";

/** What every ordinary seed holds at once. */
export const areas: readonly AreaOf[] = [inbox, memory, staff, operators, letters, schedules];

/** A long story that has the steps for itself: many of them, and what goes wrong is what it can go wrong with. */
export type Story = { areas: readonly AreaOf[]; steps: number; focus: Focus; seeds?: number };

export const stories: Record<"answers" | "office" | "network" | "planner" | "world", Story> = {
  /** Questions about what customers said; ordinary seeds ask the model too seldom for all that it can do wrong. */
  answers: {
    areas: [inboxOf({ change: 0.3, takeBack: 0.1 }), memory, staffWho("asks")],
    steps: 100,
    // Fewer would not meet every way in which a model fails.
    seeds: 12,
    focus: { kinds: modelFaults, temper: 0.1, times: 1 },
  },
  /** A Chatwoot that can be asked: lost webhooks, deletions, merges, and the watermark. */
  office: {
    areas: [reconcile, schedules],
    steps: 300,
    focus: {
      kinds: [...chatwootFaults, "webhook.lost", "crash.isolate"],
      temper: 0.25,
      crowded: true,
      office: true,
    },
  },
  /** What leaves the house: approved, sealed, capped, sent once. */
  network: {
    areas: [outbound, schedules],
    steps: 400,
    focus: {
      kinds: [
        ...carrierFaults,
        ...lookupFaults,
        ...reportFaults,
        "webhook.lost",
        "webhook.repeated",
        "webhook.overtaken",
        "job.delivered_twice",
        "crash.isolate",
      ],
      temper: 0.5,
      times: 1.5,
      haste: 1000,
      crowded: true,
      outbound: true,
    },
  },
  /** Messages to a planner, which come again, in other words and all at once; what they made is changed, linked and taken back. */
  planner: {
    areas: [planner],
    steps: 70,
    focus: {
      kinds: [
        ...databaseFaults,
        "staff.answer_lost",
        "staff.asked_twice_at_once",
        "crash.before_effect",
        "crash.after_effect",
        "crash.isolate",
        "clock.skew",
      ],
      temper: 0.15,
      times: 1,
      crowded: true,
      haste: 3000,
      modelless: true,
    },
  },
  /** What is known is written down, said again, believed wrongly and erased, while a Chatwoot goes on telling of messages erased here. */
  world: {
    areas: [reconcilePromises, extraction, worldOf, schedules],
    steps: 160,
    // An erasure goes through every table, several times: a second each.
    seeds: 3,
    focus: {
      kinds: [
        ...databaseFaults,
        "staff.answer_lost",
        "webhook.lost",
        "job.delivered_twice",
        "job.overtaken",
        "crash.before_effect",
        "crash.after_effect",
        "crash.isolate",
        "clock.skew",
      ],
      temper: 0.1,
      times: 1,
      crowded: true,
      office: true,
      modelless: true,
    },
  },
};

/** The kinds of fault that only a story meets. */
export const storyKinds: readonly FaultKind[] = [
  ...modelFaults,
  ...chatwootFaults,
  ...carrierFaults,
  ...lookupFaults,
  ...reportFaults,
];
