/** What this isolate has done since it began, by verb and outcome: counts and durations, nothing about anybody. */

/** Upper bounds in milliseconds; the last bucket has none. */
export const tallyBounds = [10, 30, 100, 300, 1000, 3000] as const;

export type Tallied = {
  verb: string;
  outcome: string;
  count: number;
  ms: number;
  slowest: number;
  requests: number;
  buckets: number[];
};

export type Tally = {
  since: string;
  count(run: { verb: string; outcome: string; ms: number; requests: number }): void;
  all(): Tallied[];
};

export function makeTally(since: Date): Tally {
  const seen = new Map<string, Tallied>();
  return {
    since: since.toISOString(),
    count: ({ verb, outcome, ms, requests }) => {
      const key = `${verb} ${outcome}`;
      const buckets = () => [...tallyBounds, 0].map(() => 0);
      const known = seen.get(key) ?? { verb, outcome, count: 0, ms: 0, slowest: 0, requests: 0, buckets: buckets() };
      seen.set(key, known);
      known.count += 1;
      known.ms += ms;
      known.slowest = Math.max(known.slowest, ms);
      known.requests += requests;
      const place = tallyBounds.findIndex((bound) => ms <= bound);
      const bucket = place < 0 ? tallyBounds.length : place;
      known.buckets[bucket] = (known.buckets[bucket] ?? 0) + 1;
    },
    all: () => [...seen.values()].map((one) => ({ ...one, buckets: [...one.buckets] })),
  };
}
