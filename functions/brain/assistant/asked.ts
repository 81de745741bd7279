/** What a question to the planner is about, by its words, and what of the plan answers it. */
import { planOf } from "./planning.ts";
import { planRule, type Scored, type State } from "./score.ts";
import { addDays } from "./understand/days.ts";

export const subjects = ["due", "today", "next", "waiting"] as const;
export type Subject = (typeof subjects)[number];

/** Whatever is due within these days, or overdue, is due. */
const dueDays = 7;

const words: [Subject, RegExp][] = [
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

/** Null when no rule knows what is asked. */
export const subjectOf = (text: string): Subject | null => words.find(([, says]) => says.test(text))?.[0] ?? null;

const byDate = (a: Scored, b: Scored): number => ((a.task.due_date ?? "") < (b.task.due_date ?? "") ? -1 : 1);

export function listed(state: State, subject: Subject): Scored[] {
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
