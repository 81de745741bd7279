/** All chance of a simulation: one seed, and streams derived from it by name so that one does not disturb another. */

export type Rng = {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number below `bound`. */
  below(bound: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  bytes(count: number): Uint8Array;
  fork(name: string): Rng;
};

/** Four words of state from a text, by FNV-1a and a final mix. */
function words(text: string): [number, number, number, number] {
  const word = (salt: number) => {
    let hash = 0x811c9dc5 ^ salt;
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
    return (hash ^ (hash >>> 13)) >>> 0;
  };
  return [word(1), word(2), word(3), word(4)];
}

/** sfc32 (Chris Doty-Humphrey's PractRand): small, fast, and the same on every machine. */
export function rngOf(name: string): Rng {
  let [a, b, c, counter] = words(name);
  const step = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let warm = 0; warm < 12; warm += 1) step();
  const next = () => step() / 2 ** 32;
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (list) => {
      if (list.length === 0) throw new Error("nothing to pick from");
      return list[below(list.length)] as (typeof list)[number];
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => step() & 0xff),
    fork: (other) => rngOf(`${name}/${other}`),
  };
}
