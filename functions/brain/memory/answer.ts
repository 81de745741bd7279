/** The answerer that needs no model: picks the sentences that answer a question, or says that there is none. */
import { asked as askedOf } from "./asked.ts";
import { type Candidate, candidates } from "./candidates.ts";
import type { Sentence } from "./citations.ts";
import type { Evidence } from "./recall.ts";

export const answerRules = {
  /** What is asked about must be met at least so well, and the rest of the question too. */
  leastFocus: 0.6,
  leastSubject: 0.45,
  leastScore: 0.5,
  /** Others are as good an answer from this share of the best score on. */
  asGood: 0.85,
  most: 3,
} as const;

/** Two sentences with this share of common words say the same. */
const sameWords = 0.6;

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((word) => b.has(word)).length;
  return common / Math.max(1, Math.min(a.size, b.size));
}

const newestFirst = (a: Candidate, b: Candidate) =>
  a.occurredAt === b.occurredAt ? b.score - a.score : a.occurredAt < b.occurredAt ? 1 : -1;

/** Empty when the evidence does not answer. */
export function answer(question: string, evidence: Evidence): Sentence[] {
  const asked = askedOf(question, evidence.words);
  if (asked.terms.length === 0) return [];
  const found = candidates(asked, evidence)
    .filter(
      ({ focus, subject, score }) =>
        focus >= answerRules.leastFocus && subject >= answerRules.leastSubject && score >= answerRules.leastScore,
    )
    .sort((a, b) => b.score - a.score || newestFirst(a, b));
  const [best] = found;
  if (!best) return [];
  const good = found.filter(({ score }) => score >= answerRules.asGood * best.score);
  // A date, a price, an amount: what was said last in the same conversation counts.
  const chosen =
    asked.kind === "none"
      ? pick(good)
      : pick(good.filter((c) => c.conversation === best.conversation).sort(newestFirst)).slice(0, 1);
  return chosen.map(({ text, quotes }) => ({ text, quotes }));
}

function pick(good: Candidate[]): Candidate[] {
  const chosen: Candidate[] = [];
  for (const candidate of good) {
    if (chosen.length === answerRules.most) break;
    if (chosen[0] && candidate.own < 0.8 * chosen[0].own) continue;
    if (chosen.every((other) => overlap(other.stems, candidate.stems) < sameWords)) chosen.push(candidate);
  }
  return chosen;
}
