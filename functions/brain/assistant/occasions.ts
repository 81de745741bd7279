/** When a member is to hear what: pure, by the clocks where he is. */
import { instantOf, wallOf } from "../kernel/wall-time.ts";
import { addDays, weekdayOf } from "./understand/days.ts";

export const occasions = ["plan", "review", "reminder"] as const;
export type Occasion = (typeof occasions)[number];

/** A row of assistant.rhythms with what the job needs to know besides; times as `07:30:00`. */
export type Rhythm = {
  user_id: string;
  channel: "telegram" | "email";
  address: string | null;
  language: "en" | "da";
  zone: string;
  quiet_from: string;
  quiet_until: string;
  plan_on: boolean;
  plan_at: string;
  plan_days: number[];
  review_on: boolean;
  review_at: string;
  review_day: number;
  reminders_on: boolean;
  reminders_at: string;
  /** "plan 2026-11-23": what he has heard, or would have if there had been something to say. */
  heard: string[];
};

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** What could not be sent by then is not sent: a plan for the morning is none at noon. */
const lateMs = 2 * hourMs;
/** So long it may wait in the outbox, behind a cap or a provider that is down. */
const keepsMs = 4 * hourMs;

const isNight = (time: string, from: string, until: string): boolean =>
  from < until ? time >= from && time < until : from > until && (time >= from || time < until);

/** When his next quiet hours begin: nothing of ours arrives from then on. */
function nightAfter({ quiet_from, quiet_until, zone }: Rhythm, now: Date): number {
  if (quiet_from === quiet_until) return Number.POSITIVE_INFINITY;
  const today = wallOf(now, zone).slice(0, 10);
  const nights = [today, addDays(today, 1)].map((day) => {
    let at = instantOf(`${day}T${quiet_from}`, zone).getTime();
    // Clocks that are put forward past it make it night at once.
    while (wallOf(new Date(at - minuteMs), zone) >= `${day}T${quiet_from}`) at -= minuteMs;
    return at;
  });
  return Math.min(...nights.filter((at) => at > now.getTime()));
}

const isoWeekday = (day: string): number => weekdayOf(day) || 7;

const timesOf = (r: Rhythm): [Occasion, boolean, string, (day: string) => boolean][] => [
  ["plan", r.plan_on, r.plan_at, (day) => r.plan_days.includes(isoWeekday(day))],
  ["review", r.review_on, r.review_at, (day) => r.review_day === isoWeekday(day)],
  ["reminder", r.reminders_on, r.reminders_at, () => true],
];

export type Due = { occasion: Occasion; day: string; expires: Date };

export function dueOf(rhythm: Rhythm, now: Date): Due[] {
  const wall = wallOf(now, rhythm.zone);
  const today = wall.slice(0, 10);
  if (isNight(wall.slice(11), rhythm.quiet_from, rhythm.quiet_until)) return [];
  const night = nightAfter(rhythm, now);
  return timesOf(rhythm).flatMap(([occasion, isOn, time, isDay]) => {
    if (!isOn) return [];
    // A time shortly before midnight may be met after it.
    return [addDays(today, -1), today]
      .filter((day) => isDay(day) && !rhythm.heard.includes(`${occasion} ${day}`))
      .map((day) => ({ occasion, day, at: instantOf(`${day}T${time}`, rhythm.zone).getTime() }))
      .filter(({ at }) => at <= now.getTime() && now.getTime() < at + lateMs)
      .map(({ day, at }) => ({ occasion, day, expires: new Date(Math.min(at + keepsMs, night)) }));
  });
}
