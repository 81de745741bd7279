/** A cron line as QStash writes it: five fields in UTC, or in the zone of a `CRON_TZ=Europe/Copenhagen ` prefix. */
import { Cron } from "croner";
import { Refused } from "./message.ts";

/** `next` is after the moment given, in milliseconds since 1970. */
export type Fires = { next(after: number): number | undefined };

/** In a gap of the zone's clock a time strikes at its end; one that comes twice strikes once, unless its hour is a wildcard or a step. */
export function firesOf(line: string): Fires {
  const [, timezone = "UTC", fields = ""] = /^(?:CRON_TZ=(\S+)\s+)?(.*)$/.exec(line.trim()) ?? [];
  if (fields.split(/\s+/).length !== 5) throw new Refused(400, `invalid cron: expected 5 fields in "${line}"`);
  try {
    const cron = new Cron(fields, { timezone, paused: true });
    // A zone that is nowhere is only noticed when it is used.
    cron.nextRun(new Date(0));
    return { next: (after) => cron.nextRun(new Date(after))?.getTime() };
  } catch (error) {
    throw new Refused(400, `invalid cron: ${error instanceof Error ? error.message : String(error)}`);
  }
}
