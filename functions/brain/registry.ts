/** Every verb there is; what is not listed here has no door. */
import {
  verbs as assistant,
  erased as assistantErased,
  retained as assistantRetained,
  schedules as assistantSchedules,
} from "./assistant/index.ts";
import { verbs as crm, erased as crmErased } from "./crm/index.ts";
import {
  verbs as field,
  erased as fieldErased,
  retained as fieldRetained,
  schedules as fieldSchedules,
  fieldSweep,
} from "./field/index.ts";
import {
  verbs as identity,
  erased as identityErased,
  housekeeping as identityHousekeeping,
  retained as identityRetained,
} from "./identity/index.ts";
import {
  verbs as inbox,
  erased as inboxErased,
  housekeeping as inboxHousekeeping,
  retained as inboxRetained,
  schedules as inboxSchedules,
} from "./inbox/index.ts";
import { dataset, verbs as insight, erased as insightErased, schedules as insightSchedules } from "./insight/index.ts";
import type { Schedule } from "./kernel/schedule.ts";
import type { Verb } from "./kernel/verb.ts";
import {
  answerFrom,
  verbs as memory,
  erased as memoryErased,
  retained as memoryRetained,
  schedules as memorySchedules,
  sweep as memorySweep,
} from "./memory/index.ts";
import { verbs as outbound, erased as outboundErased, outboundSweep } from "./outbound/index.ts";
import { verbs as people, erased as peopleErased, schedules as peopleSchedules } from "./people/index.ts";
import {
  auditSweep,
  erasureVerbs,
  exportVerbs,
  finishImport,
  retentionVerbs,
  runVerb,
  verbs as shared,
  erased as sharedErased,
  retained as sharedRetained,
  schedules as sharedSchedules,
  sweepVerbs,
} from "./shared/index.ts";
import {
  verbs as vault,
  erased as vaultErased,
  retained as vaultRetained,
  schedules as vaultSchedules,
} from "./vault/index.ts";
import { factsTold, verbs as world, erased as worldErased, schedules as worldSchedules } from "./world/index.ts";

answerFrom(factsTold);

/** What runs by the clock in every project: one line for each domain that exports `schedules`. */
export const schedules: readonly Schedule[] = [
  ...sharedSchedules,
  ...peopleSchedules,
  ...memorySchedules,
  ...inboxSchedules,
  ...vaultSchedules,
  ...fieldSchedules,
  ...assistantSchedules,
  ...worldSchedules,
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

/** What waits is cancelled and found in this order; rows go copies before what they were made of, and a person's records last. */
export const erasedDomains = [
  { ...peopleErased, parts: [] },
  { ...inboxErased, parts: [] },
  { ...fieldErased, parts: [] },
  { ...vaultErased, parts: [] },
  { ...memoryErased, parts: [] },
  { ...worldErased, parts: [] },
  { ...crmErased, parts: [] },
  { ...outboundErased, parts: [] },
  ...[
    insightErased,
    crmErased,
    outboundErased,
    memoryErased,
    worldErased,
    vaultErased,
    fieldErased,
    assistantErased,
    inboxErased,
    sharedErased,
    identityErased,
    peopleErased,
  ].map(({ parts }) => ({ parts })),
];

export const erasures = erasureVerbs(erasedDomains);
/** What may be taken along, and how a project is brought in. */
export const exports = exportVerbs(dataset);
export const finish = finishImport("memory.embed");

export const registry: readonly Verb[] = [
  ...identity,
  ...shared,
  ...sweepVerbs([auditSweep, memorySweep, outboundSweep, fieldSweep], { schedules, housekeeping }),
  runVerb((name) => verbFor("job", name)),
  ...Object.values(retention),
  ...Object.values(erasures),
  ...Object.values(exports),
  finish,
  ...people,
  ...memory,
  ...outbound,
  ...inbox,
  ...vault,
  ...field,
  ...assistant,
  ...crm,
  ...world,
  ...insight,
] as unknown as Verb[];

/** A verb by name that may be called through this door. */
export const verbFor = (door: string, name: string): Verb | undefined =>
  registry.find((verb) => verb.name === name && verb.doors.some((open) => open === door));
