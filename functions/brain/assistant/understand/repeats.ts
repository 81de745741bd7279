/** "Every first Monday", "hver fredag": a rule of RFC 5545 and the first day of it. */
import { nthWeekday, onOrAfter } from "./days.ts";

const english = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const danish = ["søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"];
const codes = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const ordinals: Record<string, number> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  last: -1,
  første: 1,
  anden: 2,
  tredje: 3,
  fjerde: 4,
  sidste: -1,
};
const units: [RegExp, string][] = [
  [/^(?:days?|dage?|daily|dagligt?)$/i, "DAILY"],
  [/^(?:weeks?|uger?|weekly|ugentligt?)$/i, "WEEKLY"],
  [/^(?:months?|måned(?:er)?|monthly|månedligt?)$/i, "MONTHLY"],
  [/^(?:years?|år|yearly|annually|årligt?)$/i, "YEARLY"],
];

const day = `(?<day>${[...english, ...danish].join("|")})`;
const every = "(?:every|each|hver|hvert)";
const ordinal = `(?<nth>${Object.keys(ordinals).join("|")})`;
const edge = (pattern: string) => new RegExp(`(?:^|[\\s,]+)(?:on |på )?(?:${pattern})(?![\\p{L}\\d])`, "iu");

const byNth = edge(
  `(?:${every}|the|den) ${ordinal} ${day}(?: (?:of (?:the|each|every) month|i (?:hver )?måned(?:en)?))`,
);
const everyNth = edge(`${every} ${ordinal} ${day}(?: (?:of the month|i måneden))?`);
const everyOther = edge(`${every} (?:other|second|anden) (?<unit>week|month|uge|måned)`);
const everyDay = edge(
  `${every} ${day}(?:s)?(?: (?:morning|afternoon|evening|night|morgen|formiddag|eftermiddag|aften))?`,
);
const everyUnit = edge(
  `${every} (?<unit>day|week|month|year|dag|uge|måned|år)|(?<adverb>daily|weekly|monthly|yearly|annually|dagligt|ugentligt|månedligt|årligt)`,
);

const everyFew = edge(
  `${every} (?<n>\\d{1,2}|two|three|four|six|third|fourth|sixth|to|tre|fire|seks|tredje|fjerde|sjette)\\.? (?<unit>days?|weeks?|months?|years?|dage?|uger?|måned(?:er)?|år)|(?:every (?:half year|six months)|hvert halve (?<half>år))|(?:every|hvert) (?<quarter>quarter|kvartal)|(?:quarterly|kvartalsvis)`,
);
const counts: Record<string, number> = {
  ...{ two: 2, three: 3, four: 4, six: 6, third: 3, fourth: 4, sixth: 6 },
  ...{ to: 2, tre: 3, fire: 4, seks: 6, tredje: 3, fjerde: 4, sjette: 6 },
};

const frequency = (unit = ""): string => units.find(([word]) => word.test(unit))?.[1] ?? "WEEKLY";

export type Repeats = { rule: string | null; due: string | null; rest: string };

/** In English every second Monday is one of the month, in Danish "hver anden mandag" is one in two: said as what it is. */
export function takeRepeats(text: string, today: string): Repeats {
  const without = (match: RegExpExecArray) => text.replace(match[0], " ").replaceAll(/\s+/g, " ").trim();
  const weekdayFrom = (said = "") => {
    const name = said.toLowerCase();
    return Math.max(english.indexOf(name), danish.indexOf(name));
  };
  const nth = byNth.exec(text) ?? everyNth.exec(text);
  if (nth) {
    const which = ordinals[nth.groups?.["nth"]?.toLowerCase() ?? ""] ?? 1;
    const weekday = weekdayFrom(nth.groups?.["day"]);
    if (/hver anden/i.test(nth[0])) {
      const rule = `FREQ=WEEKLY;INTERVAL=2;BYDAY=${codes[weekday]}`;
      return { rule, due: onOrAfter(today, weekday), rest: without(nth) };
    }
    const rule = `FREQ=MONTHLY;BYDAY=${which}${codes[weekday]}`;
    return { rule, due: nthWeekday(today, which, weekday), rest: without(nth) };
  }
  const weekly = everyDay.exec(text);
  if (weekly) {
    const weekday = weekdayFrom(weekly.groups?.["day"]);
    return { rule: `FREQ=WEEKLY;BYDAY=${codes[weekday]}`, due: onOrAfter(today, weekday), rest: without(weekly) };
  }
  const other = everyOther.exec(text);
  if (other) return { rule: `FREQ=${frequency(other.groups?.["unit"])};INTERVAL=2`, due: null, rest: without(other) };
  const few = everyFew.exec(text);
  if (few) {
    const { n = "", unit } = few.groups ?? {};
    const rule = unit
      ? `FREQ=${frequency(unit)};INTERVAL=${counts[n.toLowerCase()] ?? Number(n)}`
      : `FREQ=MONTHLY;INTERVAL=${/half|halve/i.test(few[0]) ? 6 : 3}`;
    return { rule, due: null, rest: without(few) };
  }
  const plain = everyUnit.exec(text);
  if (!plain) return { rule: null, due: null, rest: text };
  const rule = `FREQ=${frequency(plain.groups?.["unit"] ?? plain.groups?.["adverb"])}`;
  return { rule, due: null, rest: without(plain) };
}
