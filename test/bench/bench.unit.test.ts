// The benches' arithmetic against values worked out by hand: what they print is only as good as this.
import { describe, expect, test } from "vitest";
import { readIn } from "../../bench/growth/plans.ts";
import { rounds } from "../../bench/kit/rounds.ts";
import { median, pairedRatio, percentile } from "../../bench/kit/stats.ts";
import { figure, isMet, render } from "../../bench/kit/table.ts";
import { randomFrom } from "../../bench/kit/texts.ts";
import { near, vectorText } from "../../bench/kit/vectors.ts";
import { byOwner, ownerOf } from "../../bench/kit/worker-bundle.ts";
import { awakeHour, billOf, kept, scaled, total } from "../../bench/prices.ts";

describe("middle values", () => {
  test("the median of an even number is the mean of the two in the middle, in whatever order they come", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow("no samples");
  });

  test("a percentile is a sample, by nearest rank", () => {
    const twenty = Array.from({ length: 20 }, (_, i) => 20 - i);
    expect([percentile(twenty, 0.95), percentile(twenty, 0.5), percentile(twenty, 1), percentile(twenty, 0)]).toEqual([
      19, 10, 20, 1,
    ]);
  });

  test("a ratio is taken round by round, so that one slow round of both does not count", () => {
    expect(pairedRatio([4, 400, 6], [2, 100, 2])).toEqual({ ratio: 3, low: 2, high: 4 });
  });
});

describe("rounds", () => {
  test("contestants take turns, another one first each time, and the warm-up is thrown away", async () => {
    const order: string[] = [];
    const one = (name: string) => async (round: number) => {
      order.push(name);
      return round;
    };
    const found = await rounds({ a: one("a"), b: one("b") }, { rounds: 2, warmup: 1 });
    expect(order.join("")).toBe("abbaab");
    expect(found).toEqual({ a: [1, 2], b: [1, 2] });
  });
});

describe("tables", () => {
  test("three significant digits, never an exponent", () => {
    expect([0, 0.01234, 1.005, 12.34, 1234.5, Number.NaN].map(figure)).toEqual([
      "0",
      "0.0123",
      "1.00",
      "12.3",
      "1235",
      "–",
    ]);
  });

  test("a bound itself is within the goal", () => {
    expect([isMet(2, { name: "P", atLeast: 2 }), isMet(1.99, { name: "P", atLeast: 2 })]).toEqual([true, false]);
    expect([isMet(2, { name: "P", atMost: 2 }), isMet(2.01, { name: "P", atMost: 2 })]).toEqual([true, false]);
  });

  test("says met, not met, and not measured", () => {
    const goal = { name: "P6", atLeast: 2 };
    const text = render({
      title: "speed",
      columns: ["ours"],
      rows: [
        { what: "a", cells: ["1 ms"], value: 3, unit: "x", goal },
        { what: "longer", cells: ["22 ms"], value: 1, unit: "x", goal, note: "why" },
        { what: "c", cells: [], goal },
        { what: "d", cells: ["4 ms"] },
      ],
    });
    expect(text.split("\n")).toEqual([
      "",
      "speed",
      "         ours  goal",
      "a        1 ms  P6: ≥ 2x  met",
      "longer  22 ms  P6: ≥ 2x  NOT MET",
      "c              P6: ≥ 2   not measured",
      "d        4 ms",
      "  longer: why",
    ]);
  });
});

describe("prices", () => {
  const usage = {
    qstashMessages: 50_000,
    redisCommands: 3_000_000,
    workerRequests: 1_050_000,
    workerCpuMs: 2_000_000,
    walBytes: 15_000_000_000,
  };

  test("counts times list prices, worked out by hand", () => {
    const bill = billOf(usage);
    expect(bill["QStash"]).toBeCloseTo(0.5, 10);
    expect(bill["Redis"]).toBeCloseTo(6, 10);
    expect(bill["Workers requests"]).toBeCloseTo(0.315, 10);
    expect(bill["Workers CPU"]).toBeCloseTo(0.04, 10);
    // 15 GB, each a thirtieth of a month.
    expect(bill["Neon history"]).toBeCloseTo(0.1, 10);
    expect(total(bill)).toBeCloseTo(6.955, 10);
  });

  test("twice the webhooks cost twice as much", () => {
    expect(total(billOf(scaled(usage, 2)))).toBeCloseTo(13.91, 10);
  });

  test("a quarter of a compute unit awake all month, and ten gigabytes kept", () => {
    expect(awakeHour() * 730).toBeCloseTo(19.345, 10);
    expect(kept(10_000_000_000)).toBeCloseTo(3.5, 10);
  });
});

test("bytes of a bundle belong to a package or to a folder of ours", () => {
  expect(ownerOf("../../main/node_modules/@neondatabase/serverless/index.mjs")).toBe("@neondatabase/serverless");
  expect(ownerOf("node_modules/zod/v4/core/core.js")).toBe("zod");
  expect(ownerOf("functions/brain/inbox/clean.ts")).toBe("our functions/brain/inbox");
  expect(ownerOf("functions/gateway/body.ts")).toBe("our functions/gateway");
  expect(byOwner({ "node_modules/a/x.js": 1, "db/client.ts": 5, "node_modules/a/y.js": 2 })).toEqual([
    ["our db", 5],
    ["a", 3],
  ]);
});

test("rows that a plan read: kept and thrown away, in every loop, scans only", () => {
  const scan = { "Node Type": "Index Scan", "Actual Rows": 3, "Actual Loops": 10, "Rows Removed by Filter": 2 };
  const join = { "Node Type": "Nested Loop", "Actual Rows": 30, "Actual Loops": 1, "Rows Removed by Join Filter": 99 };
  const heap = { "Node Type": "Bitmap Heap Scan", "Actual Rows": 7, "Actual Loops": 1 };
  const index = { "Node Type": "Bitmap Index Scan", "Actual Rows": 7, "Actual Loops": 1 };
  expect(readIn({ ...join, Plans: [scan, { ...heap, Plans: [index] }] })).toBe(57);
});

test("vectors are of length one, and as near their centre as was asked", () => {
  const random = randomFrom(1);
  const centre = near(random, new Float32Array(1536).fill(1), 0);
  const cosine = (spread: number) => near(random, centre, spread).reduce((sum, x, i) => sum + x * (centre[i] ?? 0), 0);
  expect(cosine(0)).toBeCloseTo(1, 5);
  expect(Math.abs(cosine(1))).toBeLessThan(0.15);
  expect(vectorText(Float32Array.from([0.12345678, -1, 0]))).toBe("[0.123457,-1,0]");
});
