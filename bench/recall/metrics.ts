/** Retrieval metrics as pure functions: recall@k, reciprocal rank, nDCG with binary relevance, and seeded bootstrap intervals. */
import { seeded } from "#local/business/seeded.ts";

/** `ranked` are keys, best first, each at most once; `evidence` the keys that answer the question, never empty. */
export type Judged = { ranked: readonly string[]; evidence: readonly string[] };

/** The part of the evidence among the first k. */
export function recallAt(k: number, { ranked, evidence }: Judged): number {
  const found = new Set(ranked.slice(0, k));
  return evidence.filter((key) => found.has(key)).length / evidence.length;
}

/** One over the rank of the first piece of evidence; 0 when it is not among the first k. */
export function reciprocalRankAt(k: number, { ranked, evidence }: Judged): number {
  const rank = ranked.slice(0, k).findIndex((key) => evidence.includes(key));
  return rank < 0 ? 0 : 1 / (rank + 1);
}

const gain = (rank: number): number => 1 / Math.log2(rank + 2);

/** Järvelin and Kekäläinen 2002, with gain 1 for evidence and 0 for the rest. */
export function ndcgAt(k: number, { ranked, evidence }: Judged): number {
  const reached = ranked.slice(0, k).reduce((sum, key, rank) => sum + (evidence.includes(key) ? gain(rank) : 0), 0);
  const ideal = Array.from({ length: Math.min(k, evidence.length) }, (_, rank) => gain(rank)).reduce(
    (a, b) => a + b,
    0,
  );
  return reached / ideal;
}

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

export type Interval = { mean: number; low: number; high: number; n: number };

/** Percentile bootstrap of the mean, 95 %: questions are drawn with replacement, always the same ones for the same seed. */
export function bootstrap(values: readonly number[], { seed = "bootstrap", rounds = 1000 } = {}): Interval {
  const random = seeded(seed);
  const n = values.length;
  const draw = (): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[random.int(0, n - 1)] ?? 0;
    return sum / n;
  };
  const means = Array.from({ length: rounds }, draw).sort((a, b) => a - b);
  const at = (p: number): number => means[Math.min(rounds - 1, Math.floor(p * rounds))] ?? Number.NaN;
  return { mean: mean(values), low: at(0.025), high: at(0.975), n };
}

export type Scores = Record<"R@5" | "R@10" | "R@20" | "MRR@10" | "nDCG@10", Interval>;

export function scores(judged: readonly Judged[]): Scores {
  const over = (metric: (one: Judged) => number): Interval => bootstrap(judged.map(metric));
  return {
    "R@5": over((one) => recallAt(5, one)),
    "R@10": over((one) => recallAt(10, one)),
    "R@20": over((one) => recallAt(20, one)),
    "MRR@10": over((one) => reciprocalRankAt(10, one)),
    "nDCG@10": over((one) => ndcgAt(10, one)),
  };
}
