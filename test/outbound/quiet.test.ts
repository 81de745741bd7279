// Quiet hours against an oracle that knows nothing of the algorithm: Intl says what each clock shows, quarter of an hour by quarter.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { wallOf } from "#brain/kernel/wall-time.ts";
import { database, type TestDatabase } from "#test/kit/database.ts";

let neon: TestDatabase;
beforeAll(async () => {
  neon = await database();
});

const quarter = 900_000;
const horizon = 12 * 86_400_000;
type Night = { zones: string[]; from: string; until: string };

const isQuiet = (at: number, { zones, from, until }: Night) =>
  zones.some((zone) => {
    const wall = wallOf(new Date(at), zone).slice(11, 16);
    if (from === until) return false;
    return from > until ? wall >= from || wall < until : wall >= from && wall < until;
  });

/**
 * The first quarter from `at` on outside everybody's night. Zones that share no hour this week may share one when the
 * second of them has changed its clocks, so it looks some days ahead.
 */
function oracle(at: number, night: Night): number | undefined {
  if (!isQuiet(at, night)) return at;
  for (let then = Math.ceil(at / quarter) * quarter; then < at + horizon; then += quarter)
    if (!isQuiet(then, night)) return then;
  return undefined;
}

async function waking(at: number, { zones, from, until }: Night): Promise<number | undefined> {
  const [row] = await neon.query("select outbound.waking_at($1, $2::time, $3::time, $4::timestamptz)::text as at", [
    `{${zones.join(",")}}`,
    from,
    until,
    new Date(at).toISOString(),
  ]);
  return row?.["at"] === "infinity" ? undefined : Date.parse(String(row?.["at"]));
}

const states = [
  "America/New_York",
  "America/Chicago",
  "America/Denver",
  "America/Los_Angeles",
  "America/Anchorage",
  "Pacific/Honolulu",
];
const places: string[][] = [
  ["Europe/Copenhagen"],
  ["UTC"],
  ["America/New_York"],
  states,
  ["Australia/Perth", "Australia/Adelaide", "Australia/Sydney"],
  ["Europe/Lisbon", "Atlantic/Azores"],
  ["America/Sao_Paulo"],
  ["Asia/Kathmandu"],
  ["Europe/Copenhagen", "America/New_York"],
];
const zones = fc.constantFrom(...places);
const quarters = fc
  .integer({ min: 0, max: 95 })
  .map((n) => `${String(Math.floor(n / 4)).padStart(2, "0")}:${String((n % 4) * 15).padStart(2, "0")}`);
const near = (day: string) =>
  fc.integer({ min: -36 * 60, max: 36 * 60 }).map((minutes) => Date.parse(`${day}T01:00:00Z`) + minutes * 60_000);
/** Around both changes of clocks in Europe and in the States, and any day of the year. */
const moments = fc.oneof(
  near("2026-03-29"),
  near("2026-10-25"),
  near("2026-03-08"),
  near("2026-11-01"),
  near("2026-07-01"),
);

const clockChange = ["2026-03-29", "2026-03-08", "2026-10-04", "2026-04-05"];

describe("the end of the night", () => {
  test("is the first moment at which nobody's clock says it is quiet", async () => {
    await fc.assert(
      fc.asyncProperty(zones, quarters, quarters, moments, async (where, from, until, at) => {
        const night = { zones: where, from, until };
        const [expected, found] = [oracle(at, night), await waking(at, night)];
        if (expected === undefined) {
          expect(found ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(at + horizon);
          return;
        }
        if (found === undefined) throw new Error(`never, where ${new Date(expected).toISOString()} is possible`);
        expect(isQuiet(found, night)).toBe(false);
        // An end that no clock shows (02:30 on the day that clocks go forward) moves on by the hour that is missing.
        const skipped = clockChange.some((day) => where.some((zone) => wallOf(new Date(found), zone).startsWith(day)));
        expect(found - expected).toBeGreaterThanOrEqual(0);
        expect(found - expected).toBeLessThanOrEqual(skipped ? 3_600_000 : 0);
      }),
      { numRuns: 400 },
    );
  });

  test.each<[string, string[], string, string, string?, string?]>([
    ["in summer", ["Europe/Copenhagen"], "2026-03-28T21:30:00Z", "2026-03-29T06:00:00Z"],
    ["after clocks went forward", ["Europe/Copenhagen"], "2026-03-29T19:30:00Z", "2026-03-30T06:00:00Z"],
    ["after clocks went back", ["Europe/Copenhagen"], "2026-10-24T20:30:00Z", "2026-10-25T07:00:00Z"],
    ["in the first of two hours", ["Europe/Copenhagen"], "2026-10-25T00:30:00Z", "2026-10-25T07:00:00Z"],
    [
      "shown once more before it began",
      ["Europe/Lisbon", "Atlantic/Azores"],
      "2026-10-25T00:59:00Z",
      "2026-10-25T01:00:00Z",
      "01:15",
      "00:00",
    ],
    [
      "with an end that is skipped",
      ["Europe/Copenhagen"],
      "2026-03-29T00:59:00Z",
      "2026-03-29T01:00:00Z",
      "03:15",
      "02:15",
    ],
    ["somewhere in the States", states, "2026-11-02T04:00:00Z", "2026-11-02T18:00:00Z"],
    ["where it is not quiet anywhere", states, "2026-11-02T20:00:00Z", "2026-11-02T20:00:00Z"],
  ])("%s", async (_, where, at, expected, from = "21:00", until = "08:00") => {
    const found = await waking(Date.parse(at), { zones: where, from, until });
    expect(new Date(found ?? 0).toISOString()).toBe(new Date(expected).toISOString());
  });

  test("that clocks show twice ends the night twice, and does not hang between", async () => {
    const night = { zones: ["Europe/Copenhagen"], from: "21:00", until: "02:30" };
    expect(await waking(Date.parse("2026-10-25T00:15:00Z"), night)).toBe(Date.parse("2026-10-25T00:30:00Z"));
    expect(await waking(Date.parse("2026-10-25T01:15:00Z"), night)).toBe(Date.parse("2026-10-25T01:30:00Z"));
  });

  test("never comes for zones that share no waking hour", async () => {
    expect(
      await waking(Date.parse("2026-11-02T04:00:00Z"), {
        zones: ["Europe/Copenhagen", "Pacific/Auckland"],
        from: "10:00",
        until: "08:00",
      }),
    ).toBeUndefined();
  });
});
