/** Memory's public door: its verbs, and what others may use of it. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { getAnswer, listAnswers } from "./answers.ts";
import { ask } from "./ask.ts";
import { embed } from "./embed.ts";
import { retry, status } from "./embedding-status.ts";
import { getEvidence, searchEvidence } from "./evidence.ts";
import { listFailedPassages } from "./passages.ts";
import { renew } from "./renew.ts";
import { search } from "./search.ts";

export { getAnswer, listAnswers } from "./answers.ts";
export { ask } from "./ask.ts";
export { type Audience, allowedAudience, audienceText } from "./audience.ts";
export { chunk } from "./chunk.ts";
export { type EmbeddingStatus, retry, status } from "./embedding-status.ts";
export { getEvidence, searchEvidence } from "./evidence.ts";
export { type Language, languageOf } from "./language.ts";
export { listFailedPassages, Passage, type PassageRow, passageColumns, passageFrom, passageView } from "./passages.ts";
export { withPlaceholders } from "./placeholders.ts";
export { meant, questionText } from "./question.ts";
export { type Passage as RecalledPassage, recallOf } from "./recall.ts";
export { type Reply, replyFrom } from "./reply.ts";
export { citedByAnswer, retained } from "./retained.ts";
export { Hit, hitOf, search } from "./search.ts";
export { sweep } from "./sweep.ts";

export const schedules: readonly Schedule[] = [{ kind: "memory.renew", cron: "50 4 * * *", missed: "once" }];

export const verbs = [
  embed,
  renew,
  status,
  retry,
  search,
  ask,
  listFailedPassages,
  listAnswers,
  getAnswer,
  searchEvidence,
  getEvidence,
] as unknown as Verb[];
