/** What a question to the planner is about, by its words, and what of the plan answers it. */
import { isIdle, stem, tokens } from "../memory/index.ts";
import { planOf } from "./planning.ts";
import { planRule, type Scored, type State } from "./score.ts";
import { addDays } from "./understand/days.ts";

/** What the plan answers. */
const planned = ["due", "today", "next", "waiting"] as const;
/** What a list of one's own things answers. */
const listed = ["goals", "problems", "done"] as const;
export type Planned = (typeof planned)[number];
export type Subject = Planned | (typeof listed)[number];
/** `search`: found by words. `known`: chosen by a model among what it was shown. */
export const subjects = [...planned, ...listed, "search", "known"] as const;

export const isPlanned = (subject: Subject): subject is Planned => planned.some((one) => one === subject);

/** Whatever is due within these days, or overdue, is due. */
const dueDays = 7;

const says = (...phrases: string[]): RegExp => new RegExp(`(?<!\\p{L})(?:${phrases.join("|")})(?!\\p{L})`, "iu");

const ended = "(?:done|finished|completed|achieved|accomplished)";

const words: [Subject, RegExp][] = [
  [
    "done",
    says(
      `(?:have (?:i|we)|(?:i|we) have|i've|we've) (?:\\w+ )?${ended}`,
      "did (?:i|we) .*(?:do|done|finish|complete|achieve|accomplish|manage)",
      `(?:is|was|been) ${ended}|done (?:this week|so far|lately)`,
      "(?:nåede|klarede|færdiggjorde) (?:jeg|vi)|har (?:jeg|vi) (?:\\p{L}+ )?(?:nået|gjort|lavet|klaret)",
      "(?:er|blev) (?:gjort|klaret|færdige?)",
    ),
  ],
  ["goals", says("goals?|aiming for|aims", "mål(?:et|ene)?")],
  ["problems", says("problems?|obstacles?|troubles?", "problem(?:et|er|erne)?|forhindringer(?:ne)?")],
  ["waiting", /\b(?:waiting|blocked|blocking|stuck)\b|(?<!\p{L})(?:venter|blokere[tr]?|hænger fast)(?!\p{L})/iu],
  [
    "due",
    /\b(?:due|overdue|deadlines?|late|this week)\b|(?<!\p{L})(?:forfalder|forfaldne?|frister?|denne uge|overskredet)(?!\p{L})/iu,
  ],
  ["next", /\b(?:next|after that|afterwards|later)\b|(?<!\p{L})(?:bagefter|derefter|næste?|senere)(?!\p{L})/iu],
  [
    "today",
    /\b(?:today|now|first|plan|to do|on my list|should i)\b|(?<!\p{L})(?:i dag|nu|først|planen?|på listen|skal jeg|bør jeg)(?!\p{L})/iu,
  ],
];

const byDate = (a: Scored, b: Scored): number => ((a.task.due_date ?? "") < (b.task.due_date ?? "") ? -1 : 1);

/** "What about the fence?": one of its words is enough; any other question must be found with all of them. */
const looking = says(
  "what about|find|search|look up|(?:anything|something|notes?) (?:on|about|for|with)",
  "hvad med|søg|(?:noget|noter?) (?:om|til|på|med)",
);
const beside = new Set(
  "about anything something find search look note notes task tasks have got hvad noget søg noter note opgave opgaver".split(
    " ",
  ),
);

const isTelling = (word: string): boolean => !isIdle(word) && !beside.has(word.toLowerCase());
const named = (text: string): Subject | null => words.find(([, asks]) => asks.test(text))?.[0] ?? null;

/** "What about the first floor?" looks for something, and is not about today. */
const isSearch = (text: string): boolean =>
  looking.test(text) && tokens(text).some((word) => isTelling(word) && named(word) === null);

/** Null when no rule knows what is asked, or something is looked for. */
export const subjectOf = (text: string): Subject | null => (isSearch(text) ? null : named(text));

export type Wanted = { stems: string[]; least: number };

/** What to look for among one's own things; nothing in a question of idle words. */
export function wantedIn(text: string): Wanted {
  const stems = [...new Set(tokens(text).filter(isTelling).map(stem))].filter((found) => found.length > 1).slice(0, 12);
  return { stems, least: looking.test(text) ? 1 : stems.length };
}

export function ofPlan(state: State, subject: Planned): Scored[] {
  const { today, next, waiting, ready } = planOf(state);
  if (subject === "today") return today;
  if (subject === "next") return next;
  if (subject === "waiting") return waiting.slice(0, planRule.waiting);
  const until = addDays(state.today, dueDays);
  const due = [...ready, ...waiting].filter(({ task }) => task.due_date !== null && task.due_date <= until);
  const days = [...new Set(due.sort(byDate).map(({ task }) => task.due_date))];
  // Within a day in the plan's order.
  return days
    .flatMap((day) => [...ready, ...waiting].filter(({ task }) => task.due_date === day))
    .slice(0, planRule.waiting);
}
