/** How the console says what an entry of knowledge is, and what was wrong with a canary's answer. */
import type { EntryFull } from "./shapes.ts";
import type { Shape, Tone } from "./signs.tsx";

export const knowledgeHome = "/console/knowledge";
export const entryPath = (id: string): string => `${knowledgeHome}/${id}`;
export const canaryHome = "/console/canaries";
export const canaryPath = (id: string): string => `${canaryHome}/${id}`;

export const entryStates: Record<EntryFull["status"], { tone: Tone; shape: Shape; word: string }> = {
  draft: { tone: "plain", shape: "ring", word: "Draft" },
  review: { tone: "wait", shape: "clock", word: "Under review" },
  live: { tone: "good", shape: "done", word: "Live" },
  deprecated: { tone: "plain", shape: "file", word: "Out of use" },
};

export const typeWords: Record<EntryFull["type"], string> = {
  faq: "Question and answer",
  howto: "How to",
  diag: "Fault and remedy",
  part: "Part",
  note: "Note",
};

export const originWords: Record<EntryFull["origin"], string> = {
  people: "Written by people",
  job: "Drafted from a closed job",
  questions: "Drafted from a repeated question",
  import: "Imported",
};

export const failureWords: Record<string, string> = {
  not_answered: "It was not answered.",
  answered: "It was answered, and should not be.",
  source_not_recalled: "The source was not found.",
  source_not_cited: "The source was found, but not cited.",
  words_missing: "Words are missing from the answer.",
  words_forbidden: "Words stood there that must not.",
  reader_unknown: "The reader is nobody any more.",
};

/** Who did something, as far as a page can say: people of the house are not looked up for it. */
export const doer = (actor: string): string =>
  actor.startsWith("user:") ? "a member" : actor.startsWith("key:") ? "an API key" : "Omneuro";
