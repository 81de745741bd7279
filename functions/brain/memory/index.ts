/** Memory: what can be recalled, and who may recall it. */
import type { Verb } from "../kernel/verb.ts";
import { search } from "./search.ts";

export { search };

export const verbs = [search] as unknown as Verb[];
