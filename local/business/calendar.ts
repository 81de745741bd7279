/** Business days and Danish wall-clock times as instants, so that a story told in "day -12 at 08:15" is true on any date. */

export type Language = "en" | "da";

const ZONE = "Europe/Copenhagen";
const DAY = 86_400_000;
const LOCALE = { en: "en-GB", da: "da-DK" } as const;

/** A calendar day as midnight UTC, the way this file counts days. */
export type Day = number;

const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** The same wall-clock reading taken as if it were UTC. */
function reading(instant: number): number {
  const part = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

export const dayOf = (instant: Date): Day => Math.floor(reading(instant.getTime()) / DAY) * DAY;

/** `time` is "HH:MM" on a Danish clock; a missing spring hour moves forward. */
export function at(day: Day, time: string): Date {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const wall = day + (hours * 60 + minutes) * 60_000;
  const first = wall - (reading(wall) - wall);
  return new Date(wall - (reading(first) - first));
}

const working = (day: Day): boolean => ![0, 6].includes(new Date(day).getUTCDay());

/** Business day `n` seen from `today`: 0 is today or the next working day, -1 the last one before today. */
export function businessDay(today: Day, n: number): Day {
  const step = n < 0 ? -DAY : DAY;
  let day = n < 0 ? today - DAY : today;
  while (!working(day)) day += step;
  for (let left = n < 0 ? -n - 1 : n; left > 0; ) {
    day += step;
    if (working(day)) left--;
  }
  return day;
}

export const dayBefore = (day: Day): Day => day - DAY;

const format = (day: Day, language: Language, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(LOCALE[language], { timeZone: "UTC", ...options }).format(day);

/** "Thursday" / "torsdag" */
export const weekday = (day: Day, language: Language): string => format(day, language, { weekday: "long" });

/** "14 August" / "14. august" */
export const date = (day: Day, language: Language): string => format(day, language, { day: "numeric", month: "long" });
