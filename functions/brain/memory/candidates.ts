/** Sentences that might answer, with how much of the question they and their surroundings cover. */
import { type Asked, isIdle, type Kind, kindPattern, type Term } from "./asked.ts";
import { factSource, type Told } from "./facts.ts";
import type { Evidence, Turn } from "./recall.ts";
import { isQuestion, sentences } from "./sentences.ts";
import { isKin, stem, stems, tokens } from "./stem.ts";
import { isSynonym } from "./synonyms.ts";

export type Source = Turn & { evidence_id: string; evidence_version: number };

/** A verbatim piece of one passage. */
export type Quote = { source: Source; quote: string };

export type Candidate = {
  text: string;
  quotes: [Quote, ...Quote[]];
  stems: Set<string>;
  /** Share of the question's words in the sentence itself. */
  own: number;
  /** How well what is asked about is met, and whose or which it is, with what stands around the sentence. */
  focus: number;
  subject: number;
  score: number;
  occurredAt: string;
  conversation: string | null;
  seq: number | null;
  /** A statement of the kind that is asked for. */
  fits: boolean;
};

/** How much a word counts that is not in the sentence but near it; turns before by distance. */
const near = { message: 0.85, before: [0.8, 0.7, 0.55, 0.4], after: 0.5, conversation: 0.3, short: 0.65 } as const;
/** Up to so many turns a conversation is about one thing. */
const shortTalk = 12;
/** For what is asked about, a statement before is no more than a hint. */
const hinted = 0.5;
/** A question is taken up by the turn after it: then its words are the answer's. */
const asksFor = 0.95;
/** A turn with fewer telling words than this leans on the turn before it. */
const shortTurn = 8;

type Heard = { source: Source; words: ReadonlySet<string>; asks: boolean };

type Context = {
  asked: Asked;
  turns: Map<string, Heard>;
  spoken: Map<string, { words: Set<string>; turns: number }>;
  names: Map<string, Set<string>>;
  /** Recall's own opinion of a passage, 0 to 1. */
  recalled: Map<string, number>;
};

export const isCitable = <T extends Turn>(turn: T): turn is T & Source =>
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

function contextOf(asked: Asked, { passages, around, facts }: Evidence): Context {
  const turns = new Map<string, Heard>();
  const spoken: Context["spoken"] = new Map();
  const names = new Map<string, Set<string>>();
  for (const turn of [...passages, ...around].filter(isCitable)) {
    if (turn.conversation === null) continue;
    const said = stems(turn.text);
    turns.set(place(turn.conversation, turn.seq), {
      source: turn,
      words: said,
      asks: sentences(turn.text).some(isQuestion),
    });
    const talk = spoken.get(turn.conversation) ?? { words: new Set<string>(), turns: 0 };
    for (const word of said) talk.words.add(word);
    spoken.set(turn.conversation, { words: talk.words, turns: talk.turns + 1 });
  }
  for (const { contact, contact_name } of passages)
    if (contact && contact_name) names.set(contact, stems(contact_name));
  const recalled = new Map(passages.map(({ id, score }) => [id, score]));
  for (const { fact } of facts) recalled.set(fact, 1);
  return { asked, turns, spoken, names, recalled };
}

type Spot = { source: Source; sentence: Set<string>; message: Set<string> };

const none: ReadonlySet<string> = new Set();

/** How well one word of the question is met at a place: 1 in the sentence, less the farther away. */
function met(term: Term, { source, sentence, message }: Spot, context: Context): number {
  const here = Math.max(strength(sentence, term), near.message * strength(message, term));
  const { contact, conversation, seq } = source;
  if (here === 1 || conversation === null || seq === null) return here;
  const turn = (step: number) => context.turns.get(place(conversation, seq + step));
  const before = near.before.map((weight, i) => weight * strength(turn(-1 - i)?.words ?? none, term));
  const asked = turn(-1)?.asks ? asksFor * strength(turn(-1)?.words ?? none, term) : 0;
  // What is asked about must stand here; whose it is may have been said long ago, or be the contact's name.
  if (term.role === "focus") return Math.max(here, asked, hinted * strength(turn(-1)?.words ?? none, term));
  const name = strength((contact === null ? undefined : context.names.get(contact)) ?? none, term);
  const after = near.after * strength(turn(1)?.words ?? none, term);
  const talk = context.spoken.get(conversation);
  const share = (talk?.turns ?? 0) <= shortTalk ? near.short : near.conversation;
  const spoken = share * strength(talk?.words ?? none, term);
  return Math.max(here, asked, name, ...before, after, spoken);
}

/** Share of the weight of some terms, 1 when there are none. */
function share(terms: Term[], value: (term: Term) => number): number {
  const total = terms.reduce((sum, term) => sum + term.weight, 0);
  return total === 0 ? 1 : terms.reduce((sum, term) => sum + term.weight * value(term), 0) / total;
}

/** Something must be said that the question did not say itself. */
function tells(quotes: Quote[], terms: Term[]): boolean {
  const words = tokens(quotes.at(-1)?.quote ?? "").filter((word) => !isIdle(word));
  return words.map(stem).some((word) => !terms.some((term) => isKin(word, term.stem)));
}

/** The last piece answers; a bare yes answers with the question's own words, and a meaning is explained in one sentence. */
function isOfKind(kind: Kind, pieces: string[]): boolean {
  const last = pieces.at(-1) ?? "";
  if (kind === "meaning" && pieces.length > 1) return false;
  return kindPattern[kind].test(isBareYes(last) ? pieces.join(" ") : last);
}

function judge(spot: Spot, quotes: [Quote, ...Quote[]], context: Context): Candidate | undefined {
  const { terms, kind } = context.asked;
  const of = (term: Term) => met(term, spot, context);
  if (terms.some((term) => term.exact && of(term) < near.before[1])) return undefined;
  if (!context.asked.isYesNo && !tells(quotes, terms)) return undefined;
  const focus = share(
    terms.filter((term) => term.role === "focus"),
    of,
  );
  const subject = share(
    terms.filter((term) => term.role === "subject"),
    of,
  );
  const own = share(terms, (term) => strength(spot.sentence, term));
  // A sentence that shares no word with the question answers it only by being of the kind asked for.
  if (own === 0 && kind === "none") return undefined;
  const text = quotes.map(({ quote }) => quote).join(" — ");
  const fits = isOfKind(
    kind,
    quotes.map(({ quote }) => quote),
  )
    ? 1
    : 0.4;
  const asks = quotes.every(({ quote }) => isQuestion(quote)) ? 0.4 : 1;
  return {
    text,
    quotes,
    stems: spot.sentence,
    own,
    focus,
    subject,
    score:
      (0.45 * focus + 0.25 * subject + 0.15 * own + 0.15 * (context.recalled.get(spot.source.id) ?? 0)) * fits * asks,
    occurredAt: spot.source.occurred_at,
    conversation: spot.source.conversation,
    seq: spot.source.seq,
    fits: fits === 1 && asks === 1,
  };
}

const yes = /^(?:yes|yep|yeah|sure|ok|okay|fine|no|nope|ja|jo|jep|nej|fint|super)\b/i;
/** A reply that says nothing but yes or no: what it answers stands in the question. */
const isBareYes = (text: string): boolean => yes.test(text) && stems(text).size <= 5 && !/\d/.test(text);

/** The turn before a short one, when it asks something: together they say what neither says alone. */
function questionBefore(source: Source, context: Context): Quote | undefined {
  if (source.conversation === null || source.seq === null || stems(source.text).size > shortTurn) return undefined;
  const before = context.turns.get(place(source.conversation, source.seq - 1));
  const question = before && sentences(before.source.text).findLast(isQuestion);
  return before && question ? { source: before.source, quote: question } : undefined;
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

export type Known = { told: Told; candidate: Candidate };

/** Facts as sentences that might answer: each is one, with the words it rests on where the reader may see them. */
export function known(asked: Asked, evidence: Evidence): Known[] {
  const context = contextOf(asked, evidence);
  return evidence.facts.flatMap((told) => {
    const source = factSource(told);
    const sentence = stems(told.text);
    const candidate = judge({ source, sentence, message: sentence }, [{ source, quote: told.text }], context);
    return candidate ? [{ told, candidate }] : [];
  });
}
