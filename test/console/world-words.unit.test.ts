// Values as they are typed and said, the steps of a slider, and a picture in which no two boxes touch.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { box } from "#gateway/console/columns-layout.ts";
import type { EntityRow, RelationRow } from "#gateway/console/shapes.ts";
import { worldPictureOf } from "#gateway/console/world-picture.ts";
import { momentIn, momentOf, stepsOf, typedValue, valueWords } from "#gateway/console/world-words.ts";

test("a value is typed as it is said", () => {
  for (const [text, type] of [
    ["695.00 DKK", "currency"],
    ["1200 JPY", "currency"],
    ["8 to 16", "string"],
    ["14", "number"],
    ['{"a":1}', "json"],
  ] as const)
    expect(valueWords(typedValue(text, type), null)).toBe(text);
  expect(typedValue("695,5 DKK", "currency")).toEqual({ amount_minor: 69_550, currency: "DKK" });
  expect(typedValue("much", "currency")).toBe("much");
  expect(typedValue("{", "json")).toBe("{");
});

describe("a slider", () => {
  const instants = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "2026-03-01T00:00:00.000001Z"];

  test("stands behind as many changes as there were, to the microsecond", () => {
    const at = (chosen: string) => stepsOf(instants, chosen).at;
    expect([at("2025-12-31T23:59:59.999Z"), at(instants[0] ?? ""), at("2026-01-01T00:00:00.499Z")]).toEqual([0, 1, 1]);
    expect([at(instants[1] ?? ""), at("2026-03-01T00:00:00Z"), at(instants[2] ?? "")]).toEqual([2, 2, 3]);
  });

  test("each step is the moment it stands for; past the ends there is none", () => {
    for (const step of [0, 1, 2, 3]) expect(stepsOf(instants, momentOf({ instants }, step) ?? "").at).toBe(step);
    expect([momentOf({ instants }, -1), momentOf({ instants }, 4), momentOf({ instants: [] }, 0)]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test("an address carries moments only", () => {
    expect(momentIn("2026-03-01T00:00:00.000001Z")).toBe("2026-03-01T00:00:00.000001Z");
    for (const text of [undefined, "", "yesterday", "2026-13-01T00:00:00Z", "2026-03-01", "0000-03-01T00:00:00Z"])
      expect(momentIn(text)).toBeUndefined();
  });
});

describe("the picture", () => {
  const entity = (n: number) => ({ id: `ent_${n}`, name: `N${n % 3}`, type: "Person" }) as EntityRow;
  const relation = ([from, to]: [number, number], n: number) =>
    ({ id: `rel_${n}`, from: `ent_${from}`, to: `ent_${to}`, type: "WORKS_AT" }) as RelationRow;
  const pairs = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 20 });

  test("no two boxes touch, every end is drawn, and the order of what is told changes nothing", () => {
    fc.assert(
      fc.property(pairs, (ends) => {
        const entities = Array.from({ length: 10 }, (_, n) => entity(n));
        const relations = ends.map(relation);
        const { nodes, spots, edges, paths } = worldPictureOf(entities, relations);
        const places = nodes.map(({ id }) => spots.get(id) ?? { x: -1, y: -1 });
        for (const [i, a] of places.entries())
          for (const b of places.slice(i + 1)) expect(a.x !== b.x || Math.abs(a.y - b.y) >= box.height).toBe(true);
        expect(paths.filter((path) => !path.includes("NaN"))).toHaveLength(edges.length);
        expect(edges).toHaveLength(relations.length);
        expect(worldPictureOf(entities.toReversed(), relations.toReversed()).spots).toEqual(spots);
      }),
      { numRuns: 100 },
    );
  });
});
