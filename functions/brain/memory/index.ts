/** Memory's public door: its verbs, and what others may use of it. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { getAnswer, listAnswers } from "./answers.ts";
import { ask } from "./ask.ts";
import { createCanary, listCanaries, listCanaryRuns, updateCanary } from "./canaries.ts";
import { runCanaries } from "./canary-run.ts";
import { embed } from "./embed.ts";
import { retry, status } from "./embedding-status.ts";
import { getEntry, listEntries, listEntryVersions } from "./entries.ts";
import { createEntry, importEntry, updateEntry } from "./entry-drafts.ts";
import { deprecateEntry, dismissEntry, publishEntry, returnEntry, reviseEntry, submitEntry } from "./entry-moves.ts";
import { getEvidence, searchEvidence } from "./evidence.ts";
import { listFailedPassages } from "./passages.ts";
import { renew } from "./renew.ts";
import { proposeEntries } from "./repeated-questions.ts";
import { search } from "./search.ts";

export { getAnswer, listAnswers } from "./answers.ts";
export { ask } from "./ask.ts";
export { isIdle } from "./asked.ts";
export { type Audience, allowedAudience, audienceText } from "./audience.ts";
export { createCanary, listCanaries, listCanaryRuns, updateCanary } from "./canaries.ts";
export { runCanaries } from "./canary-run.ts";
export { chunk } from "./chunk.ts";
export { type EmbeddingStatus, retry, status } from "./embedding-status.ts";
export { getEntry, listEntries, listEntryVersions } from "./entries.ts";
export { type EntryState, entryReaders, entryStates, entryTypes } from "./entry.ts";
export { createEntry, importEntry, updateEntry } from "./entry-drafts.ts";
export {
  deprecateEntry,
  dismissEntry,
  publishEntry,
  returnEntry,
  reviseEntry,
  submitEntry,
} from "./entry-moves.ts";
export { erased } from "./erased.ts";
export { getEvidence, searchEvidence } from "./evidence.ts";
export { answerFrom, type FactSource } from "./facts.ts";
export { type Language, languageOf } from "./language.ts";
export { listFailedPassages, Passage, type PassageRow, passageColumns, passageFrom, passageView } from "./passages.ts";
export { withPlaceholders } from "./placeholders.ts";
export { meant, questionText } from "./question.ts";
export { type Passage as RecalledPassage, recallOf } from "./recall.ts";
export { type Reply, replyFrom } from "./reply.ts";
export { citedByAnswer, retained } from "./retained.ts";
export { Hit, hitOf, search } from "./search.ts";
export { sentences } from "./sentences.ts";
export { stem, tokens } from "./stem.ts";
export { isSupported } from "./support.ts";
export { sweep } from "./sweep.ts";

export const schedules: readonly Schedule[] = [
  { kind: "memory.renew", cron: "50 4 * * *", missed: "once" },
  { kind: "memory.canaries.run", cron: "20 3 * * *", missed: "once" },
  { kind: "memory.knowledge.propose", cron: "40 3 * * *", missed: "once" },
];

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
  listEntries,
  getEntry,
  listEntryVersions,
  createEntry,
  updateEntry,
  importEntry,
  submitEntry,
  returnEntry,
  publishEntry,
  reviseEntry,
  deprecateEntry,
  dismissEntry,
  proposeEntries,
  createCanary,
  updateCanary,
  listCanaries,
  listCanaryRuns,
  runCanaries,
] as unknown as Verb[];
