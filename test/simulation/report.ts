/** What a person reads: a failing seed with its way back, and the figures of many. */
import { type FaultKind, faultKinds } from "./faults.ts";
import type { House } from "./house.ts";
import { type Outcome, runSeed } from "./run.ts";

const tail = 25;
const shown = 600;
const short = (text: string) => (text.length > shown ? `${text.slice(0, shown)}…` : text);

export const replayOf = (seed: number): string => `npm run simulate -- --seeds 1 --from ${seed}`;

export function failureText({ seed, failure, trace }: Outcome): string {
  if (!failure) return `seed ${seed}: nothing broke`;
  return [
    `seed ${seed} broke at step ${failure.step}:`,
    ...failure.broken.map((broken) => `  ${short(broken)}`),
    "the end of its trace:",
    ...trace.slice(-tail).map((line) => `  | ${short(line)}`),
    `replay: ${replayOf(seed)}`,
  ].join("\n");
}

/** The fewest steps after which, with nothing going wrong any more, this seed still fails. */
export async function shrink({ seed, failure, steps }: Outcome, house: House): Promise<number> {
  const most = failure?.step ?? steps;
  for (let few = 0; few < most; few += 1) {
    if ((await runSeed(seed, { house, steps: few })).failure) return few;
  }
  return most;
}

export function countFaults(outcomes: readonly Outcome[]): Map<FaultKind, number> {
  const count = (kind: FaultKind) => outcomes.reduce((sum, { faults }) => sum + (faults.get(kind) ?? 0), 0);
  return new Map(faultKinds.map((kind) => [kind, count(kind)]));
}

export function summary(outcomes: readonly Outcome[], seconds: number): string {
  const failed = outcomes.filter(({ failure }) => failure);
  const sum = (of: (one: Outcome) => number) => outcomes.reduce((total, one) => total + of(one), 0);
  const rate = outcomes.length / seconds;
  const mean = (of: (one: Outcome) => number) => (sum(of) / Math.max(1, outcomes.length)).toFixed(1);
  return [
    `${outcomes.length} seeds, ${failed.length} broken, ${rate.toFixed(2)} seeds/s; a seed: ${mean(({ steps }) => steps)} steps, ${mean(({ effects }) => effects)} effects`,
    ...[...countFaults(outcomes)].map(([kind, count]) => `  ${kind.padEnd(36)} ${String(count).padStart(7)}`),
    ...failed.map(({ seed }) => `broken: ${replayOf(seed)}`),
  ].join("\n");
}
