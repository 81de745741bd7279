/** Memory's public door. */
import type { Verb } from "../kernel/verb.ts";

export const verbs: Verb[] = [];
