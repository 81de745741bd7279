/** Every verb there is; what is not listed here has no door. */
import {
  verbs as assistant,
  retained as assistantRetained,
  schedules as assistantSchedules,
} from "./assistant/index.ts";
import { verbs as field, retained as fieldRetained, schedules as fieldSchedules, fieldSweep } from "./field/index.ts";
import {
  verbs as identity,
  housekeeping as identityHousekeeping,
  retained as identityRetained,
} from "./identity/index.ts";
import {
  verbs as inbox,
  housekeeping as inboxHousekeeping,
  retained as inboxRetained,
  schedules as inboxSchedules,
} from "./inbox/index.ts";
import { dataset, verbs as insight, schedules as insightSchedules } from "./insight/index.ts";
import type { Schedule } from "./kernel/schedule.ts";
import type { Verb } from "./kernel/verb.ts";
import {
  verbs as memory,
  retained as memoryRetained,
  schedules as memorySchedules,
  sweep as memorySweep,
} from "./memory/index.ts";
import { verbs as outbound, outboundSweep } from "./outbound/index.ts";
import { verbs as people, schedules as peopleSchedules } from "./people/index.ts";
import {
  auditSweep,
  exportVerbs,
  finishImport,
  retentionVerbs,
  runVerb,
  verbs as shared,
  retained as sharedRetained,
  schedules as sharedSchedules,
  sweepVerbs,
} from "./shared/index.ts";
import { verbs as vault, retained as vaultRetained, schedules as vaultSchedules } from "./vault/index.ts";
import { verbs as world } from "./world/index.ts";

/** What runs by the clock in every project: one line for each domain that exports `schedules`. */
export const schedules: readonly Schedule[] = [
  ...sharedSchedules,
  ...peopleSchedules,
  ...memorySchedules,
  ...inboxSchedules,
  ...vaultSchedules,
  ...fieldSchedules,
  ...assistantSchedules,
  ...insightSchedules,
];

const housekeeping = [identityHousekeeping, inboxHousekeeping];

/** In the order of a run: words before the answers that quote them, so that a run takes what its preview said. */
export const retention = retentionVerbs(
  [
    ...inboxRetained,
    ...memoryRetained,
    ...identityRetained,
    ...sharedRetained,
    ...vaultRetained,
    ...fieldRetained,
    ...assistantRetained,
  ],
  housekeeping,
);

/** What may be taken along, and how a project is brought in. */
export const exports = exportVerbs(dataset);
export const finish = finishImport("memory.embed");

export const registry: readonly Verb[] = [
  ...identity,
  ...shared,
  ...sweepVerbs([auditSweep, memorySweep, outboundSweep, fieldSweep], { schedules, housekeeping }),
  runVerb((name) => verbFor("job", name)),
  ...Object.values(retention),
  ...Object.values(exports),
  finish,
  ...people,
  ...memory,
  ...outbound,
  ...inbox,
  ...vault,
  ...field,
  ...assistant,
  ...world,
  ...insight,
] as unknown as Verb[];

/** A verb by name that may be called through this door. */
export const verbFor = (door: string, name: string): Verb | undefined =>
  registry.find((verb) => verb.name === name && verb.doors.some((open) => open === door));
