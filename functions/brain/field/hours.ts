/** Hours as people write them, `08:30`, and as minutes since midnight. The end of a day is `24:00`. */
import * as z from "zod/v4";

export const Hour = () => z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, "must be a time of day, such as 08:30");

/** 1 Monday … 7 Sunday (ISO 8601). */
export const Weekday = () => z.int().min(1).max(7);

export function minuteOf(hour: string): number {
  const [hours = 0, minutes = 0] = hour.split(":").map(Number);
  return hours * 60 + minutes;
}

export const hourOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

export const isLater = ({ from, until }: { from: string; until: string }): boolean => minuteOf(from) < minuteOf(until);
