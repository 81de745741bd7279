// When schedules fire: tables for the days on which clocks change, and rules that hold in every zone.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instantOf, wallOf } from "#brain/kernel/wall-time.ts";
import { complaintOf, firesOf, nextFire } from "#brain/shared/fire-times.ts";

const copenhagen = "Europe/Copenhagen";
const fires = (cron: string, after: string, until: string, zone = copenhagen) =>
  firesOf(
    { cron, everySeconds: null, zone },
    { after: new Date(new Date(after).getTime() - 1), until: new Date(until), most: 200 },
  ).map((at) => `${at.toISOString().slice(0, 16)}Z`);

describe("a wall's time becomes an instant", () => {
  test.each([
    ["2026-03-29T01:59:59", copenhagen, "2026-03-29T00:59:59Z"],
    ["2026-03-29T02:00:00", copenhagen, "2026-03-29T01:00:00Z"],
    ["2026-03-29T02:30:00", copenhagen, "2026-03-29T01:30:00Z"],
    ["2026-03-29T03:00:00", copenhagen, "2026-03-29T01:00:00Z"],
    ["2026-10-25T02:00:00", copenhagen, "2026-10-25T00:00:00Z"],
    ["2026-10-25T02:30:00", copenhagen, "2026-10-25T00:30:00Z"],
    ["2026-10-25T03:00:00", copenhagen, "2026-10-25T02:00:00Z"],
    ["2026-03-08T02:30:00", "America/New_York", "2026-03-08T07:30:00Z"],
    ["2026-11-01T01:30:00", "America/New_York", "2026-11-01T05:30:00Z"],
    // Half an hour of summer time, and a day that Samoa left out.
    ["2026-10-04T02:15:00", "Australia/Lord_Howe", "2026-10-03T15:45:00Z"],
    ["2026-04-05T01:45:00", "Australia/Lord_Howe", "2026-04-04T14:45:00Z"],
    ["2011-12-30T12:00:00", "Pacific/Apia", "2011-12-30T22:00:00Z"],
    ["2026-06-01T12:00:00", "Asia/Kathmandu", "2026-06-01T06:15:00Z"],
  ])("%s in %s", (wall, zone, at) => {
    expect(instantOf(wall, zone).toISOString()).toBe(at.replace("Z", ".000Z"));
  });
});

describe("in Copenhagen", () => {
  test("half past two fires once on the night without it, an hour later on the wall", () => {
    expect(fires("30 2 * * *", "2026-03-28T00:00Z", "2026-03-30T23:00Z")).toEqual([
      "2026-03-28T01:30Z",
      "2026-03-29T01:30Z",
      "2026-03-30T00:30Z",
    ]);
    expect(wallOf(new Date("2026-03-29T01:30Z"), copenhagen)).toBe("2026-03-29T03:30:00");
  });

  test("half past two fires once, the first time, on the night that has it twice", () => {
    expect(fires("30 2 * * *", "2026-10-24T00:00Z", "2026-10-26T23:00Z")).toEqual([
      "2026-10-24T00:30Z",
      "2026-10-25T00:30Z",
      "2026-10-26T01:30Z",
    ]);
  });

  test("asked within the repeated hour, the next is tomorrow's", () => {
    const rule = { cron: "30 2 * * *", everySeconds: null, zone: copenhagen };
    expect(nextFire(rule, new Date("2026-10-25T01:00Z"))?.toISOString()).toBe("2026-10-26T01:30:00.000Z");
    expect(nextFire(rule, new Date("2026-03-29T01:15Z"))?.toISOString()).toBe("2026-03-29T01:30:00.000Z");
  });

  test("two that meet because one moved forward fire once, and in order", () => {
    expect(fires("0,30 2,3 * * *", "2026-03-29T00:00Z", "2026-03-29T20:00Z")).toEqual([
      "2026-03-29T01:00Z",
      "2026-03-29T01:30Z",
    ]);
  });

  test("every quarter of an hour goes on through both nights without a hole or a heap", () => {
    for (const [from, to] of [
      ["2026-03-28T22:00Z", "2026-03-29T06:00Z"],
      ["2026-10-24T22:00Z", "2026-10-25T06:00Z"],
    ] as const) {
      const all = fires("*/15 * * * *", from, to).map((at) => Date.parse(at));
      expect(all).toHaveLength(33);
      for (const [i, at] of all.entries()) expect(at - (all[i - 1] ?? at - 900_000)).toBe(900_000);
    }
  });

  test("office hours on weekdays stay office hours", () => {
    expect(fires("0 7 * * 1-5", "2026-03-26T12:00Z", "2026-03-31T12:00Z")).toEqual([
      "2026-03-27T06:00Z",
      "2026-03-30T05:00Z",
      "2026-03-31T05:00Z",
    ]);
  });
});

test("every so many seconds is counted from the epoch, whoever counts", () => {
  const rule = { cron: null, everySeconds: 1200, zone: copenhagen };
  expect(nextFire(rule, new Date("2026-03-29T00:59:59Z"))?.toISOString()).toBe("2026-03-29T01:00:00.000Z");
  expect(nextFire(rule, new Date("2026-03-29T01:00:00Z"))?.toISOString()).toBe("2026-03-29T01:20:00.000Z");
});

test.each([
  ["61 * * * *", /minute/],
  ["* 25 * * *", /hour/],
  ["0 0 31 2 *", /never/],
  ["* * * *", /five fields/],
  ["0 0 * * * *", /five fields/],
  ["@daily", /five fields/],
  ["a b c d e", /illegal|number/],
  ["*/0 * * * *", /0/],
  ["", /five fields/],
])("%j is no cron expression, and what is wrong is said", (cron, complaint) => {
  expect(complaintOf(cron, new Date("2026-11-15"))).toMatch(complaint);
});

const zones = [
  "Europe/Copenhagen",
  "Europe/London",
  "Europe/Dublin",
  "America/New_York",
  "America/St_Johns",
  "America/Santiago",
  "Africa/Casablanca",
  "Africa/Cairo",
  "Asia/Kathmandu",
  "Asia/Beirut",
  "Australia/Lord_Howe",
  "Pacific/Chatham",
  "Pacific/Kiritimati",
  "UTC",
];
const zone = fc.constantFrom(...zones);
const moment = fc.integer({ min: Date.UTC(2024, 0, 1) / 60_000, max: Date.UTC(2028, 0, 1) / 60_000 });

describe("in any zone", () => {
  test("what a clock shows leads back to the instant, or to the first at which it showed that", () => {
    fc.assert(
      fc.property(zone, moment, (name, minute) => {
        const at = new Date(minute * 60_000);
        const back = instantOf(wallOf(at, name), name);
        expect(wallOf(back, name)).toBe(wallOf(at, name));
        expect(back.getTime()).toBeLessThanOrEqual(at.getTime());
        expect(at.getTime() - back.getTime()).toBeLessThanOrEqual(3 * 3_600_000);
      }),
      { numRuns: 500 },
    );
  });

  test("a time of day fires once on each local day, at that time or moved forward over a gap", () => {
    const time = fc.record({ hour: fc.nat(23), minute: fc.nat(59) });
    fc.assert(
      fc.property(zone, moment, time, (name, minute, { hour, minute: past }) => {
        const rule = { cron: `${past} ${hour} * * *`, everySeconds: null, zone: name };
        const after = new Date(minute * 60_000);
        const times = firesOf(rule, { after, most: 5 });
        expect(times).toHaveLength(5);
        expect(times[0]?.getTime()).toBeGreaterThan(after.getTime());
        expect((times[0]?.getTime() ?? 0) - after.getTime()).toBeLessThanOrEqual(26 * 3_600_000);
        const days = times.map((at) => wallOf(at, name).slice(0, 10));
        expect(new Set(days).size).toBe(5);
        const wanted = `${String(hour).padStart(2, "0")}:${String(past).padStart(2, "0")}:00`;
        for (const at of times) {
          const shown = wallOf(at, name);
          if (shown.slice(11) === wanted) expect(instantOf(shown, name)).toEqual(at);
          else expect(instantOf(`${shown.slice(0, 10)}T${wanted}`, name)).toEqual(at);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("asking from any moment before a fire time finds it: the next is the next, however often one asks", () => {
    const cron = fc.constantFrom("*/7 * * * *", "0 */6 * * *", "15,45 1-3 * * *", "30 2 * * 0", "0 0 1 * *");
    fc.assert(
      fc.property(zone, moment, cron, fc.double({ min: 0, max: 1, noNaN: true }), (name, minute, pattern, part) => {
        const rule = { cron: pattern, everySeconds: null, zone: name };
        const after = new Date(minute * 60_000);
        const first = nextFire(rule, after);
        if (!first) throw new Error("never fires");
        const between = after.getTime() + Math.floor((first.getTime() - after.getTime() - 1) * part);
        expect(nextFire(rule, new Date(between))).toEqual(first);
      }),
      { numRuns: 200 },
    );
  });
});
