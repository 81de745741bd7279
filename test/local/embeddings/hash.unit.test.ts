/** The instant model, and how texts are put together for the real one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Embedder } from "#brain/kernel/ports.ts";
import { batchesOf } from "#local/embeddings/batches.ts";
import { embedByHash, HASH_DIMENSIONS, hashEmbedder } from "#local/embeddings-hash.ts";

const dot = (a: number[], b: number[]): number => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

describe("the hashing double of a model", () => {
  it("fits the product's own port as it is", async () => {
    const port: Embedder = hashEmbedder;
    expect(await port.embed(["boiler"])).toEqual([embedByHash("boiler")]);
  });

  it("gives every text the same unit vector each time", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "binary" }), (text) => {
        const vector = embedByHash(text);
        expect(vector).toHaveLength(HASH_DIMENSIONS);
        expect(dot(vector, vector)).toBeCloseTo(1, 5);
        expect(embedByHash(text).join()).toBe(vector.join());
      }),
    );
  });

  it("finds texts alike by their words, in whatever language and case", () => {
    const question = embedByHash("Hvornår kommer montøren til varmepumpen?");
    const near = dot(question, embedByHash("varmepumpens MONTØR kommer torsdag"));
    const far = dot(question, embedByHash("Invoice 2041 was paid in full"));
    expect(near).toBeGreaterThan(far + 0.2);
  });
});

describe("batches", () => {
  it("hold every text once, never more than 32, never one twice as long as another beyond the short", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 200 }), (lengths) => {
        const texts = lengths.map((length) => "x".repeat(length));
        const batches = batchesOf(texts);
        expect(batches.flat().sort((a, b) => a - b)).toEqual([...texts.keys()]);
        for (const batch of batches) {
          const sizes = batch.map((index) => Math.max(120, lengths[index] ?? 0));
          expect(batch.length).toBeLessThanOrEqual(32);
          expect(Math.max(...sizes)).toBeLessThanOrEqual(2 * Math.min(...sizes));
        }
      }),
    );
  });
});
