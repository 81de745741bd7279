/** Takes the time out of a clause: when it is due, how it repeats, what o'clock; and leaves the clause without it. */
import { type Chrono, GB } from "chrono-node/en";
import { comingDate, danish, dayParser } from "./danish-dates.ts";
import { addDays, comingMonth, dayOf, endOf, endOfWeek, endOfWeekNumber, lastOfMonth, type Period } from "./days.ts";
import { takeRepeats } from "./repeats.ts";
import type { Tongue } from "./words.ts";

export type Reach = "day" | Period;
export type When = {
  due: string | null;
  repeats: string | null;
  /** `15:00` */
  time: string | null;
  /** How long the span is that was named; a year's work is a goal. */
  reach: Reach | null;
  rest: string;
};

const period = "(week|month|quarter|year)";
const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const periodOf = (said = ""): Period => said.toLowerCase() as Period;

/** Of a day's many messages each is read with the same two parsers. */
let made: { today: string; english: Chrono; danish: Chrono } | undefined;
function parsersOf(today: string) {
  if (made?.today !== today) made = { today, english: english(today), danish: danish(today) };
  return made;
}

/** What chrono's English reads as the same day of another week or month: here the last day of it. */
function english(today: string): Chrono {
  const chrono = GB.clone();
  chrono.parsers.unshift(
    dayParser(`(?:the )?end of (?:the |this )?${period}`, ([, name]) => endOf(periodOf(name), today, 0)),
    dayParser(`(?:the )?end of next ${period}`, ([, name]) => endOf(periodOf(name), today, 1)),
    dayParser(`(?:the )?end of (${months.join("|")})[a-z]*`, ([, name = ""]) =>
      comingMonth(today, months.indexOf(name.toLowerCase()) + 1),
    ),
    // Alone it is what may be.
    dayParser("before may", () => addDays(`${comingMonth(today, 5).slice(0, 8)}01`, -1)),
    dayParser("(?:by|until|till|during) may", () => comingMonth(today, 5)),
    dayParser("this (?:morning|afternoon|evening)", () => today),
    dayParser(`this ${period}`, ([, name]) => endOf(periodOf(name), today, 0)),
    dayParser(`next ${period}`, ([, name]) => endOf(periodOf(name), today, 1)),
    dayParser("week (\\d{1,2})", ([, week]) => (Number(week) <= 53 ? endOfWeekNumber(Number(week), today) : null)),
    dayParser("(?:this |the )?weekend", () => endOfWeek(today)),
    dayParser("next weekend", () => addDays(endOfWeek(today), 7)),
    dayParser("the (\\d{1,2})(?:st|nd|rd|th)", ([, day]) => comingDate(today, Number(day))),
    dayParser("christmas(?: eve)?", () => endOf("year", today, 0).replace("-31", "-24")),
  );
  return chrono;
}

const reaches: [RegExp, Reach][] = [
  [/quarter|kvartal/i, "quarter"],
  [/\byears?\b|(?<!\p{L})år(?!\p{L})/iu, "year"],
  [/months?|måned/i, "month"],
  [/week|(?<!\p{L})uge/iu, "week"],
];

/** Spans of less than a day say how, not when. */
const isSpan = /\b(?:hours?|minutes?|seconds?|timer?|minutter|sekunder)\b/i;
/** Words that chrono takes for times and people for words. */
const isLength = /^(?:an?|one|two|three|four|five|six|\d+) (?:days?|weeks?|months?|years?)$/i;
const isWord =
  /^(?:now|nu|at|may|mar|sat|sun|second|første|de|last night|this (?:summer|winter|spring|autumn)|\d{1,4})$/i;

type Found = { index: number; text: string; due: string | null; time: string | null; reach: Reach };

const isWeekday = /^(?:mon|tues|wednes|thurs|fri|satur|sun)day$/i;

function dayFrom(found: ReturnType<Chrono["parse"]>[number], today: string): Found | undefined {
  if (isSpan.test(found.text) || isWord.test(found.text.trim()) || isLength.test(found.text.trim())) return undefined;
  const named = found.end ?? found.start;
  const part = (name: "year" | "month" | "day" | "hour" | "minute") => named.get(name) ?? 0;
  const hasDay = named.isCertain("day") || named.isCertain("weekday");
  const hasTime = found.start.isCertain("hour");
  const two = (n: number) => String(n).padStart(2, "0");
  const time = hasTime && !/tonight/i.test(found.text) ? `${two(part("hour"))}:${two(part("minute"))}` : null;
  const reach = reaches.find(([word]) => word.test(found.text))?.[1] ?? "day";
  // "Next year: 20 percent more": the number is no hour.
  const counted = /^(.+?):\s+\d+$/.exec(found.text)?.[1];
  const at = { index: found.index, text: counted ?? found.text, time: counted ? null : time };
  if (hasDay) {
    const due = dayOf(part("year"), part("month"), part("day"));
    // On a Monday, "Monday" is in a week: today would be said so.
    return { ...at, due: due === today && isWeekday.test(found.text) ? addDays(due, 7) : due, reach };
  }
  if (named.isCertain("month")) return { ...at, due: lastOfMonth(part("year"), part("month")), reach: "month" };
  return hasTime ? { ...at, due: null, reach: "day" } : undefined;
}

const danishTime = /(?<!\p{L})(?:kl\.?|klokken) ?(\d{1,2})(?:[.:](\d{2}))?(?!\d)/iu;

function findDay(text: string, today: string, tongue: Tongue): Found | undefined {
  const [year, month, day] = today.split("-").map(Number);
  const noon = { instant: new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, 8)), timezone: 0 };
  const read = (chrono: Chrono) =>
    chrono
      .parse(text, noon, { forwardDate: true })
      .map((one) => dayFrom(one, today))
      .filter((found) => found !== undefined);
  const parsers = parsersOf(today);
  const own = read(parsers[tongue]);
  const found = own.length > 0 ? own : read(tongue === "danish" ? parsers.english : parsers.danish);
  return found.find(({ due }) => due !== null) ?? found[0];
}

const lead =
  /(?:^|[\s,(]+)(?<word>(?:next|first) time(?: on| is)?|(?:næste|første) gang(?: den| er)?|(?:deadline|frist|due):?(?: on| by| er)?(?: den)?|no later than|on|by|before|until|till|for|from|at|in|to|during|forfalder(?: den)?|senest(?: på| den)?|inden(?: for)?|før|til|i løbet af|på|den|d\.|om|i)\s*$/iu;
const isBefore = /^(?:before|før)$/i;
const isEnd = /end|udgang|slutning|sidst/i;

const tidy = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replace(/^([^(]*)\)/, "$1")
    .replaceAll(/\s+([,.;:!?])/g, "$1")
    .replaceAll(/^[\s,.;:)–-]+|[\s,;:(–-]+$/g, "")
    .trim();

export function takeWhen(said: string, today: string, tongue: Tongue): When {
  const repeated = takeRepeats(said, today);
  const clock = danishTime.exec(repeated.rest);
  const text = clock ? repeated.rest.replace(clock[0], " ") : repeated.rest;
  const [, hour = "", minute = "00"] = clock ?? [];
  const told = clock ? `${hour.padStart(2, "0")}:${minute}` : null;
  const found = repeated.due ? undefined : findDay(text, today, tongue);
  if (!found)
    return {
      due: repeated.due,
      repeats: repeated.rule,
      time: told,
      reach: repeated.due ? "day" : null,
      rest: tidy(text),
    };
  const head = text.slice(0, found.index);
  const word = lead.exec(head);
  const rest = `${word ? head.slice(0, word.index) : head} ${text.slice(found.index + found.text.length)}`;
  const isAhead = isBefore.test(word?.groups?.["word"] ?? "") && !isEnd.test(found.text);
  // A day, or a month, that it has to be done before; of a week or a year its end is meant.
  const until = found.reach === "month" ? `${found.due?.slice(0, 8)}01` : found.reach === "day" ? found.due : null;
  const due = found.due && isAhead && until ? addDays(until, -1) : found.due;
  return { due, repeats: repeated.rule, time: told ?? found.time, reach: due ? found.reach : null, rest: tidy(rest) };
}

/** A date far off, in whole words: nothing else stands in it. */
export const isOnlyDay = (text: string, today: string, tongue: Tongue): string | null => {
  const { due, rest } = takeWhen(text, today, tongue);
  return due && /^(?:to|til|på|on|den)?$/i.test(rest) ? due : null;
};

export { tidy };
