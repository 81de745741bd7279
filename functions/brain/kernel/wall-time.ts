/** The one place where what a clock on a wall shows becomes an instant, and back. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const [year, rest] = ["numeric", "2-digit"] as const;
  const fields = { year, month: rest, day: rest, hour: rest, minute: rest, second: rest } as const;
  const made = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", ...fields });
  formats.set(zone, made);
  return made;
}

/** An IANA time zone that this runtime knows. */
export function isTimezone(name: string): boolean {
  try {
    return formatOf(name).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** `2026-03-29T03:30:00`, what clocks in the zone show at that instant. */
export function wallOf(at: Date, zone: string): string {
  const shown: Record<string, string> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) shown[type] = value;
  const { year = "", month, day, hour, minute, second } = shown;
  return `${year.padStart(4, "0")}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** Milliseconds that the zone's clocks are ahead of UTC. */
const offsetOf = (at: number, zone: string): number =>
  Date.parse(`${wallOf(new Date(at), zone)}Z`) - Math.floor(at / 1000) * 1000;

/** More than any zone is from UTC, so that one probe lies before and one after a change of clocks that day. */
const day = 86_400_000;

/**
 * The instant at which clocks in the zone show `wall`. What is shown twice is the first; what is never shown, because clocks are
 * set forward over it, moves forward by as much: 02:30 in Copenhagen on 2026-03-29 is 03:30.
 */
export function instantOf(wall: string, zone: string): Date {
  const asUtc = Date.parse(`${wall}Z`);
  const before = offsetOf(asUtc - day, zone);
  const after = offsetOf(asUtc + day, zone);
  const shown = [asUtc - before, asUtc - after].filter((at) => at + offsetOf(at, zone) === asUtc);
  return new Date(shown.length > 0 ? Math.min(...shown) : asUtc - before);
}
