/** Every verb there is; what is not listed here has no door. */
import { verbs as identity } from "./identity/index.ts";
import { verbs as inbox } from "./inbox/index.ts";
import type { Schedule } from "./kernel/schedule.ts";
import type { Verb } from "./kernel/verb.ts";
import { verbs as memory, sweep as memorySweep } from "./memory/index.ts";
import { verbs as outbound, outboundSweep } from "./outbound/index.ts";
import { verbs as people } from "./people/index.ts";
import { auditSweep, runVerb, verbs as shared, schedules as sharedSchedules, sweepVerbs } from "./shared/index.ts";

/** What runs by the clock in every project: one line for each domain that exports `schedules`. */
export const schedules: readonly Schedule[] = [...sharedSchedules];

export const registry: readonly Verb[] = [
  ...identity,
  ...shared,
  ...sweepVerbs([auditSweep, memorySweep, outboundSweep], schedules),
  runVerb((name) => verbFor("job", name)),
  ...people,
  ...memory,
  ...outbound,
  ...inbox,
] as unknown as Verb[];

/** A verb by name that may be called through this door. */
export const verbFor = (door: string, name: string): Verb | undefined =>
  registry.find((verb) => verb.name === name && verb.doors.some((open) => open === door));
