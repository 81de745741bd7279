// Middle values of samples: means are ruined by one pause of a shared machine.

const sorted = (samples: readonly number[]): number[] => [...samples].sort((a, b) => a - b);

/** The value that share of the samples does not exceed, by nearest rank: p95 of 20 samples is the 19th. */
export function percentile(samples: readonly number[], share: number): number {
  const value = sorted(samples)[Math.max(0, Math.ceil(share * samples.length) - 1)];
  if (value === undefined) throw new Error("no samples");
  return value;
}

/** Of an even number of samples the mean of the two in the middle. */
export function median(samples: readonly number[]): number {
  const values = sorted(samples);
  const upper = values[values.length >> 1];
  const lower = values[(values.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new Error("no samples");
  return (lower + upper) / 2;
}

export type Ratio = { ratio: number; low: number; high: number };

/**
 * How many times more `slow` took than `fast`, round by round: rounds ran next to each other, so a slow minute of the
 * machine hits both. The middle ratio, and the quartiles as a measure of noise.
 */
export function pairedRatio(slow: readonly number[], fast: readonly number[]): Ratio {
  const ratios = slow.map((value, i) => value / (fast[i] ?? Number.NaN));
  return { ratio: median(ratios), low: percentile(ratios, 0.25), high: percentile(ratios, 0.75) };
}

export function sum(samples: readonly number[]): number {
  return samples.reduce((total, value) => total + value, 0);
}
