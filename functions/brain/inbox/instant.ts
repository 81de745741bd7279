/** Times as Chatwoot writes them (ISO 8601, Unix seconds as int, float or text, 0 for none) in one form: ISO with microseconds, UTC. */

const microsPerSecond = 1_000_000;
/** 2200-01-01: a larger number is not a time in seconds. */
const latest = 7_258_118_400 * microsPerSecond;

const iso = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i;

export function fromMicros(micros: number): string {
  const rest = String(micros % 1000).padStart(3, "0");
  return `${new Date(Math.floor(micros / 1000)).toISOString().slice(0, -1)}${rest}Z`;
}

/** Of a time in the form of this file. */
export const toMicros = (instant: string): number =>
  Date.parse(`${instant.slice(0, 23)}Z`) * 1000 + Number(instant.slice(23, 26));

function fromNumber(value: number): number {
  // Milliseconds and microseconds where seconds were meant are told by their size.
  if (value > 1e14) return Math.round(value);
  if (value > 1e11) return Math.round(value * 1000);
  return Math.round(value * microsPerSecond);
}

function fromIso(text: string): number {
  const [, day, time = "", fraction = "", zone = "Z"] = iso.exec(text) ?? [];
  const offset = zone.toUpperCase() === "UTC" ? "Z" : zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  const seconds = time.length === 5 ? `${time}:00` : time;
  return Date.parse(`${day}T${seconds}${offset.toUpperCase()}`) * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/** Null for no time: 0, nonsense, and what lies before 1970 or after 2200. */
export function instant(value: unknown): string | null {
  const text = typeof value === "string" ? value.trim() : "";
  const micros =
    typeof value === "number"
      ? fromNumber(value)
      : /^\d+(\.\d+)?$/.test(text)
        ? fromNumber(Number(text))
        : fromIso(text);
  return micros > 0 && micros < latest ? fromMicros(micros) : null;
}
