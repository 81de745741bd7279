/** How the console says things: times, numbers, names, states. Pure. */

/** The moment a page is made, and where its readers are. */
export type Here = { now: Date; timezone: string };

const formats = new Map<string, Intl.DateTimeFormat>();

export function format(at: Date, timezone: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${timezone} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat("en-GB", { timeZone: timezone, ...options });
  formats.set(key, known);
  return known.format(at);
}

const dayKey = (at: Date, here: Here) =>
  format(at, here.timezone, { year: "numeric", month: "2-digit", day: "2-digit" });
const yearOf = (at: Date, here: Here) => format(at, here.timezone, { year: "numeric" });

const day = 86_400_000;

/** `14:32` today, `Yesterday`, `Mon` within the week, `12 Nov` this year, `12 Nov 2025` before. */
export function shortTime(instant: string, here: Here): string {
  const at = new Date(instant);
  const age = here.now.getTime() - at.getTime();
  if (dayKey(at, here) === dayKey(here.now, here)) return clockTime(instant, here);
  if (dayKey(at, here) === dayKey(new Date(here.now.getTime() - day), here)) return "Yesterday";
  if (age > 0 && age < 6 * day) return format(at, here.timezone, { weekday: "short" });
  const year = yearOf(at, here) === yearOf(here.now, here) ? {} : ({ year: "numeric" } as const);
  return format(at, here.timezone, { day: "numeric", month: "short", ...year });
}

/** `14:32`. */
export const clockTime = (instant: string, here: Here): string =>
  format(new Date(instant), here.timezone, { hour: "2-digit", minute: "2-digit" });

/** `15 Nov 2026, 14:32`. */
export const dateTime = (instant: string, here: Here): string =>
  format(new Date(instant), here.timezone, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });

/** Everything a time can say, for a tooltip: with seconds and zone. */
export const fullTime = (instant: string, here: Here): string =>
  format(new Date(instant), here.timezone, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  });

/** `Today`, `Yesterday`, `Saturday 14 November`, with its year when that is another one. */
export function dayName(instant: string, here: Here): string {
  const at = new Date(instant);
  if (dayKey(at, here) === dayKey(here.now, here)) return "Today";
  if (dayKey(at, here) === dayKey(new Date(here.now.getTime() - day), here)) return "Yesterday";
  const year = yearOf(at, here) === yearOf(here.now, here) ? {} : ({ year: "numeric" } as const);
  return format(at, here.timezone, { weekday: "long", day: "numeric", month: "long", ...year });
}

const steps: readonly [string, number][] = [
  ["year", 365 * day],
  ["month", 30 * day],
  ["week", 7 * day],
  ["day", day],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** `2 minutes`, `3 days`; under a minute is `a moment`. */
export function span(milliseconds: number): string {
  const found = steps.find(([, length]) => milliseconds >= length);
  if (!found) return "a moment";
  const [unit, length] = found;
  return counted(Math.floor(milliseconds / length), unit);
}

/** `2 minutes ago`, `just now`, `in 3 hours`. */
export function ago(instant: string, here: Here): string {
  const age = here.now.getTime() - new Date(instant).getTime();
  if (Math.abs(age) < 60_000) return "just now";
  return age > 0 ? `${span(age)} ago` : `in ${span(-age)}`;
}

/** `1,204`. */
export const number = (value: number): string => value.toLocaleString("en-GB");

/** `1 passage`, `1,204 passages`. */
export const counted = (value: number, noun: string): string => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;

/** `MH` for Mette Holm; a phone number gives its last two digits. */
export function initials(name: string | null): string {
  const words = (name ?? "").match(/[\p{L}\p{N}]+/gu) ?? [];
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  if (!first) return "?";
  if (/^\d+$/.test(first)) return words.join("").slice(-2);
  return `${[...first][0] ?? ""}${last ? ([...last][0] ?? "") : ""}`.toUpperCase();
}

/** `open_window` → `Open window`. */
export function sentence(code: string): string {
  const text = code.replaceAll("_", " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Chatwoot's `Channel::TwilioSms` → `Twilio sms`; what we know gets its usual name. */
export function channelName(channel: string): string {
  const bare = channel.replace(/^Channel::/, "");
  const known: Record<string, string> = {
    Api: "API",
    Sms: "SMS",
    TwilioSms: "SMS",
    Whatsapp: "WhatsApp",
    WebWidget: "Website",
    Email: "Email",
    Telegram: "Telegram",
    FacebookPage: "Facebook",
  };
  return known[bare] ?? sentence(bare.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase());
}

/** 182233 → `182 kB`. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
