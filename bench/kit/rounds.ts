// Contestants take turns, and a different one begins each round: what the machine does besides hits all of them alike.

export type Contestants = Record<string, (round: number) => Promise<number>>;

/** Every contestant returns what it measured in a round; the first `warmup` rounds are thrown away. */
export async function rounds<C extends Contestants>(
  contestants: C,
  how: { rounds: number; warmup?: number },
): Promise<Record<keyof C, number[]>> {
  const names = Object.keys(contestants);
  const found = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  const warmup = how.warmup ?? 1;
  for (let round = 0; round < how.rounds + warmup; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length] as string;
      const value = await (contestants[name] as Contestants[string])(round);
      if (round >= warmup) found[name]?.push(value);
    }
  }
  return found as Record<keyof C, number[]>;
}

/** Milliseconds that the work takes, waiting included. */
export async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Milliseconds of this process's CPU that the work takes, all threads. */
export async function cpu(work: () => Promise<unknown>): Promise<number> {
  const started = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}
