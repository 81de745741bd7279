/** Days as `YYYY-MM-DD`: adding to them, and where a week, month, quarter or year of theirs ends. */

const dayMs = 86_400_000;
const at = (day: string): Date => new Date(`${day}T00:00:00Z`);
const iso = (date: Date): string => date.toISOString().slice(0, 10);

export const addDays = (day: string, n: number): string => iso(new Date(at(day).getTime() + n * dayMs));
export const daysBetween = (from: string, to: string): number =>
  Math.round((at(to).getTime() - at(from).getTime()) / dayMs);
/** 0 is Sunday, as in chrono. */
export const weekdayOf = (day: string): number => at(day).getUTCDay();
export const yearOf = (day: string): number => at(day).getUTCFullYear();
export const monthOf = (day: string): number => at(day).getUTCMonth() + 1;
export const dayOf = (year: number, month: number, day: number): string =>
  iso(new Date(Date.UTC(year, month - 1, day)));
export const lastOfMonth = (year: number, month: number): string => dayOf(year, month + 1, 0);

/** A Sunday: weeks begin on Monday (ISO 8601). */
export const endOfWeek = (day: string): string => addDays(day, (7 - weekdayOf(day)) % 7);

/** The Sunday of that ISO week, of this year, or of the next when it is over. */
export function endOfWeekNumber(week: number, today: string): string {
  const end = (year: number) => addDays(endOfWeek(dayOf(year, 1, 4)), (week - 1) * 7);
  const own = end(yearOf(today));
  return own < today ? end(yearOf(today) + 1) : own;
}

export type Period = "week" | "month" | "quarter" | "year";

/** The last day of the period that lies `ahead` periods after the one of `day`. */
export function endOf(period: Period, day: string, ahead: number): string {
  if (period === "week") return addDays(endOfWeek(day), 7 * ahead);
  if (period === "year") return dayOf(yearOf(day) + ahead, 12, 31);
  const months = period === "month" ? 1 : 3;
  const first = period === "month" ? monthOf(day) : Math.ceil(monthOf(day) / 3) * 3;
  return lastOfMonth(yearOf(day), first + months * ahead);
}

/** The last day of the month of that number that is not over. */
export const comingMonth = (today: string, named: number): string =>
  lastOfMonth(yearOf(today) + (named < monthOf(today) ? 1 : 0), named);

/** The first such weekday from that day on. */
export const onOrAfter = (day: string, weekday: number): string => addDays(day, (weekday - weekdayOf(day) + 7) % 7);

/** The nth such weekday of a month that is not over; -1 is the last. */
export function nthWeekday(today: string, nth: number, weekday: number): string {
  const of = (year: number, month: number): string => {
    if (nth > 0) return addDays(onOrAfter(dayOf(year, month, 1), weekday), 7 * (nth - 1));
    const last = lastOfMonth(year, month);
    return addDays(last, -((weekdayOf(last) - weekday + 7) % 7));
  };
  const own = of(yearOf(today), monthOf(today));
  return own < today ? of(yearOf(today), monthOf(today) + 1) : own;
}

/** "2026-W47" of any of its days (ISO 8601: a week belongs to the year of its Thursday). */
export function weekOf(day: string): string {
  const thursday = addDays(endOfWeek(day), -3);
  const number = Math.floor(daysBetween(dayOf(yearOf(thursday), 1, 1), thursday) / 7) + 1;
  return `${yearOf(thursday)}-W${String(number).padStart(2, "0")}`;
}

/** Undefined for a week that its year does not have. */
export function mondayOf(week: string): string | undefined {
  const [year = 0, number = 0] = week.split("-W").map(Number);
  const monday = addDays(endOfWeek(dayOf(year, 1, 4)), 7 * (number - 1) - 6);
  return weekOf(monday) === week ? monday : undefined;
}
