// Unit vectors of 1,536 floats from a seed, in clusters as real texts make them, and their text for pgvector.
import type { Random } from "./texts.ts";

export const DIMENSIONS = 1536;

/** Roughly normal: the sum of three uniforms is close enough for directions. */
const normal = (random: Random): number => random() + random() + random() - 1.5;

export function direction(random: Random): Float32Array {
  return unit(Float32Array.from({ length: DIMENSIONS }, () => normal(random)));
}

/** A neighbour of `centre`: `spread` 0 is the centre itself, 1 is as far from it as a stranger's noise. */
export function near(random: Random, centre: Float32Array, spread: number): Float32Array {
  const noise = direction(random);
  return unit(centre.map((value, i) => value * (1 - spread) + (noise[i] ?? 0) * spread));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
}

/** As the product writes them: five digits after the point lose nothing at half precision. */
export const vectorText = (vector: Float32Array): string =>
  `[${Array.from(vector, (value) => Math.round(value * 1e6) / 1e6).join(",")}]`;
