// Cron and time zones where they will be worked out: inside workerd, with its own calendar data.
import { expect, test } from "vitest";
import { firesOf } from "#brain/shared/fire-times.ts";

test.each([
  ["30 2 * * *", "2026-03-28T12:00:00Z", ["2026-03-29T01:30:00.000Z", "2026-03-30T00:30:00.000Z"]],
  ["30 2 * * *", "2026-10-24T12:00:00Z", ["2026-10-25T00:30:00.000Z", "2026-10-26T01:30:00.000Z"]],
  ["*/30 * * * *", "2026-10-25T00:30:00Z", ["2026-10-25T01:00:00.000Z", "2026-10-25T01:30:00.000Z"]],
])("%s after %s in Copenhagen", (cron, after, expected) => {
  const rule = { cron, everySeconds: null, zone: "Europe/Copenhagen" };
  expect(firesOf(rule, { after: new Date(after), most: 2 }).map((at) => at.toISOString())).toEqual(expected);
});
