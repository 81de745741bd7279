/** Every verb there is; what is not listed here has no door. */
import { verbs as identity } from "./identity/index.ts";
import { verbs as inbox } from "./inbox/index.ts";
import type { Verb } from "./kernel/verb.ts";
import { verbs as memory, sweep as memorySweep } from "./memory/index.ts";
import { verbs as people } from "./people/index.ts";
import { anchorSweep, auditSweep, verbs as shared, sweepVerbs } from "./shared/index.ts";
import { verbs as vault } from "./vault/index.ts";

export const registry: readonly Verb[] = [
  ...identity,
  ...shared,
  ...sweepVerbs([auditSweep, anchorSweep, memorySweep]),
  ...people,
  ...memory,
  ...inbox,
  ...vault,
] as unknown as Verb[];

/** A verb by name that may be called through this door. */
export const verbFor = (door: string, name: string): Verb | undefined =>
  registry.find((verb) => verb.name === name && verb.doors.some((open) => open === door));
