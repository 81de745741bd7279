/**
 * A test double of an embedding model: instant, the same on every machine, and close where texts share words or parts
 * of words. It knows no meaning: "boiler" and "heating unit" are strangers to it.
 */
import type { Embedder } from "./embeddings/embedder.ts";

export const HASH_DIMENSIONS = 1536;
export const HASH_MODEL_ID = "hash-trigram-1536@1";

/** A shared word says more than a shared trigram. */
const WORD_WEIGHT = 2;

/** Serves the local endpoint, and stands in for the product's own embedder port as it is. */
export const hashEmbedder: Embedder & { dimensions: typeof HASH_DIMENSIONS } = {
  model: HASH_MODEL_ID,
  dimensions: HASH_DIMENSIONS,
  embed: async (texts) => texts.map(embedByHash),
  close: async () => undefined,
};

/** Words and the trigrams within them, counted into buckets by hash, scaled to unit length. */
export function embedByHash(text: string): number[] {
  const vector = new Float32Array(HASH_DIMENSIONS);
  const words = text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [text];
  for (const word of words) {
    count(vector, `word ${word}`, WORD_WEIGHT);
    const padded = ` ${word} `;
    for (let at = 0; at + 3 <= padded.length; at += 1) count(vector, padded.slice(at, at + 3), 1);
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  // Should everything cancel out, the text still has a place of its own.
  if (length === 0) vector[fnv1a(text) % HASH_DIMENSIONS] = 1;
  return Array.from(length === 0 ? vector : vector.map((value) => value / length));
}

/** The hash's top bit chooses the sign, so that strangers sharing a bucket cancel out rather than add up. */
function count(vector: Float32Array, feature: string, weight: number): void {
  const hash = fnv1a(feature);
  const bucket = hash % HASH_DIMENSIONS;
  vector[bucket] = (vector[bucket] ?? 0) + (hash >>> 31 === 1 ? -weight : weight);
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
