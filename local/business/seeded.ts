/** Random choices that are the same for the same seed on every machine: sfc32 seeded through FNV-1a. */

export type Seeded = {
  /** In [0, 1). */
  next(): number;
  /** Both ends included. */
  int(min: number, max: number): number;
  chance(p: number): boolean;
  pick<T>(from: readonly T[]): T;
  shuffle<T>(from: readonly T[]): T[];
  /** A stream of its own, so that adding a choice in one place does not change another. */
  fork(name: string): Seeded;
};

function fnv(text: string, basis: number): number {
  let hash = basis;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** sfc32 by Chris Doty-Humphrey (PractRand): 128 bits of state, passes its tests. */
function sfc32(seed: string): () => number {
  let [a, b, c, counter] = [fnv(seed, 0x811c9dc5), fnv(seed, 0x9e3779b9), fnv(seed, 0x85ebca6b), 1];
  const step = (): number => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 15; i++) step();
  return step;
}

export function seeded(seed: string): Seeded {
  const next = sfc32(seed);
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    chance: (p) => next() < p,
    pick: (from) => {
      const found = from[int(0, from.length - 1)];
      if (found === undefined) throw new Error("Nothing to pick from");
      return found;
    },
    shuffle: (from) => {
      const out = [...from];
      for (let i = out.length - 1; i > 0; i--) {
        const j = int(0, i);
        [out[i], out[j]] = [out[j] as (typeof out)[number], out[i] as (typeof out)[number]];
      }
      return out;
    },
    fork: (name) => seeded(`${seed}/${name}`),
  };
}
