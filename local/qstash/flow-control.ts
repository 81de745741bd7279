/** Flow control: how many messages of one key may be under way at once, and how many may start within a period. */
import { durationMs } from "./durations.ts";

/** What a publish asks of its key. */
export type Flow = { key: string; parallelism?: number; rate?: number; periodSeconds?: number };

/** What holds for a key: the newest publish's wish, unless somebody pinned it. Outlives the process. */
export type FlowRule = {
  key: string;
  parallelism: number | null;
  rate: number | null;
  periodSeconds: number;
  isPaused: boolean;
  isPinnedParallelism: boolean;
  isPinnedRate: boolean;
};

type Period = { start: number; count: number };

export const newRule = (key: string): FlowRule => ({
  key,
  parallelism: null,
  rate: null,
  periodSeconds: 1,
  isPaused: false,
  isPinnedParallelism: false,
  isPinnedRate: false,
});

/** Undefined for a header that says something else. https://upstash.com/docs/qstash/features/flowcontrol */
export function flowFrom(key: string, value: string): Flow | undefined {
  const flow: Flow = { key };
  for (const part of value.split(",")) {
    const [name = "", given = ""] = part.trim().split("=");
    if (name === "parallelism" && /^[1-9]\d{0,8}$/.test(given)) flow.parallelism = Number(given);
    else if (name === "rate" && /^[1-9]\d{0,8}$/.test(given)) flow.rate = Number(given);
    else if (name === "period" && (durationMs(given) ?? 0) >= 1_000)
      flow.periodSeconds = (durationMs(given) ?? 0) / 1_000;
    else return undefined;
  }
  return flow.parallelism === undefined && flow.rate === undefined ? undefined : flow;
}

/** The rule after a publish that asks so: what is pinned stays. */
export function ruleAfter(rule: FlowRule, flow: Flow): FlowRule {
  return {
    ...rule,
    ...(rule.isPinnedParallelism ? {} : { parallelism: flow.parallelism ?? null }),
    ...(rule.isPinnedRate ? {} : { rate: flow.rate ?? null, periodSeconds: flow.periodSeconds ?? 1 }),
  };
}

/** Starts and ends of one process; the counts begin anew with it. */
export class FlowCounts {
  readonly #active = new Map<string, number>();
  readonly #periods = new Map<string, Period>();

  active(key: string): number {
    return this.#active.get(key) ?? 0;
  }

  period(rule: FlowRule, now: number): Period {
    const known = this.#periods.get(rule.key);
    const isOver = known === undefined || now >= known.start + rule.periodSeconds * 1_000;
    return isOver ? { start: now, count: 0 } : known;
  }

  /** Null: it may start. A number: not before then. "held": not before something else ends or is resumed. */
  verdict(rule: FlowRule, now: number): null | number | "held" {
    if (rule.isPaused) return "held";
    if (rule.parallelism !== null && this.active(rule.key) >= rule.parallelism) return "held";
    const period = this.period(rule, now);
    return rule.rate !== null && period.count >= rule.rate ? period.start + rule.periodSeconds * 1_000 : null;
  }

  started(rule: FlowRule, now: number): void {
    const period = this.period(rule, now);
    this.#periods.set(rule.key, { start: period.start, count: period.count + 1 });
    this.#active.set(rule.key, this.active(rule.key) + 1);
  }

  ended(key: string): void {
    this.#active.set(key, Math.max(0, this.active(key) - 1));
  }

  /** The current period ends here. */
  resetRate(key: string): void {
    this.#periods.delete(key);
  }
}
