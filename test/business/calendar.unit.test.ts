// The calendar that the story runs on.
import fc from "fast-check";
import { expect, test } from "vitest";
import { at, businessDay, date, dayBefore, dayOf, weekday } from "#local/business/calendar.ts";

const days = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true })
  .map((instant) => dayOf(instant));

test("a Danish clock reads two hours ahead of UTC in summer and one in winter", () => {
  expect(at(Date.UTC(2026, 6, 1), "08:15").toISOString()).toBe("2026-07-01T06:15:00.000Z");
  expect(at(Date.UTC(2026, 10, 21), "08:15").toISOString()).toBe("2026-11-21T07:15:00.000Z");
});

test("an hour that spring leaves out moves forward", () => {
  expect(at(Date.UTC(2026, 2, 29), "02:30").toISOString()).toBe("2026-03-29T01:30:00.000Z");
});

test("an hour that autumn repeats is the first of the two", () => {
  expect(at(Date.UTC(2026, 9, 25), "02:30").toISOString()).toBe("2026-10-25T00:30:00.000Z");
});

test("days agree with the time zone database", () => {
  const zone = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Copenhagen" });
  const instants = fc.date({ min: new Date("2000-01-01"), max: new Date("2040-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(instants, (instant) => {
      expect(new Date(dayOf(instant)).toISOString().slice(0, 10)).toBe(zone.format(instant));
    }),
  );
});

test("late in the evening in UTC is already tomorrow in Denmark", () => {
  expect(dayOf(new Date("2026-07-01T22:30:00Z"))).toBe(Date.UTC(2026, 6, 2));
});

test("business days skip weekends in both directions", () => {
  const sunday = Date.UTC(2026, 10, 22);
  expect(businessDay(sunday, -1)).toBe(Date.UTC(2026, 10, 20));
  expect(businessDay(sunday, 0)).toBe(Date.UTC(2026, 10, 23));
  expect(businessDay(sunday, -6)).toBe(Date.UTC(2026, 10, 13));
  expect(businessDay(sunday, 4)).toBe(Date.UTC(2026, 10, 27));
});

test("business days are working days, in order, on the right side of today", () => {
  fc.assert(
    fc.property(days, fc.integer({ min: -80, max: 79 }), (today, n) => {
      const day = businessDay(today, n);
      expect(["Saturday", "Sunday"]).not.toContain(weekday(day, "en"));
      expect(day < today).toBe(n < 0);
      expect(businessDay(today, n + 1)).toBeGreaterThan(day);
    }),
  );
});

test("every wall-clock minute of the working day reads back as itself", () => {
  fc.assert(
    fc.property(days, fc.integer({ min: 4, max: 23 }), fc.integer({ min: 0, max: 59 }), (day, hour, minute) => {
      const instant = at(day, `${hour}:${String(minute).padStart(2, "0")}`);
      expect(dayOf(instant)).toBe(day);
      expect(dayOf(new Date(instant.getTime() - 86_400_000 + 7_200_000))).toBeLessThanOrEqual(
        dayBefore(day) + 86_400_000,
      );
    }),
  );
});

test("days are named as people say them", () => {
  expect(date(Date.UTC(2026, 7, 14), "en")).toBe("14 August");
  expect(date(Date.UTC(2026, 7, 14), "da")).toBe("14. august");
  expect(weekday(Date.UTC(2026, 7, 13), "da")).toBe("torsdag");
});
