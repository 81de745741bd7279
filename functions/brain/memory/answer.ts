/** The answerer that needs no model: picks the sentences that answer a question, or says that there is none. */
import { asked as askedOf, type Kind, kindPattern } from "./asked.ts";
import { type Candidate, candidates, type Known, known } from "./candidates.ts";
import type { Sentence } from "./citations.ts";
import { foremost, quotesOf, saying, type Told } from "./facts.ts";
import { languageOf } from "./language.ts";
import type { Evidence } from "./recall.ts";

export const answerRules = {
  /** What is asked about must be met at least so well, and the rest of the question too. */
  leastFocus: 0.55,
  leastSubject: 0.6,
  leastScore: 0.65,
  /** Others are as good an answer from this share of the best score on. */
  asGood: 0.85,
  most: 3,
};

/** Two sentences with this share of common words say the same. */
const sameWords = 0.6;

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((word) => b.has(word)).length;
  return common / Math.max(1, Math.min(a.size, b.size));
}

const newestFirst = (a: Candidate, b: Candidate) =>
  a.occurredAt === b.occurredAt ? b.score - a.score : a.occurredAt < b.occurredAt ? 1 : -1;

const isGood = ({ focus, subject, score }: Candidate): boolean =>
  focus >= answerRules.leastFocus && subject >= answerRules.leastSubject && score >= answerRules.leastScore;

/** Empty when the evidence does not answer. What is known comes before what was only said. */
export function answer(question: string, evidence: Evidence): Sentence[] {
  const asked = askedOf(question, evidence.words);
  if (asked.terms.length === 0) return [];
  const facts = known(asked, evidence).filter(({ candidate }) => isGood(candidate));
  const all = candidates(asked, evidence);
  const found = all.filter(isGood).sort((a, b) => b.score - a.score || newestFirst(a, b));
  const best = Math.max(...[...facts.map(({ candidate }) => candidate), ...found].map(({ score }) => score));
  const good = ({ score }: Candidate) => score >= answerRules.asGood * best;
  const groups = foremostOf(
    facts.filter(({ candidate }) => good(candidate)),
    evidence.facts,
  );
  const language = languageOf(question);
  const told = groups.map((group) => ({ text: saying(group, language), quotes: group.flatMap(quotesOf) }));
  const said = found.filter((candidate) => good(candidate) && !isKnown(candidate, groups.flat()));
  return [...told, ...passagesOf(asked.kind, said, all).map(shown)].slice(0, answerRules.most);
}

/** Attribute by attribute, best first. */
function foremostOf(good: Known[], all: readonly Told[]): Told[][] {
  const groups = new Map<string, Told[]>();
  for (const { told } of good.sort((a, b) => b.candidate.score - a.candidate.score)) {
    const name = `${told.subject} ${told.attribute}`;
    if (!groups.has(name)) groups.set(name, foremost(told, all));
  }
  return [...groups.values()].slice(0, answerRules.most);
}

/** What a fact was read from says nothing besides; of a price or a time, what was said before it was written down is over. */
const isKnown = ({ text, quotes, occurredAt }: Candidate, told: readonly Told[]): boolean =>
  told.some(
    (fact) =>
      quotes.some(({ source }) => source.evidence_id === fact.ground?.evidence_id) ||
      (Date.parse(occurredAt) <= Date.parse(fact.occurred_at) &&
        [...dated].some((kind) => kindPattern[kind].test(text) && kindPattern[kind].test(fact.text))),
  );

function passagesOf(kind: Kind, good: Candidate[], all: Candidate[]): Candidate[] {
  const [best] = good;
  if (!best) return [];
  if (kind === "none") return pick(good);
  if (!dated.has(kind)) return [best];
  // A date, a price: what was said last in the same conversation counts.
  const [newest = best] = good.filter((c) => c.conversation === best.conversation).sort(newestFirst);
  return [overtaking(newest, all) ?? newest];
}

/** Kinds of which the same matter has one after another. */
const dated: ReadonlySet<Kind> = new Set<Kind>(["money", "time"]);

const shown = ({ text, quotes }: Candidate): Sentence => ({ text, quotes });

/** So a firm takes back what it said. */
const changes =
  /(?<!\p{L})(?:now|instead|new (?:price|offer|time|date|appointment)|moved?|changed|correct(?:ed|ion)|delayed|postponed|rescheduled|updated|no longer|nu|i stedet|(?:ny|nyt|nye|rigtige) (?:pris|tilbud|tid|dato)|rettet|rettelse|ændret|flytte[rt]?|rykke[rt]?|udskudt|forsinket|alligevel|ikke længere)(?!\p{L})/iu;
/** Turns within which a change needs no other word of the question. */
const soon = 8;

/** The last word on the same matter, said soon after in the same conversation as a change. */
function overtaking(said: Candidate, all: Candidate[]): Candidate | undefined {
  const { conversation, seq } = said;
  if (conversation === null || seq === null) return undefined;
  return all
    .filter(
      (c) => c.conversation === conversation && c.fits && c.subject >= answerRules.leastSubject && changes.test(c.text),
    )
    .filter((c) => c.seq !== null && c.seq > seq && c.seq <= seq + soon)
    .sort(newestFirst)[0];
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
