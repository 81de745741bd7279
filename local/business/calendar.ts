/** Business days and Danish wall-clock times as instants, so that a story told in "day -12 at 08:15" is true on any date. */

export type Language = "en" | "da";

const HOUR = 3_600_000;
const DAY = 86_400_000;
const LOCALE = { en: "en-GB", da: "da-DK" } as const;

/** A calendar day as midnight UTC, the way this file counts days. */
export type Day = number;

const lastSunday = (year: number, month: number): Day => {
  const end = Date.UTC(year, month + 1, 0);
  return end - new Date(end).getUTCDay() * DAY;
};

/** From 01:00 UTC on the last Sunday of March to the same of October (Directive 2000/84/EC). */
function isSummer(instant: number): boolean {
  const year = new Date(instant).getUTCFullYear();
  return instant >= lastSunday(year, 2) + HOUR && instant < lastSunday(year, 9) + HOUR;
}

export function dayOf(instant: Date): Day {
  const wall = instant.getTime() + (isSummer(instant.getTime()) ? 2 : 1) * HOUR;
  return Math.floor(wall / DAY) * DAY;
}

/** `time` is "HH:MM" on a Danish clock; a missing spring hour moves forward, a doubled autumn hour is the first. */
export function at(day: Day, time: string): Date {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const wall = day + hours * HOUR + minutes * 60_000;
  const summer = wall - 2 * HOUR;
  return new Date(isSummer(summer) ? summer : wall - HOUR);
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

type Format = Record<Language, Intl.DateTimeFormat>;
const formats = (options: Intl.DateTimeFormatOptions): Format => ({
  en: new Intl.DateTimeFormat(LOCALE.en, { timeZone: "UTC", ...options }),
  da: new Intl.DateTimeFormat(LOCALE.da, { timeZone: "UTC", ...options }),
});
const weekdays = formats({ weekday: "long" });
const dates = formats({ day: "numeric", month: "long" });

/** "Thursday" / "torsdag" */
export const weekday = (day: Day, language: Language): string => weekdays[language].format(day);

/** "14 August" / "14. august" */
export const date = (day: Day, language: Language): string => dates[language].format(day);
