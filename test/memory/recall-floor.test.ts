// A small fixed part of the recall benchmark as a floor: quick, no model but the hash double. The whole of it is `npm run bench -- recall`.
import { beforeAll, describe, expect, test } from "vitest";
import { embedByHash, HASH_MODEL_ID, hashEmbedder } from "#local/embeddings-hash.ts";
import { tenant, type World, world } from "#test/kit/world.ts";
import { mean, recallAt } from "../../bench/recall/metrics.ts";
import { type Leg, recallOne } from "../../bench/recall/run.ts";
import { type RecallSet, recallSets } from "../../bench/recall/sets.ts";
import { type Settled, settle } from "../../bench/recall/tenants.ts";

let w: World;
let english: Settled;
let danish: Settled;

beforeAll(async () => {
  w = await world();
  const [first, second] = recallSets("tuning");
  const at = async (set: RecallSet | undefined) => {
    if (!set) throw new Error("the tuning sets are gone");
    const place = await tenant(w.neon, "floor");
    return settle({ neon: w.neon, place, embedder: hashEmbedder }, set);
  };
  [english, danish] = [await at(first), await at(second)];
});

async function measured(settled: Settled, leg: Leg) {
  const judged = [];
  for (const question of settled.set.business.questions.filter(({ evidence }) => evidence.length > 0)) {
    const vector = { model: HASH_MODEL_ID, embedding: [...embedByHash(question.text)] };
    judged.push((await recallOne(w.runtime, { settled, question, leg, vector })).judged);
  }
  return { at10: mean(judged.map((one) => recallAt(10, one))), at20: mean(judged.map((one) => recallAt(20, one))) };
}

// Two to four points below what is measured today: a change that costs more is noticed here.
describe("a long dialogue of one customer, hard distractors: evidence among the first hits", () => {
  test("words, English", async () => {
    const { at10, at20 } = await measured(english, "words");
    expect(at10).toBeGreaterThan(0.49);
    expect(at20).toBeGreaterThan(0.55);
  });

  test("words, Danish", async () => {
    const { at10, at20 } = await measured(danish, "words");
    expect(at10).toBeGreaterThan(0.58);
    expect(at20).toBeGreaterThan(0.69);
  });

  test("both legs fused, where meaning is only a hash of letters, are far above that leg", async () => {
    const [meaning, both] = [await measured(english, "meaning"), await measured(english, "both")];
    expect(both.at10).toBeGreaterThan(0.43);
    expect(both.at20).toBeGreaterThan(0.55);
    expect(both.at20).toBeGreaterThan(meaning.at20 + 0.2);
  });
});
