/** By when something is promised: the clock and the day in a sentence, as an instant in the project's zone. */
import { takeWhen } from "../assistant/index.ts";
import { instantOf, wallOf } from "../kernel/wall-time.ts";

export type Due = { at: Date; exact: boolean };
export type Said = { at: Date; zone: string };

const span =
  /(?<![\p{L}\d])(?:in|within|om|inden for)(?: about| around| ca\.?| cirka)? (?<n>\d{1,3}|an?|en|et|half an|en halv|two|to|three|tre) ?(?<unit>minutes?|mins?|hours?|minutter|min|timers?|time)(?!\p{L})/iu;
const counts: Record<string, number> = {
  a: 1,
  an: 1,
  en: 1,
  et: 1,
  "half an": 0.5,
  "en halv": 0.5,
  two: 2,
  to: 2,
  three: 3,
  tre: 3,
};

const hour = "(\\d{1,2})(?:[:.](\\d{2}))?(?: ?([ap])\\.?m\\b\\.?)?";
const before =
  "(?:(?:at|by|before|around|about|from|between|until|after|kl\\.?|klokken|mellem|inden|før|ved|omkring|fra|efter)\\s*(?:ca\\.? ?)?(?:kl\\.? ?)?)";
/** What is a quantity or a date is no time. */
const noCount =
  "(?![\\d/]|[.,]\\d|\\.? (?:[a-zæøå]{3,9}(?:ber|uar|ust)|january|march|april|marts|may|maj|june?i?|july?i?)|(?:st|nd|rd|th)\\b| ?(?:kr|dkk|eur|usd|%|percent|procent|days?|dage?|weeks?|uger?|hours?|timer|minutes?|minutter|pieces|stk))";
const range = new RegExp(
  `(?<![\\p{L}\\d])${before}${hour}\\s*(?:-|–|and|to|og|til)\\s*(?:kl\\.? ?)?${hour}${noCount}`,
  "iu",
);
const clock = new RegExp(`(?<![\\p{L}\\d])${before}${hour}${noCount}`, "iu");
const bare = /(?<![\p{L}\d.])(\d{1,2}):(\d{2})(?: ?([ap])\.?m\b)?(?!\d)|(?<![\p{L}\d])(\d{1,2}) ?([ap])\.?m\b/iu;
const noon = /(?<!\p{L})(?:noon|midday|kl\.? tolv|middagstid)(?!\p{L})/iu;

/** When a part of the day is over. */
const parts: [RegExp, string][] = [
  [/(?<!\p{L})(?:morning|formiddag|tidlig)(?!\p{L})/iu, "12:00"],
  [/(?<!\p{L})(?:afternoon|eftermiddag|fyraften)(?!\p{L})/iu, "18:00"],
  [/(?<!\p{L})(?:evening|tonight|aften)(?!\p{L})/iu, "22:00"],
];
const today =
  /(?<!\p{L})(?:today|tonight|end of (?:the )?day|eod|this (?:morning|afternoon|evening)|i ?dag|fyraften|i (?:eftermiddag|aften|formiddag))(?!\p{L})/iu;

/** A workshop's "at 3" is in the afternoon. */
function wallClock(n: string, minutes: string | undefined, half: string | undefined): string | undefined {
  let h = Number(n);
  if (half?.toLowerCase() === "p" && h < 12) h += 12;
  if (half?.toLowerCase() === "a" && h === 12) h = 0;
  if (!half && !minutes && n.length === 1 && h < 7) h += 12;
  if (h > 23 || Number(minutes ?? 0) > 59) return undefined;
  return `${String(h).padStart(2, "0")}:${minutes ?? "00"}`;
}

function takeClock(text: string): { time?: string | undefined; rest: string } {
  const between = range.exec(text);
  if (between)
    return {
      time: wallClock(between[4] ?? "", between[5], between[6] ?? between[3]),
      rest: text.replace(between[0], " "),
    };
  const one = clock.exec(text) ?? bare.exec(text);
  if (one)
    return { time: wallClock(one[1] ?? one[4] ?? "", one[2], one[3] ?? one[5]), rest: text.replace(one[0], " ") };
  if (noon.test(text)) return { time: "12:00", rest: text.replace(noon, " ") };
  return { rest: text };
}

const nextDay = (wall: string): string =>
  new Date(Date.parse(`${wall.slice(0, 10)}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** None where nothing is named, or it has passed already when it was said. */
export function dueIn(clause: string, said: Said): Due | undefined {
  const lasting = span.exec(clause)?.groups;
  if (lasting) {
    const n = counts[(lasting["n"] ?? "").toLowerCase()] ?? Number(lasting["n"]);
    const minutes = /^(?:h|t)/i.test(lasting["unit"] ?? "") ? n * 60 : n;
    return { at: new Date(said.at.getTime() + minutes * 60_000), exact: true };
  }
  const now = wallOf(said.at, said.zone);
  const { time, rest } = takeClock(clause);
  const tongue = /[æøå]|(?<!\p{L})(?:vi|jeg|kommer|ringer|du|og|dag|på|til|senest)(?!\p{L})/iu.test(clause);
  const when = takeWhen(rest, now.slice(0, 10), tongue ? "danish" : "english");
  // What is so every week is a habit, no promise.
  if (when.repeats) return undefined;
  const named = when.due ?? (today.test(rest) ? now.slice(0, 10) : undefined);
  const part = parts.find(([word]) => word.test(rest))?.[1];
  if (!named && !time) return undefined;
  const day = named ?? (`${now.slice(0, 10)}T${time}:00` > now ? now.slice(0, 10) : nextDay(now));
  const at = instantOf(`${day}T${time ?? part ?? "23:59"}:00`, said.zone);
  return at > said.at ? { at, exact: time !== undefined } : undefined;
}
