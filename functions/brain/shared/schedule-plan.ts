/** From schedules to runs: which fire times come before the next tick, and which were missed. */
import { firesOf, nextFire, type Rule } from "./fire-times.ts";

export const planRule = {
  /** The tick comes every quarter of an hour; it looks a little further, so that a late one does no harm. */
  horizonSeconds: 20 * 60,
  /** A fire time that has not begun by then was missed: more than a tick late, whatever the reason. */
  lateSeconds: 20 * 60,
  /** Of missed fire times under `each`, so many are made up for. */
  mostMissed: 24,
  /** Schedules planned in one request, and requests of that kind in one tick; the next tick goes on. */
  batch: 200,
  rounds: 10,
} as const;

export type Due = {
  project: string;
  id: string;
  cron: string | null;
  interval_seconds: number | null;
  timezone: string;
  missed: "skip" | "once" | "each";
  version: number;
  next_run_at: string | null;
  /** Since when it is as it is: what has no next fire time yet is worked out from there. */
  since: string;
};

type Fire = { at: string; missed?: true };
export type Plan = Pick<Due, "project" | "id" | "version"> & {
  was: string | null;
  next: string | null;
  fires: Fire[];
};

export const ruleOf = (due: Pick<Due, "cron" | "interval_seconds" | "timezone">): Rule => ({
  cron: due.cron,
  everySeconds: due.interval_seconds,
  zone: due.timezone,
});

/** What to make up for, and the instant from which to go on as usual. */
function missedOf(due: Due, rule: Rule, from: { first: Date; late: Date }): { fires: Fire[]; after: Date } {
  const { first, late } = from;
  if (first > late) return { fires: [], after: new Date(first.getTime() - 1) };
  const one = { at: first.toISOString() };
  if (due.missed === "skip") return { fires: [{ ...one, missed: true }], after: late };
  if (due.missed === "once") return { fires: [one], after: late };
  const more = firesOf(rule, { after: first, until: late, most: planRule.mostMissed - 1 });
  return { fires: [one, ...more.map((at) => ({ at: at.toISOString() }))], after: late };
}

export function planOf(due: Due, now: Date): Plan {
  const { project, id, version, next_run_at: was } = due;
  const rule = ruleOf(due);
  const late = new Date(now.getTime() - planRule.lateSeconds * 1000);
  const until = new Date(now.getTime() + planRule.horizonSeconds * 1000);
  const first = was === null ? nextFire(rule, new Date(due.since)) : new Date(was);
  if (!first) return { project, id, version, was, next: null, fires: [] };
  const { fires, after } = missedOf(due, rule, { first, late });
  const coming = firesOf(rule, { after, until, most: planRule.horizonSeconds });
  const next = nextFire(rule, coming.at(-1) ?? after);
  return {
    project,
    id,
    version,
    was,
    next: next?.toISOString() ?? null,
    fires: [...fires, ...coming.map((at) => ({ at: at.toISOString() }))],
  };
}
