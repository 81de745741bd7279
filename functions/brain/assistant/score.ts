/** What comes first, as numbers: every weight and threshold of the plan stands here and nowhere else. */
import { daysBetween } from "./understand/days.ts";

export const planRule = {
  weights: { urgency: 4, impact: 3, goal: 2, staleness: 1, blocker: -6 },
  /** Days until something is due → urgency in hundredths; overdue is 100, without a date 0. */
  urgency: [
    [-1, 100],
    [0, 90],
    [1, 80],
    [3, 60],
    [7, 40],
    [14, 20],
    [Number.POSITIVE_INFINITY, 10],
  ] as const,
  /** What a priority is worth as impact, where none is given; the greater counts. */
  priorityAsImpact: { 1: 100, 2: 75, 3: 50, 4: 25 } as Readonly<Record<number, number>>,
  dueSoonDays: 3,
  highImpact: 75,
  /** Untouched for so many days is as stale as can be; it is said from half of them on. */
  stalestDays: 30,
  staleDays: 14,
  today: 6,
  next: 8,
  waiting: 20,
  /** Goals and blockers named with one task. */
  around: 10,
} as const;

export const reasons = [
  "overdue",
  "due_soon",
  "high_impact",
  "goal_alignment",
  "dependency_ready",
  "stale",
  "quick_win",
] as const;
export type Reason = (typeof reasons)[number];

export type Task = {
  id: string;
  title: string;
  status: "open" | "blocked";
  priority: number | null;
  impact_score: number | null;
  due_date: string | null;
  /** ISO text in UTC: older texts sort first. */
  updated_at: string;
};

export type Wait = { task: string; on: string; type: string; title: string; open: boolean };
export type Support = { task: string; goal: string; title: string };
export type State = { today: string; tasks: Task[]; waits: Wait[]; supports: Support[] };

/** Each part in hundredths, from 0 to 100, before its weight. */
export type Parts = { urgency: number; impact: number; goal: number; staleness: number; blocker: number };

export type Scored = {
  task: Task;
  parts: Parts;
  /** Hundredths: whole numbers, so that the same state gives the same sum everywhere. */
  points: number;
  reasons: Reason[];
  blockers: Wait[];
  goals: Support[];
};

function urgencyOf(days: number | null): number {
  if (days === null) return 0;
  return planRule.urgency.find(([most]) => days <= most)?.[1] ?? 0;
}

function impactOf({ impact_score, priority }: Task): number {
  return Math.max((impact_score ?? 0) * 20, priority === null ? 0 : (planRule.priorityAsImpact[priority] ?? 0));
}

export function pointsOf(parts: Parts): number {
  const { weights } = planRule;
  return (
    parts.urgency * weights.urgency +
    parts.impact * weights.impact +
    parts.goal * weights.goal +
    parts.staleness * weights.staleness +
    parts.blocker * weights.blocker
  );
}

export type Around = { waits: Wait[]; supports: Support[]; frees: boolean };

/** `frees`: some other task waits for this one and for nothing else. */
export function scoreOf(task: Task, today: string, { waits, supports, frees }: Around): Scored {
  const days = task.due_date === null ? null : daysBetween(today, task.due_date);
  const idle = Math.max(0, daysBetween(task.updated_at.slice(0, 10), today));
  const blockers = waits.filter(({ open }) => open);
  const isBlocked = task.status === "blocked" || blockers.length > 0;
  const parts: Parts = {
    urgency: urgencyOf(days),
    impact: impactOf(task),
    goal: supports.length > 0 ? 100 : 0,
    staleness: Math.min(100, Math.floor((idle * 100) / planRule.stalestDays)),
    blocker: isBlocked ? 100 : 0,
  };
  const said: Record<Reason, boolean> = {
    overdue: days !== null && days < 0,
    due_soon: days !== null && days >= 0 && days <= planRule.dueSoonDays,
    high_impact: parts.impact >= planRule.highImpact,
    goal_alignment: supports.length > 0,
    dependency_ready: waits.length > 0 && !isBlocked,
    stale: idle >= planRule.staleDays,
    quick_win: frees && !isBlocked,
  };
  return {
    task,
    parts,
    points: pointsOf(parts),
    reasons: reasons.filter((reason) => said[reason]),
    blockers,
    goals: supports,
  };
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Points, then the earlier date, the greater urgency, the longer untouched, the id: never two alike. */
export const inOrder = (a: Scored, b: Scored): number =>
  compare(b.points, a.points) ||
  compare(a.task.due_date ?? "9999-12-31", b.task.due_date ?? "9999-12-31") ||
  compare(a.task.priority ?? 5, b.task.priority ?? 5) ||
  compare(a.task.updated_at, b.task.updated_at) ||
  compare(a.task.id, b.task.id);
