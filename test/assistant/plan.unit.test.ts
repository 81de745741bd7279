// The plan as numbers: the same state gives the same order however it is shuffled, and each weight does what it says.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aheadBy, planOf, sumOf } from "#brain/assistant/planning.ts";
import { planRule, pointsOf, type State, type Task } from "#brain/assistant/score.ts";

const today = "2026-11-16";
const task = (id: string, more: Partial<Task> = {}): Task => ({
  id,
  title: `Task ${id}`,
  status: "open",
  priority: null,
  impact_score: null,
  due_date: null,
  updated_at: "2026-11-16T08:00:00+00:00",
  ...more,
});
const state = (tasks: Task[], more: Partial<State> = {}): State => ({ today, tasks, waits: [], supports: [], ...more });
const ids = (list: { task: Task }[]) => list.map((one) => one.task.id);

const anyTask = fc.record({
  status: fc.constantFrom<Task["status"]>("open", "open", "open", "blocked"),
  priority: fc.option(fc.integer({ min: 1, max: 4 })),
  impact_score: fc.option(fc.integer({ min: 1, max: 5 })),
  due_date: fc.option(fc.constantFrom("2026-11-10", "2026-11-16", "2026-11-17", "2026-11-20", "2027-01-01")),
  updated_at: fc.constantFrom(
    "2026-09-01T08:00:00+00:00",
    "2026-11-16T07:00:00.5+00:00",
    "2026-11-16T07:00:00.52+00:00",
  ),
});

const anyState = fc
  .record({
    tasks: fc.array(anyTask, { minLength: 1, maxLength: 40 }),
    waits: fc.array(fc.tuple(fc.nat(39), fc.nat(39), fc.boolean()), { maxLength: 40 }),
    supports: fc.array(fc.tuple(fc.nat(39), fc.nat(3)), { maxLength: 20 }),
  })
  .map(({ tasks, waits, supports }) => {
    const named = tasks.map((one, i) => task(`t${i}`, one));
    const has = (n: number) => n < named.length;
    return state(named, {
      waits: waits
        .filter(([a, b]) => has(a) && has(b))
        .map(([a, b, open]) => ({ task: `t${a}`, on: `t${b}`, type: "task", title: `Task t${b}`, open })),
      supports: supports
        .filter(([a]) => has(a))
        .map(([a, g]) => ({ task: `t${a}`, goal: `g${g}`, title: "Same goal" })),
    });
  });

/** A generator of the Lehmer kind decides where each goes. */
function shuffled<T>(list: T[], seed: number): T[] {
  let at = (seed % 2_147_483_646) + 1;
  const next = () => {
    at = (at * 48_271) % 2_147_483_647;
    return at;
  };
  return list
    .map((one) => ({ one, place: next() }))
    .sort((x, y) => x.place - y.place)
    .map(({ one }) => one);
}

describe("order", () => {
  test("a hundred shuffles of one state give the same plan, byte for byte", () => {
    fc.assert(
      fc.property(anyState, fc.integer({ min: 1 }), (read, seed) => {
        const wanted = JSON.stringify(planOf(read));
        for (let round = 0; round < 5; round++) {
          const { tasks, waits, supports } = read;
          const at = seed + round;
          const mixed = {
            today,
            tasks: shuffled(tasks, at),
            waits: shuffled(waits, at),
            supports: shuffled(supports, at),
          };
          expect(JSON.stringify(planOf(mixed))).toBe(wanted);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("nobody waits and is to be done at once, nobody is lost or shown twice, and points never rise down the list", () => {
    fc.assert(
      fc.property(anyState, (read) => {
        const { today: now, next, waiting, later, ready } = planOf(read);
        expect(now.length).toBeLessThanOrEqual(planRule.today);
        expect(next.length).toBeLessThanOrEqual(planRule.next);
        expect(now.length + next.length + later + waiting.length).toBe(read.tasks.length);
        expect(new Set(ids([...ready, ...waiting])).size).toBe(read.tasks.length);
        const waits = new Set(read.waits.filter(({ open }) => open).map((one) => one.task));
        for (const { task: one } of ready) expect(waits.has(one.id) || one.status === "blocked").toBe(false);
        for (const list of [ready, waiting])
          for (const [i, one] of list.entries()) expect(one.points).toBeLessThanOrEqual(list[i - 1]?.points ?? 1e9);
      }),
      { numRuns: 30 },
    );
  });

  test("ties are broken by date, urgency, age and id, in that order", () => {
    const far = { due_date: "2027-02-01" };
    const farther = { due_date: "2027-03-01" };
    expect(ids(planOf(state([task("b", farther), task("a", far)])).ready)).toEqual(["a", "b"]);
    // The same points: impact 5 is worth what the first priority is.
    const weighty = task("a", { impact_score: 5 });
    expect(ids(planOf(state([weighty, task("b", { priority: 1 })])).ready)).toEqual(["b", "a"]);
    expect(ids(planOf(state([task("a"), task("b", { updated_at: "2026-11-16T07:00:00+00:00" })])).ready)).toEqual([
      "b",
      "a",
    ]);
    expect(ids(planOf(state([task("b"), task("a")])).ready)).toEqual(["a", "b"]);
  });
});

describe("numbers", () => {
  test("each part has its weight, and what is blocked loses six", () => {
    const whole = { urgency: 100, impact: 100, goal: 100, staleness: 100, blocker: 0 };
    expect(pointsOf(whole)).toBe(1000);
    expect(pointsOf({ ...whole, blocker: 100 })).toBe(400);
    const [one] = planOf(
      state([task("a", { due_date: today, priority: 2, updated_at: "2026-11-01T08:00:00+00:00" })], {
        supports: [{ task: "a", goal: "g", title: "G" }],
      }),
    ).today;
    expect(one?.parts).toEqual({ urgency: 90, impact: 75, goal: 100, staleness: 50, blocker: 0 });
    expect(one?.points).toBe(360 + 225 + 200 + 50);
    expect(one && sumOf(one)).toBe("4 × 0.90 urgency + 3 × 0.75 impact + 2 × 1.00 goal + 1 × 0.50 staleness = 8.35");
    expect(one?.reasons).toEqual(["due_soon", "high_impact", "goal_alignment", "stale"]);
  });

  test("overdue, ready after waiting, and the one that frees another are said", () => {
    const read = state([task("late", { due_date: "2026-11-15" }), task("after"), task("key"), task("locked")], {
      waits: [
        { task: "after", on: "t", type: "task", title: "Done thing", open: false },
        { task: "locked", on: "key", type: "task", title: "Task key", open: true },
      ],
    });
    const { ready, waiting } = planOf(read);
    const said = Object.fromEntries([...ready, ...waiting].map((one) => [one.task.id, one.reasons]));
    expect(said).toEqual({ late: ["overdue"], after: ["dependency_ready"], key: ["quick_win"], locked: [] });
    expect(waiting.map(({ blockers }) => blockers.map(({ title }) => title))).toEqual([["Task key"]]);
    const [first, second] = ready;
    expect(first && second && aheadBy(first, second)).toBe("4.00 points");
  });
});
