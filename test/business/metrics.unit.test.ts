// Recall and rank figures against values counted by hand.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Question, Row } from "#local/business/model.ts";
import { bootstrap, ndcgAt, recallAt, reciprocalRankAt, scores } from "../../bench/recall/metrics.ts";
import { bm25, fused, ordered, tokens, visible } from "../../bench/recall/offline.ts";

const ranked = ["a", "b", "c", "d", "e"];

describe("by hand", () => {
  test("recall is the found part of the evidence", () => {
    expect(recallAt(2, { ranked, evidence: ["b", "e"] })).toBe(0.5);
    expect(recallAt(5, { ranked, evidence: ["b", "e"] })).toBe(1);
    expect(recallAt(5, { ranked, evidence: ["x"] })).toBe(0);
  });

  test("the reciprocal rank is that of the first hit, if it is early enough", () => {
    expect(reciprocalRankAt(10, { ranked, evidence: ["d", "c"] })).toBe(1 / 3);
    expect(reciprocalRankAt(2, { ranked, evidence: ["c"] })).toBe(0);
  });

  test("nDCG discounts by the logarithm of the rank", () => {
    expect(ndcgAt(10, { ranked, evidence: ["a"] })).toBe(1);
    expect(ndcgAt(10, { ranked, evidence: ["c"] })).toBeCloseTo(0.5, 10);
    // (1 + 1/2) / (1 + 1/log2(3)) for hits on ranks 1 and 3
    expect(ndcgAt(10, { ranked, evidence: ["a", "c"] })).toBeCloseTo(1.5 / 1.6309297535714575, 10);
    expect(ndcgAt(2, { ranked, evidence: ["c"] })).toBe(0);
  });

  test("a bootstrap of equal values has no width, and repeats itself", () => {
    expect(bootstrap([1, 1, 1])).toEqual({ mean: 1, low: 1, high: 1, n: 3 });
    const mixed = [0, 0, 1, 1, 1, 0, 1, 0, 1, 1];
    expect(bootstrap(mixed)).toEqual(bootstrap(mixed));
    expect(bootstrap(mixed, { seed: "other" }).mean).toBe(0.6);
  });

  test("scores average over the questions", () => {
    const made = scores([
      { ranked, evidence: ["a"] },
      { ranked, evidence: ["x"] },
    ]);
    expect([made["R@5"].mean, made["MRR@10"].mean, made["nDCG@10"].mean]).toEqual([0.5, 0.5, 0.5]);
  });
});

test("every metric lies between 0 and 1, and recall grows with k", () => {
  const keys = fc.uniqueArray(fc.constantFrom(..."abcdefghij"), { minLength: 1 });
  fc.assert(
    fc.property(keys, keys, fc.integer({ min: 1, max: 10 }), (order, evidence, k) => {
      const judged = { ranked: order, evidence };
      for (const value of [recallAt(k, judged), reciprocalRankAt(k, judged), ndcgAt(k, judged)])
        expect(value >= 0 && value <= 1 + 1e-12).toBe(true);
      expect(recallAt(k + 1, judged)).toBeGreaterThanOrEqual(recallAt(k, judged));
    }),
  );
});

const said = (key: string, text: string, more: Partial<Row> = {}): Row => ({
  ...{ key, conversation: "v", seq: 1, contact: "c1", at: new Date(0), language: "en", isPrivate: false, text },
  ...more,
});
const bag = (row: Row) => {
  const counts = new Map<string, number>();
  for (const word of tokens(row.text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { row, counts, length: tokens(row.text).length };
};

test("a turn without a word of the question is found by its neighbour, and only with a weight for it", () => {
  const bags = ["the boiler leaks", "Thursday then", "weather today nice", "cake recipe"].map((text, i) =>
    bag(said(String(i), text)),
  );
  expect(ordered(bm25(bags, "boiler", 0))).toEqual(["0"]);
  expect(ordered(bm25(bags, "boiler", 0.5))).toEqual(["0", "1"]);
});

test("fusion keeps the order of a leg that stands alone", () => {
  const leg = new Map([
    ["a", 3],
    ["b", 2],
    ["c", 1],
  ]);
  expect(ordered(fused(leg, new Map()))).toEqual(["a", "b", "c"]);
  expect(ordered(fused(new Map(), leg))).toEqual(["a", "b", "c"]);
});

test("a customer searches neither private notes nor what others said", () => {
  const all = [said("own", "x"), said("note", "x", { isPrivate: true }), said("other", "x", { contact: "c2" })];
  const question: Question = {
    id: "q",
    language: "en",
    kind: "single",
    text: "x",
    evidence: [],
    answerIncludes: [],
    audience: { kind: "contact", contact: "c1" },
  };
  expect(visible(all, question).map(({ key }) => key)).toEqual(["own"]);
  expect(visible(all, { ...question, audience: { kind: "staff" } }).length).toBe(3);
});
