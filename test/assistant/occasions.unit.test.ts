// When a member is to hear something, run a quarter of an hour by quarter through weeks in which clocks change.
import fc from "fast-check";
import { expect, test } from "vitest";
import { dueOf, type Occasion, type Rhythm } from "#brain/assistant/occasions.ts";
import type { ReviewPart } from "#brain/assistant/review.ts";
import { planWords, reminderWords, reviewWords } from "#brain/assistant/rhythm-words.ts";
import type { State } from "#brain/assistant/score.ts";
import { mondayOf, weekOf } from "#brain/assistant/understand/days.ts";
import { wallOf } from "#brain/kernel/wall-time.ts";

const quarter = 15 * 60_000;
const base: Rhythm = {
  user_id: "u",
  channel: "email",
  address: "x@example.com",
  language: "en",
  zone: "Europe/Copenhagen",
  quiet_from: "21:00:00",
  quiet_until: "07:00:00",
  plan_on: true,
  plan_at: "07:30:00",
  plan_days: [1, 2, 3, 4, 5],
  review_on: true,
  review_at: "15:00:00",
  review_day: 5,
  reminders_on: true,
  reminders_at: "16:00:00",
  heard: [],
};

const night = (time: string, { quiet_from: from, quiet_until: until }: Rhythm) =>
  from < until ? time >= from && time < until : from > until && (time >= from || time < until);

/** The job every quarter of an hour for six days: what was told, and when. */
function lived(rhythm: Rhythm, start: string) {
  const heard: string[] = [];
  const told: { occasion: Occasion; day: string; at: Date; expires: Date }[] = [];
  for (let at = Date.parse(start); at < Date.parse(start) + 6 * 86_400_000; at += quarter)
    for (const one of dueOf({ ...rhythm, heard }, new Date(at))) {
      heard.push(`${one.occasion} ${one.day}`);
      told.push({ ...one, at: new Date(at) });
    }
  return told;
}

const clock = fc
  .integer({ min: 0, max: 95 })
  .map((n) => `${String(Math.floor(n / 4)).padStart(2, "0")}:${String((n % 4) * 15).padStart(2, "0")}:00`);
const rhythms = fc
  .record({
    zone: fc.constantFrom(
      "Europe/Copenhagen",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
      "Pacific/Apia",
    ),
    quiet_from: clock,
    quiet_until: clock,
    plan_at: clock,
    reminders_at: clock,
    review_at: clock,
    review_day: fc.integer({ min: 1, max: 7 }),
  })
  .map((some) => ({ ...base, plan_days: [1, 2, 3, 4, 5, 6, 7], ...some }))
  // As PATCH allows it.
  .filter((rhythm) => [rhythm.plan_at, rhythm.review_at, rhythm.reminders_at].every((time) => !night(time, rhythm)));
/** Around changes of clocks, north and south, and a quiet week. */
const starts = fc.constantFrom(
  "2026-10-23T00:00:00Z",
  "2027-03-12T00:00:00Z",
  "2027-03-26T00:00:00Z",
  "2027-04-01T00:00:00Z",
  "2026-07-01T00:00:00Z",
);

test("each occasion comes once on its day, never in quiet hours, and lives no longer than until they begin", () => {
  fc.assert(
    fc.property(rhythms, starts, (rhythm, start) => {
      const told = lived(rhythm, start);
      const keys = told.map(({ occasion, day }) => `${occasion} ${day}`);
      expect(new Set(keys).size).toBe(keys.length);
      for (const { at, expires } of told) {
        expect(night(wallOf(at, rhythm.zone).slice(11), rhythm)).toBe(false);
        expect(expires.getTime()).toBeGreaterThan(at.getTime());
        for (let t = at.getTime(); t < expires.getTime(); t += quarter)
          expect(night(wallOf(new Date(t), rhythm.zone).slice(11), rhythm)).toBe(false);
      }
      // Five whole days lie within six, whatever the zone.
      for (const occasion of ["plan", "reminder"])
        expect(told.filter((one) => one.occasion === occasion).length).toBeGreaterThanOrEqual(5);
      for (const { occasion, day } of told)
        if (occasion === "review") expect(new Date(`${day}T00:00:00Z`).getUTCDay() || 7).toBe(rhythm.review_day);
    }),
    { numRuns: 20 },
  );
});

test("quiet hours that would begin while clocks are put forward begin then", () => {
  const zone = "America/New_York";
  const quiet = { zone, quiet_from: "02:15:00", quiet_until: "03:15:00", plan_at: "00:00:00", plan_days: [7] };
  const [due] = dueOf({ ...base, ...quiet, reminders_on: false, review_on: false }, new Date("2027-03-14T05:00:00Z"));
  // 02:00 EST is 03:00 EDT.
  expect(due).toMatchObject({ occasion: "plan", expires: new Date("2027-03-14T07:00:00Z") });
});

test("what is switched off, or not this day's, does not come; what is two hours late does not either", () => {
  const at = (instant: string, more: Partial<Rhythm> = {}) =>
    dueOf({ ...base, ...more }, new Date(instant)).map(({ occasion }) => occasion);
  expect(at("2026-11-23T06:30:00Z")).toEqual(["plan"]);
  expect(at("2026-11-23T06:30:00Z", { plan_on: false })).toEqual([]);
  expect(at("2026-11-22T06:30:00Z")).toEqual([]);
  expect(at("2026-11-23T08:29:59Z")).toEqual(["plan"]);
  expect(at("2026-11-23T08:30:00Z")).toEqual([]);
  expect(at("2026-11-27T15:00:00Z")).toEqual(["review", "reminder"]);
  // Shortly before midnight, met after it: still of the day before.
  const late = { quiet_from: "03:00:00", quiet_until: "06:00:00", plan_at: "23:45:00", reminders_on: false };
  expect(dueOf({ ...base, ...late }, new Date("2026-11-23T23:10:00Z"))).toMatchObject([
    { occasion: "plan", day: "2026-11-23" },
  ]);
});

test("the longest words still fit into one Telegram message, and where there is nothing to say there are none", () => {
  const title = "æ".repeat(300);
  const tasks = Array.from({ length: 40 }, (_, i) => ({
    id: `t${i}`,
    title,
    status: "open" as const,
    priority: 1,
    impact_score: 5,
    due_date: i % 2 ? "2026-11-23" : "2026-11-24",
    updated_at: "2026-01-01T00:00:00Z",
  }));
  const supports = tasks.map(({ id }) => ({ task: id, goal: "g", title }));
  const state: State = { today: "2026-11-23", tasks, supports, waits: [] };
  const items = Array.from({ length: 100 }, () => ({ id: "x", title, due_date: null, on: null }));
  const parts: ReviewPart[] = ["done", "slipped", "stale", "still_goals", "open_problems", "questions", "next_week"];
  const week = {
    from: "2026-11-23",
    until: "2026-11-29",
    counts: Object.fromEntries(parts.map((part) => [part, 400])),
    ...Object.fromEntries(parts.map((part) => [part, items])),
  };
  const empty: State = { today: "2026-11-23", tasks: [], supports: [], waits: [] };
  for (const language of ["en", "da"] as const) {
    for (const words of [planWords(state, language), reminderWords(state, language), reviewWords(week, language)]) {
      expect(words?.text.length).toBeGreaterThan(200);
      expect(words?.text.length).toBeLessThanOrEqual(4096);
    }
    expect([
      planWords(empty, language),
      reminderWords(empty, language),
      reviewWords({ from: "2026-11-23", until: "2026-11-29", counts: {} }, language),
    ]).toEqual([null, null, null]);
  }
});

test("a week by its number: of the year of its Thursday, and only one that there is", () => {
  for (const [day, week] of [
    ["2026-01-01", "2026-W01"],
    ["2027-01-03", "2026-W53"],
    ["2024-12-30", "2025-W01"],
    ["2026-11-22", "2026-W47"],
  ] as const)
    expect(weekOf(day)).toBe(week);
  expect([mondayOf("2026-W53"), mondayOf("2025-W53"), mondayOf("2026-W00"), mondayOf("2026-W47")]).toEqual([
    "2026-12-28",
    undefined,
    undefined,
    "2026-11-16",
  ]);
});
