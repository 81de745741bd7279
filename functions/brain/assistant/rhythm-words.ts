/** What a member is told by his planner, in English and Danish: his plan, what falls due, his week. Null where there is nothing to say. */
import { planOf } from "./planning.ts";
import type { ReviewItem, ReviewPart, ReviewState } from "./review.ts";
import { type Reason, reasons, type Scored, type State } from "./score.ts";
import { addDays, weekOf } from "./understand/days.ts";

/** `numbered`: tasks in the order of their numbers, which "the first one" means from then on. */
export type Words = { subject: string; text: string; numbered?: string[] };
type Language = "en" | "da";

/** Six titles and their reasons have to fit into one Telegram message of 4096 characters. */
const longestTitle = 120;
/** Titles of one part of the review. */
const most = 3;

const clip = (title: string): string => (title.length > longestTitle ? `${title.slice(0, longestTitle - 1)}…` : title);

const dayIn = (day: string, language: Language): string =>
  new Intl.DateTimeFormat(language === "da" ? "da-DK" : "en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  }).format(new Date(`${day}T00:00:00Z`));

const texts = {
  en: {
    plan: (n: number) => `Today: ${n === 1 ? "one thing" : `${n} things`}`,
    more: (n: number) => `${n} more are ready.`,
    waits: (n: number) => `${n} more ${n === 1 ? "waits" : "wait"} for something else.`,
    reminder: "Due soon",
    today: "Due today",
    tomorrow: "Due tomorrow",
    overdue: (day: string) => `was due ${day}`,
    due: (day: string) => `due ${day}`,
    reasons: {
      high_impact: "matters much",
      goal_alignment: "for a goal",
      dependency_ready: "nothing holds it up any more",
      stale: "untouched for two weeks",
      quick_win: "sets something else free",
    },
    review: (week: number) => `Your week ${week}`,
    parts: {
      done: "Done",
      slipped: "Slipped",
      stale: "Untouched for two weeks",
      still_goals: "Goals that did not move",
      open_problems: "Problems that no task addresses",
      questions: "Questions that wait for your answer",
      next_week: "Due next week",
    },
  },
  da: {
    plan: (n: number) => `I dag: ${n === 1 ? "én ting" : `${n} ting`}`,
    more: (n: number) => `${n} mere er klar.`,
    waits: (n: number) => `${n} mere venter på noget andet.`,
    reminder: "Forfalder snart",
    today: "Forfalder i dag",
    tomorrow: "Forfalder i morgen",
    overdue: (day: string) => `skulle være gjort ${day}`,
    due: (day: string) => `senest ${day}`,
    reasons: {
      high_impact: "betyder meget",
      goal_alignment: "til et mål",
      dependency_ready: "intet holder den tilbage længere",
      stale: "urørt i to uger",
      quick_win: "sætter noget andet fri",
    },
    review: (week: number) => `Din uge ${week}`,
    parts: {
      done: "Gjort",
      slipped: "Ikke nået",
      stale: "Urørt i to uger",
      still_goals: "Mål der ikke flyttede sig",
      open_problems: "Problemer uden en opgave",
      questions: "Spørgsmål der venter på dit svar",
      next_week: "Forfalder i næste uge",
    },
  },
} as const;

function whyIn(item: Scored, state: State, language: Language): string {
  const say = texts[language];
  const due = item.task.due_date;
  const goal = item.goals[0];
  const words = (reason: Reason): string[] => {
    if (reason === "overdue" || reason === "due_soon") return [];
    if (reason === "goal_alignment" && goal) return [`${say.reasons.goal_alignment}: ${clip(goal.title)}`];
    return [say.reasons[reason]];
  };
  const when = due === null ? [] : [(due < state.today ? say.overdue : say.due)(dayIn(due, language))];
  const all = [...when, ...reasons.filter((reason) => item.reasons.includes(reason)).flatMap(words)];
  return all.length > 0 ? ` (${all.join("; ")})` : "";
}

export function planWords(state: State, language: Language): Words | null {
  const { today, ready, waiting } = planOf(state);
  if (today.length === 0) return null;
  const say = texts[language];
  const lines = today.map((item, i) => `${i + 1}. ${clip(item.task.title)}${whyIn(item, state, language)}`);
  const rest = ready.length - today.length;
  const after = [...(rest > 0 ? [say.more(rest)] : []), ...(waiting.length > 0 ? [say.waits(waiting.length)] : [])];
  const subject = say.plan(today.length);
  return {
    subject,
    text: [`${subject}\n`, ...lines, ...(after.length > 0 ? [`\n${after.join(" ")}`] : [])].join("\n"),
    numbered: today.map((item) => item.task.id),
  };
}

/** What is due on the day and the next one and not done: not what was due before, which the plan says each morning. */
export function reminderWords(state: State, language: Language): Words | null {
  const say = texts[language];
  const { ready, waiting } = planOf(state);
  const parts = ([say.today, say.tomorrow] as const).flatMap((head, ahead) => {
    const day = addDays(state.today, ahead);
    const due = [...ready, ...waiting].filter(({ task }) => task.due_date === day).map(({ task }) => task);
    return due.length > 0 ? [listed(head, { items: due, count: due.length }, 10)] : [];
  });
  return parts.length > 0 ? { subject: say.reminder, text: parts.join("\n\n") } : null;
}

const listed = (head: string, { items, count }: { items: Pick<ReviewItem, "title">[]; count: number }, shown: number) =>
  [
    `${head} (${count}):`,
    ...items.slice(0, shown).map(({ title }) => `- ${clip(title)}`),
    ...(count > shown ? [`- + ${count - shown}`] : []),
  ].join("\n");

export function reviewWords(state: ReviewState, language: Language): Words | null {
  const say = texts[language];
  const parts = (Object.keys(say.parts) as ReviewPart[]).flatMap((part) => {
    const count = state.counts[part] ?? 0;
    return count > 0 ? [listed(say.parts[part], { items: state[part] ?? [], count }, most)] : [];
  });
  if (parts.length === 0) return null;
  const subject = say.review(Number(weekOf(state.from).slice(-2)));
  return { subject, text: [subject, ...parts].join("\n\n") };
}
