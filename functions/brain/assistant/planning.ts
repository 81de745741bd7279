/** A plan from a state: today, next, and what waits for what. The same state and day give the same bytes. */
import { inOrder, planRule, type Scored, type State, scoreOf } from "./score.ts";

export type Plan = {
  today: Scored[];
  next: Scored[];
  waiting: Scored[];
  /** Ready, and neither today nor next. */
  later: number;
  /** All that is ready, in order. */
  ready: Scored[];
};

function grouped<T extends { task: string }>(rows: T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  // Sorted, because an answer lists them: whoever asks twice reads the same.
  for (const row of [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1))) {
    const group = groups.get(row.task);
    if (group) group.push(row);
    else groups.set(row.task, [row]);
  }
  return groups;
}

export function planOf({ today, tasks, waits, supports }: State): Plan {
  const waiting = grouped(waits, ({ title, on }) => `${title}\n${on}`);
  const goals = grouped(supports, ({ title, goal }) => `${title}\n${goal}`);
  const blockers = [...waiting.values()].map((group) => group.filter(({ open }) => open));
  const freeing = new Set(blockers.filter((open) => open.length === 1).map(([only]) => only?.on));
  const scored = tasks
    .map((task) =>
      scoreOf(task, today, {
        waits: waiting.get(task.id) ?? [],
        supports: goals.get(task.id) ?? [],
        frees: freeing.has(task.id),
      }),
    )
    .sort(inOrder);
  const ready = scored.filter(({ parts }) => parts.blocker === 0);
  const { today: most, next } = planRule;
  return {
    today: ready.slice(0, most),
    next: ready.slice(most, most + next),
    waiting: scored.filter(({ parts }) => parts.blocker > 0),
    later: Math.max(0, ready.length - most - next),
    ready,
  };
}

const names = {
  urgency: "urgency",
  impact: "impact",
  goal: "goal",
  staleness: "staleness",
  blocker: "blocker",
} as const;
const shown = (hundredths: number): string => (hundredths / 100).toFixed(2);

/** "4 × 0.90 urgency + 3 × 0.75 impact = 5.85": nothing but the numbers it was ordered by. */
export function sumOf({ parts, points }: Scored): string {
  const terms = Object.entries(names)
    .filter(([part]) => parts[part as keyof typeof names] !== 0)
    .map(
      ([part, name]) =>
        `${planRule.weights[part as keyof typeof names]} × ${shown(parts[part as keyof typeof names])} ${name}`,
    );
  return `${terms.length > 0 ? terms.join(" + ") : "nothing"} = ${shown(points)}`;
}

/** Why this one stands before that one: by points, or by the first tie-break that tells them apart. */
export function aheadBy(first: Scored, second: Scored): string {
  if (first.points !== second.points) return `${shown(first.points - second.points)} points`;
  if (first.task.due_date !== second.task.due_date) return "an earlier date";
  if (first.task.priority !== second.task.priority) return "a higher priority";
  if (first.task.updated_at !== second.task.updated_at) return "being untouched for longer";
  return "its id, all else being equal";
}
