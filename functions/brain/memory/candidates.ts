/** Sentences that might answer, with how much of the question they and their surroundings cover. */
import { type Asked, kindPattern, type Term } from "./asked.ts";
import type { Evidence, Passage, Turn } from "./recall.ts";
import { isQuestion, sentences } from "./sentences.ts";
import { isKin, stems } from "./stem.ts";
import { isSynonym } from "./synonyms.ts";

export type Source = Turn & { evidence_id: string; evidence_version: number };

/** A verbatim piece of one passage. */
export type Quote = { source: Source; quote: string };

export type Candidate = {
  text: string;
  quotes: [Quote, ...Quote[]];
  stems: Set<string>;
  /** Share of the question's weight found in the sentence itself, and with what stands around it. */
  own: number;
  coverage: number;
  score: number;
  occurredAt: string;
  conversation: string | null;
};

/** How much a word counts that is not in the sentence but near it. */
const near = { message: 0.85, before: 0.75, after: 0.5, conversation: 0.45 } as const;
/** A turn with fewer telling words than this leans on the turn before it. */
const shortTurn = 4;

type Context = {
  asked: Asked;
  turns: Map<string, Source>;
  spoken: Map<string, Set<string>>;
  names: Map<string, Set<string>>;
};

const isCitable = <T extends Turn>(turn: T): turn is T & Source =>
  turn.evidence_id !== null && turn.evidence_version !== null;

const place = (conversation: string | null, seq: number | null) => `${conversation}#${seq}`;

/** A word of the same meaning counts a little less than the word itself. */
const synonym = 0.8;

function strength(words: ReadonlySet<string>, term: Term): number {
  if (words.has(term.stem)) return 1;
  if (term.exact) return 0;
  let best = 0;
  for (const word of words) {
    if (isKin(word, term.stem)) return 1;
    if (isSynonym(word, term.stem)) best = synonym;
  }
  return best;
}

function contextOf(asked: Asked, { passages, around }: Evidence): Context {
  const turns = new Map<string, Source>();
  const spoken = new Map<string, Set<string>>();
  const names = new Map<string, Set<string>>();
  for (const turn of [...passages, ...around].filter(isCitable)) {
    if (turn.conversation === null) continue;
    turns.set(place(turn.conversation, turn.seq), turn);
    const words = spoken.get(turn.conversation) ?? new Set<string>();
    for (const word of stems(turn.text)) words.add(word);
    spoken.set(turn.conversation, words);
  }
  for (const { contact, contact_name } of passages)
    if (contact && contact_name) names.set(contact, stems(contact_name));
  return { asked, turns, spoken, names };
}

type Spot = { source: Source; sentence: Set<string>; message: Set<string> };

const none: ReadonlySet<string> = new Set();

/** How well one word of the question is met at a place: 1 in the sentence, less the farther away. */
function met(term: Term, { source, sentence, message }: Spot, context: Context): number {
  const here = strength(sentence, term);
  if (here === 1) return 1;
  const { contact, conversation, seq } = source;
  const spoken = strength((conversation === null ? undefined : context.spoken.get(conversation)) ?? none, term);
  // Whose matter it is was said once, perhaps long ago, or stands in the contact's name.
  if (term.name)
    return Math.max(strength((contact === null ? undefined : context.names.get(contact)) ?? none, term), spoken);
  const turn = (step: number) =>
    conversation === null || seq === null
      ? none
      : stems(context.turns.get(place(conversation, seq + step))?.text ?? "");
  return Math.max(
    here,
    near.message * strength(message, term),
    near.before * strength(turn(-1), term),
    near.after * strength(turn(1), term),
    near.conversation * spoken,
  );
}

function judge(spot: Spot, quotes: [Quote, ...Quote[]], context: Context): Candidate | undefined {
  const { terms, kind } = context.asked;
  const share = (of: Term[], value: (term: Term) => number) => {
    const total = of.reduce((sum, term) => sum + term.weight, 0);
    return total === 0 ? 0 : of.reduce((sum, term) => sum + term.weight * value(term), 0) / total;
  };
  if (terms.some((term) => term.exact && met(term, spot, context) < near.before)) return undefined;
  const matter = terms.filter((term) => !term.name);
  const own = share(matter.length > 0 ? matter : terms, (term) => strength(spot.sentence, term));
  if (own === 0) return undefined;
  const text = quotes.map(({ quote }) => quote).join(" — ");
  const coverage = share(terms, (term) => met(term, spot, context));
  const fits = kind === "none" || kindPattern[kind].test(text) ? 1 : 0.4;
  const asks = quotes.every(({ quote }) => isQuestion(quote)) ? 0.4 : 1;
  return {
    text,
    quotes,
    stems: spot.sentence,
    own,
    coverage,
    score: (0.65 * coverage + 0.35 * own) * fits * asks,
    occurredAt: spot.source.occurred_at,
    conversation: spot.source.conversation,
  };
}

/** The turn before a short one, when it asks something: together they say what neither says alone. */
function questionBefore(source: Source, context: Context): Quote | undefined {
  if (source.conversation === null || source.seq === null || stems(source.text).size > shortTurn * 2) return undefined;
  const before = context.turns.get(place(source.conversation, source.seq - 1));
  const question = before && sentences(before.text).findLast(isQuestion);
  return before && question ? { source: before, quote: question } : undefined;
}

export function candidates(asked: Asked, evidence: Evidence): Candidate[] {
  const context = contextOf(asked, evidence);
  const sources: Source[] = [...evidence.passages, ...evidence.around].filter(isCitable);
  return sources.flatMap((source) => {
    const message = stems(source.text);
    const single = sentences(source.text).map((quote) =>
      judge({ source, sentence: stems(quote), message }, [{ source, quote }], context),
    );
    const question = questionBefore(source, context);
    const pair = question && {
      spot: { source, sentence: stems(`${question.quote} ${source.text}`), message },
      quotes: [question, { source, quote: source.text }] as [Quote, Quote],
    };
    const judged = pair ? [...single, judge(pair.spot, pair.quotes, context)] : single;
    return judged.filter((candidate) => candidate !== undefined);
  });
}

export type { Passage };
