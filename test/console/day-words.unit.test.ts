// What the planner's pages say of dates and numbers, and the picture of links: nothing overlaps, the same links look the same.

import fc from "fast-check";
import { expect, test } from "vitest";
import { box } from "#gateway/console/columns-layout.ts";
import { daysOn, dueWords, nextMonday, outcomeOf } from "#gateway/console/day-words.ts";
import { pictureOf } from "#gateway/console/links-layout.ts";
import type { CaptureRow, MapShape } from "#gateway/console/shapes.ts";

test("a day is said from today: late, near, by its weekday, by its date", () => {
  const today = "2026-11-16";
  const said = ["2026-11-13", "2026-11-15", today, "2026-11-17", "2026-11-20", "2026-11-23", "2027-01-02"];
  expect(said.map((due) => dueWords(due, today))).toEqual([
    "3 days late",
    "1 day late",
    "Today",
    "Tomorrow",
    "Friday",
    "23 Nov",
    "2 Jan 2027",
  ]);
  expect([nextMonday("2026-11-16"), nextMonday("2026-11-22"), daysOn("2026-12-31", 1)]).toEqual([
    "2026-11-23",
    "2026-11-23",
    "2027-01-01",
  ]);
});

test("what came of something said, in a word", () => {
  const said = { outcome: "nothing", changes: 0, asked: [], undone_at: null } as unknown as CaptureRow;
  const asked = [{ id: "q" }] as unknown as CaptureRow["asked"];
  const words = [said, { ...said, asked }, { ...said, changes: 2, asked }, { ...said, outcome: "failed" as const }];
  expect([...words, { ...said, changes: 1, undone_at: "x" }].map((one) => outcomeOf(one).word)).toEqual([
    "Kept, nothing to do in it",
    "Kept, and asked about",
    "Written down",
    "Kept, not understood",
    "Taken back",
  ]);
});

const types = ["depends_on", "blocks", "supports_goal", "related", "addresses_problem"] as const;

/** Links lead from a later thing to an earlier one, as where no circle can be. */
const maps: fc.Arbitrary<MapShape> = fc
  .tuple(
    fc.array(fc.constantFrom("task" as const, "goal" as const, "problem" as const), { minLength: 2, maxLength: 14 }),
    fc.array(fc.tuple(fc.nat({ max: 13 }), fc.nat({ max: 13 }), fc.constantFrom(...types)), { maxLength: 20 }),
  )
  .map(([kinds, pairs]) => ({
    things: kinds.map((entity_type, i) => ({
      id: `t${i}`,
      entity_type,
      title: `T${i % 5}`,
      status: "open",
      is_open: true,
    })),
    links: pairs.flatMap(([a, b, type], i) => {
      const [from, to] = type === "blocks" ? [Math.min(a, b), Math.max(a, b)] : [Math.max(a, b), Math.min(a, b)];
      return from === to || Math.max(a, b) >= kinds.length
        ? []
        : [{ id: `l${i}`, from: `t${from}`, type, to: `t${to}` }];
    }),
    left_off: 0,
  }));

test("no two boxes touch, each arrow is drawn, what comes first stands behind, and order in makes no difference", () => {
  fc.assert(
    fc.property(maps, (map) => {
      const { nodes, edges, width, height } = pictureOf(map);
      expect(edges).toHaveLength(map.links.length);
      for (const { path } of edges) expect(path).toMatch(/^M[-\d. ]+C[-\d. ]+(L[-\d. ]+C[-\d. ]+)*$/);
      for (const [i, a] of nodes.entries()) {
        expect([a.x >= 0, a.y >= 0, a.x + box.width <= width, a.y + box.height <= height]).toEqual([
          true,
          true,
          true,
          true,
        ]);
        for (const b of nodes.slice(i + 1)) expect(a.x !== b.x || Math.abs(a.y - b.y) >= box.height).toBe(true);
      }
      const at = new Map(nodes.map((node) => [node.id, node]));
      for (const { from, type, to } of map.links.filter(({ type }) => type === "depends_on")) {
        const [waits, first] = [at.get(from), at.get(to)];
        if (waits?.entity_type === "task" && first?.entity_type === "task")
          expect([type, first.x > waits.x]).toEqual([type, true]);
      }
      const places = (of: MapShape) => pictureOf(of).nodes.map(({ id, x, y }) => [id, x, y]);
      expect(places({ ...map, things: map.things.toReversed() })).toEqual(places(map));
    }),
    { numRuns: 100 },
  );
});

test("a circle, which the database refuses, would still be drawn", () => {
  const thing = (id: string) => ({ id, entity_type: "task" as const, title: id, status: "open", is_open: true });
  const link = (from: string, to: string) => ({ id: from + to, from, type: "depends_on" as const, to });
  expect(
    pictureOf({ things: [thing("a"), thing("b")], links: [link("a", "b"), link("b", "a")], left_off: 0 }).nodes,
  ).toHaveLength(2);
});
