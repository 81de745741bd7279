/** Memory's public door: its verbs, and what others may use of it. */
import type { Verb } from "../kernel/verb.ts";
import { embed } from "./embed.ts";
import { retry, status } from "./embedding-status.ts";

export { type EmbeddingStatus, retry, status } from "./embedding-status.ts";
export { withPlaceholders } from "./placeholders.ts";
export { sweep } from "./sweep.ts";

export const verbs = [embed, status, retry] as unknown as Verb[];
