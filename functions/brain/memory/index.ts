/** Memory's public door: its verbs, and what others may use of it. */
import type { Verb } from "../kernel/verb.ts";
import { listFailedPassages } from "./passages.ts";

export { listFailedPassages, Passage, type PassageRow, passageColumns, passageFrom, passageView } from "./passages.ts";

export const verbs = [listFailedPassages] as unknown as Verb[];
