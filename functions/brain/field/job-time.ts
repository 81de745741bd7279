/** What timers add up to. Breaks lie within the work; a timer that still runs counts until now. Pure. */
import * as z from "zod/v4";

export const Timer = () =>
  z.object({
    id: z.string(),
    tech: z.string(),
    kind: z.enum(["travel", "work", "break"]),
    started_at: z.string(),
    stopped_at: z.string().nullable().describe("Null while it runs"),
  });

export type TimerView = z.output<ReturnType<typeof Timer>>;

export const Time = () =>
  z.object({
    travel_seconds: z.int(),
    break_seconds: z.int(),
    worked_seconds: z.int().describe("Work without its breaks"),
    variance_seconds: z.int().nullable().describe("Worked, less what it was thought to take; null without an estimate"),
    efficiency: z.number().nullable().describe("Estimate by actual; null while one of them is missing or nothing"),
  });

const secondsOf = ({ started_at, stopped_at }: TimerView, now: string): number =>
  Math.max(0, Math.round((Date.parse(stopped_at ?? now) - Date.parse(started_at)) / 1000));

export function timeOf(of: { timers: readonly TimerView[]; minutes: number | null; now: string }) {
  const sum = (kind: TimerView["kind"]) =>
    of.timers.filter((timer) => timer.kind === kind).reduce((total, timer) => total + secondsOf(timer, of.now), 0);
  const breaks = sum("break");
  const worked = Math.max(0, sum("work") - breaks);
  const estimate = of.minutes === null ? null : of.minutes * 60;
  return {
    travel_seconds: sum("travel"),
    break_seconds: breaks,
    worked_seconds: worked,
    variance_seconds: estimate === null ? null : worked - estimate,
    efficiency: estimate === null || worked === 0 ? null : Math.round((estimate / worked) * 100) / 100,
  };
}
