/** How the planner's pages say things: states, dates, reasons, links, questions, addresses. Pure. */
import type { CaptureRow, PlanItem, ThingKind } from "./shapes.ts";
import type { Shape, Tone } from "./signs.tsx";
import { counted, format } from "./words.ts";

type StateWord = { tone: Tone; shape: Shape; word: string };

/** By the state's name: tasks, goals and problems share some of them. */
export const thingStates: Record<string, StateWord> = {
  open: { tone: "busy", shape: "ring", word: "Open" },
  active: { tone: "busy", shape: "dot", word: "Active" },
  blocked: { tone: "wait", shape: "lock", word: "Blocked" },
  paused: { tone: "wait", shape: "half", word: "Paused" },
  monitoring: { tone: "wait", shape: "half", word: "Watched" },
  done: { tone: "good", shape: "done", word: "Done" },
  resolved: { tone: "good", shape: "done", word: "Solved" },
  archived: { tone: "plain", shape: "file", word: "Put away" },
};

/** On the button that moves it there. */
export const moves: Record<ThingKind, readonly (readonly [string, string])[]> = {
  task: [
    ["done", "Done"],
    ["open", "Open again"],
    ["blocked", "Blocked"],
    ["archived", "Put away"],
  ],
  goal: [
    ["done", "Reached"],
    ["active", "Active again"],
    ["paused", "Pause"],
    ["archived", "Put away"],
  ],
  problem: [
    ["resolved", "Solved"],
    ["active", "Active again"],
    ["monitoring", "Watch it"],
    ["archived", "Put away"],
  ],
};

export const kindWords: Record<ThingKind, string> = { task: "Task", goal: "Goal", problem: "Problem" };
export const linkWords = {
  supports_goal: "serves the goal",
  addresses_problem: "helps with",
  depends_on: "waits for",
  blocks: "holds up",
  related: "has to do with",
} as const;

export const listPath = (kind: ThingKind): string => (kind === "task" ? "/console/today" : `/console/${kind}s`);
export const thingPath = (kind: ThingKind, id: string): string => `/console/${kind}s/${encodeURIComponent(id)}`;

const day = 86_400_000;
const noon = (date: string): Date => new Date(`${date}T12:00:00Z`);

/** The date so many days on. */
export const daysOn = (date: string, days: number): string =>
  new Date(noon(date).getTime() + days * day).toISOString().slice(0, 10);

/** The Monday after `date`. */
export const nextMonday = (date: string): string => daysOn(date, (8 - noon(date).getUTCDay()) % 7 || 7);

/** The ISO week of a Monday: `2026-W47`. Its Thursday says the year. */
export function weekOf(monday: string): string {
  const thursday = daysOn(monday, 3);
  const days = (noon(thursday).getTime() - noon(`${thursday.slice(0, 4)}-01-01`).getTime()) / day;
  return `${thursday.slice(0, 4)}-W${String(1 + Math.floor(days / 7)).padStart(2, "0")}`;
}

/** `Today`, `Tomorrow`, `2 days late`, `Friday`, `12 Dec`, `12 Dec 2027`. */
export function dueWords(due: string, today: string): string {
  const days = Math.round((noon(due).getTime() - noon(today).getTime()) / day);
  if (days < 0) return `${counted(-days, "day")} late`;
  if (days < 2) return days === 0 ? "Today" : "Tomorrow";
  if (days < 7) return format(noon(due), "UTC", { weekday: "long" });
  const year = due.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: "numeric" } as const);
  return format(noon(due), "UTC", { day: "numeric", month: "short", ...year });
}

const said: Partial<Record<PlanItem["reasons"][number], string>> = {
  high_impact: "matters much",
  dependency_ready: "nothing holds it up any more",
  stale: "untouched for two weeks",
  quick_win: "another task waits only for this",
};

/** Dates, goals and what is urgent are said elsewhere on the line. */
export const reasonsOf = ({ reasons, priority }: PlanItem): string[] =>
  reasons.flatMap((reason) => (reason === "high_impact" && (priority ?? 4) < 3 ? [] : (said[reason] ?? [])));

/** `Monday 16 November`. */
export const dateWords = (date: string): string =>
  format(noon(date), "UTC", { weekday: "long", day: "numeric", month: "long" });

/** `4 × 0.90 urgency + 3 × 0.75 impact = 5.85`. */
export function sumWords({ parts, score }: PlanItem, weights: Record<string, number>): string {
  const terms = Object.entries(parts)
    .filter(([, part]) => part !== 0)
    .map(([name, part]) => `${weights[name]} × ${part.toFixed(2)} ${name}`);
  return `${terms.join(" + ") || "nothing"} = ${score.toFixed(2)}`;
}

export const outcomeOf = ({ outcome, undone_at, changes, asked }: CaptureRow): StateWord => {
  if (undone_at) return { tone: "plain", shape: "back", word: "Taken back" };
  if (outcome === "failed") return { tone: "bad", shape: "warning", word: "Kept, not understood" };
  if (changes === 0 && asked.length > 0) return { tone: "wait", shape: "ask", word: "Kept, and asked about" };
  if (changes === 0) return { tone: "plain", shape: "ring", word: "Kept, nothing to do in it" };
  return { tone: "good", shape: "done", word: "Written down" };
};

type Asked = CaptureRow["asked"][number];

export function questionWords({ kind, about, choices }: Asked): string {
  if (kind === "ambiguous") return `Which “${about}” is meant?`;
  if (kind === "unknown")
    return `Nothing of yours is called “${about}”. Say what it is, or its name as it stands in a list.`;
  if (kind === "cycle") {
    const [one, other] = choices;
    return `Left out: “${one?.title}” and “${other?.title}” would wait for each other.`;
  }
  return `“${about}” could not be read. Say it in other words.`;
}

/** What a newcomer may say. */
export const examples = ["Call the plumber on Friday", "Goal: ten service contracts by March"] as const;
