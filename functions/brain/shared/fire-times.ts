/** When a schedule fires: cron in a time zone, through the days when clocks change, or every so many seconds. */
import { Cron } from "croner";
import { instantOf, wallOf } from "../kernel/wall-time.ts";

export type Rule = { cron: string | null; everySeconds: number | null; zone: string };

/** More than any zone ever moved its clocks by (a day, Samoa 2011), in milliseconds. */
const furthest = 26 * 3_600_000;

const cronIn = (cron: string, timezone: string) =>
  new Cron(cron, { timezone, mode: "5-part", fixedTimeRule: "no-wildcard", paused: true });

/** What is wrong with a cron expression, in a sentence; undefined for a good one. */
export function complaintOf(cron: string, now: Date): string | undefined {
  if (cron.includes("@") || cron.trim().split(/\s+/).length !== 5)
    return "must have five fields: minute, hour, day of month, month, day of week";
  try {
    if (!cronIn(cron, "UTC").nextRun(now)) return "never fires: there is no such date";
    return undefined;
  } catch (thrown) {
    return (thrown instanceof Error ? thrown.message : String(thrown)).replace(/^CronPattern: /, "");
  }
}

/** The first fire time after an instant; null when there is none. */
export function nextFire(rule: Rule, after: Date): Date | null {
  if (rule.everySeconds !== null) {
    const every = rule.everySeconds * 1000;
    return new Date((Math.floor(after.getTime() / every) + 1) * every);
  }
  if (rule.cron === null) return null;
  const [minute = "*", hour = "*"] = rule.cron.trim().split(/\s+/);
  // What comes round (a * or a step) runs through the hour that is there twice, and leaves out the one that is not there.
  if (/[*?/]/.test(minute + hour)) return cronIn(rule.cron, rule.zone).nextRun(after);
  return nextOfDay(rule.cron, rule.zone, after);
}

/** Times of day are looked for on the wall, and each becomes the one instant that it is. */
function nextOfDay(cron: string, zone: string, after: Date): Date | null {
  const walls = cronIn(cron, "UTC");
  let best: Date | null = null;
  let wall = new Date(Date.parse(`${wallOf(after, zone)}Z`) - furthest);
  for (;;) {
    const next = walls.nextRun(wall);
    if (!next) return best;
    wall = next;
    const shown = next.toISOString().slice(0, 19);
    // A time that moved forward may come after a later one of the wall's.
    if (best && shown > wallOf(best, zone)) return best;
    const at = instantOf(shown, zone);
    if (at > after && (!best || at < best)) best = at;
  }
}

/** Up to `most` fire times after an instant and not after `until`. */
export function firesOf(rule: Rule, range: { after: Date; until?: Date; most: number }): Date[] {
  const fires: Date[] = [];
  let at = nextFire(rule, range.after);
  while (at && fires.length < range.most && (!range.until || at <= range.until)) {
    fires.push(at);
    at = nextFire(rule, at);
  }
  return fires;
}
