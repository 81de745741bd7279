/** Danish for chrono: its parsers, each a pattern and the day it names. Ends of periods are days: what is due in a week is due on its Sunday. */
import { Chrono, GB } from "chrono-node/en";
import {
  addDays,
  comingMonth,
  dayOf,
  endOf,
  endOfWeek,
  endOfWeekNumber,
  monthOf,
  onOrAfter,
  type Period,
  yearOf,
} from "./days.ts";

type Parser = Chrono["parsers"][number];

/** A pattern of whole words → the day it names. */
export function dayParser(pattern: string, dayFrom: (groups: string[]) => string | null): Parser {
  const whole = new RegExp(`(?<![\\p{L}\\d])(?:${pattern})(?![\\p{L}\\d])`, "iu");
  return {
    pattern: () => whole,
    extract: (_, match) => {
      const named = dayFrom(match.map((group) => group ?? ""));
      if (!named) return null;
      const [year = 0, month = 0, day = 0] = named.split("-").map(Number);
      return { year, month, day };
    },
  };
}

export const danishWeekdays = ["søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"];
const months = "januar februar marts april maj juni juli august september oktober november december".split(" ");
const weekday = `(${danishWeekdays.join("|")})(?:en)?`;
const month = `(${months.join("|")}|${months.map((name) => name.slice(0, 3)).join("|")})`;
const numbers = ["en|et|én|ét", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv"];
const number = `(\\d{1,3}|${numbers.join("|")})`;

const numberOf = (said: string): number =>
  /^\d/.test(said) ? Number(said) : numbers.findIndex((names) => names.split("|").includes(said.toLowerCase())) + 1;
const monthFrom = (said: string): number =>
  months.findIndex((name) => name.startsWith(said.toLowerCase().slice(0, 3))) + 1;
const periods: Record<string, Period> = { uge: "week", måned: "month", kvartal: "quarter", år: "year" };
const periodOf = (said: string): Period =>
  periods[Object.keys(periods).find((name) => said.toLowerCase().startsWith(name)) ?? "uge"] ?? "week";

/** That day and month, this year or, when it has passed, the next. */
export function comingDay(today: string, day: number, named: number): string | null {
  if (day < 1 || day > 31 || named < 1 || named > 12) return null;
  const own = dayOf(yearOf(today), named, day);
  return own < today ? dayOf(yearOf(today) + 1, named, day) : own;
}

/** That day of this month or, when it has passed, of the next. */
export function comingDate(today: string, day: number): string | null {
  if (day < 1 || day > 31) return null;
  const own = dayOf(yearOf(today), monthOf(today), day);
  return own < today ? dayOf(yearOf(today), monthOf(today) + 1, day) : own;
}

const weekdayFrom = (said: string) => danishWeekdays.indexOf(said.toLowerCase());

function later(today: string, n: number, unit: string): string {
  if (unit.startsWith("dag")) return addDays(today, n);
  if (unit.startsWith("uge")) return addDays(today, 7 * n);
  return unit.startsWith("år")
    ? dayOf(yearOf(today) + n, monthOf(today), Number(today.slice(8)))
    : dayOf(yearOf(today), monthOf(today) + n, Number(today.slice(8)));
}

function relative(today: string): Parser[] {
  return [
    dayParser("i ?dag|i aften|i eftermiddag|i formiddag", () => today),
    dayParser("i ?overmorgen", () => addDays(today, 2)),
    dayParser("i ?morgen(?: tidlig| aften| formiddag| eftermiddag)?", () => addDays(today, 1)),
    dayParser(`(?:om|inden for|indenfor) ${number} (dage?|uger?|måned(?:er)?|år)`, ([, n = "", unit = ""]) =>
      later(today, numberOf(n), unit.toLowerCase()),
    ),
    dayParser("(?:i )?(?:denne |den kommende )?weekend(?:en)?", () => endOfWeek(today)),
    dayParser("(?:i )?næste weekend", () => addDays(endOfWeek(today), 7)),
  ];
}

function named(today: string): Parser[] {
  return [
    // On a Monday, "mandag" is in a week: today would be said so.
    dayParser(`(?:(?:nu )?på )?${weekday}`, ([, name = ""]) => onOrAfter(addDays(today, 1), weekdayFrom(name))),
    dayParser(`næste ${weekday}`, ([, name = ""]) => addDays(endOfWeek(today), ((weekdayFrom(name) + 6) % 7) + 1)),
    dayParser(
      `(?:(?:på )?(?:${danishWeekdays.join("|")}) )?(?:den |d\\. ?)?(\\d{1,2})\\.? ${month}\\.?(?: (\\d{4}))?`,
      ([, day = "", name = "", year = ""]) =>
        year ? dayOf(Number(year), monthFrom(name), Number(day)) : comingDay(today, Number(day), monthFrom(name)),
    ),
    dayParser("(?:den |d\\. ?)?(\\d{1,2})[/.](\\d{1,2})(?:[/.-](\\d{4}))?", ([, day = "", name = "", year = ""]) =>
      year ? dayOf(Number(year), Number(name), Number(day)) : comingDay(today, Number(day), Number(name)),
    ),
    dayParser("(?:den|d\\.) ?(\\d{1,2})\\.?", ([, day = ""]) => comingDate(today, Number(day))),
    dayParser("uge (\\d{1,2})", ([, week = ""]) => (Number(week) <= 53 ? endOfWeekNumber(Number(week), today) : null)),
    dayParser("(?:juleaften|jul)", () => comingDay(today, 24, 12)),
    dayParser("nytår", () => comingDay(today, 31, 12)),
    dayParser(months.join("|"), ([name = ""]) => comingMonth(today, monthFrom(name))),
  ];
}

function ends(today: string): Parser[] {
  const unit = "(uge|måned|kvartal|år)(?:en|ed|et)?";
  return [
    dayParser(`(?:denne|dette|indeværende) ${unit}`, ([, name = ""]) => endOf(periodOf(name), today, 0)),
    dayParser(`(?:næste|kommende) ${unit}`, ([, name = ""]) => endOf(periodOf(name), today, 1)),
    dayParser(`(?:(?:udgangen|slutningen) af|sidst i|ultimo) ${month}`, ([, name = ""]) =>
      comingMonth(today, monthFrom(name)),
    ),
    dayParser("i år", () => endOf("year", today, 0)),
    dayParser("(uge|måned|kvartal|år)(?:en|et)?s (?:udgang|slutning)", ([, name = ""]) =>
      endOf(periodOf(name), today, 0),
    ),
    dayParser(
      `(?:udgangen|slutningen) af (?:(næste) |denne |dette )?${unit}|sidst på ${unit}`,
      ([, next = "", name = "", other = ""]) => endOf(periodOf(name || other), today, next ? 1 : 0),
    ),
  ];
}

/** Chrono's own refiners decide between results that overlap. */
export const danish = (today: string): Chrono =>
  new Chrono({ parsers: [...ends(today), ...relative(today), ...named(today)], refiners: GB.clone().refiners });
