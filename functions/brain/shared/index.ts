import type { Verb } from "../kernel/verb.ts";

export { type Sweep, sweepVerbs } from "./sweep.ts";

export const verbs: Verb[] = [];
