/** Every verb there is; what is not listed here has no door. */
import {
  verbs as identity,
  housekeeping as identityHousekeeping,
  retained as identityRetained,
} from "./identity/index.ts";
import { verbs as inbox, housekeeping as inboxHousekeeping, retained as inboxRetained } from "./inbox/index.ts";
import type { Verb } from "./kernel/verb.ts";
import { verbs as memory, retained as memoryRetained, sweep as memorySweep } from "./memory/index.ts";
import { verbs as people } from "./people/index.ts";
import {
  anchorSweep,
  auditSweep,
  retentionVerbs,
  verbs as shared,
  retained as sharedRetained,
  sweepVerbs,
} from "./shared/index.ts";

const housekeeping = [identityHousekeeping, inboxHousekeeping];

/** In the order of a run: words before the answers that quote them, so that a run takes what its preview said. */
export const retention = retentionVerbs(
  [...inboxRetained, ...memoryRetained, ...identityRetained, ...sharedRetained],
  housekeeping,
);

export const registry: readonly Verb[] = [
  ...identity,
  ...shared,
  ...sweepVerbs([auditSweep, anchorSweep, memorySweep], housekeeping),
  ...Object.values(retention),
  ...people,
  ...memory,
  ...inbox,
] as unknown as Verb[];

/** A verb by name that may be called through this door. */
export const verbFor = (door: string, name: string): Verb | undefined =>
  registry.find((verb) => verb.name === name && verb.doors.some((open) => open === door));
