/** Whether a message that has fallen due may start: its queue's turn, and its key's flow control. */
import { type Flow, FlowCounts, type FlowRule, newRule, ruleAfter } from "./flow-control.ts";
import { type Message, Refused } from "./message.ts";
import type { Queue, Store } from "./store.ts";

export class Gate {
  readonly #store: Store;
  readonly #clock: { now(): Date };
  readonly #counts = new FlowCounts();
  /** Per queue, its messages in the order they came; one that waits for a retry keeps its place. */
  readonly #lines = new Map<string, Set<string>>();
  readonly #release: () => void;

  /** `release` is called when something that was held may have become free. */
  constructor(given: { store: Store; clock: { now(): Date }; release: () => void }) {
    this.#store = given.store;
    this.#clock = given.clock;
    this.#release = given.release;
    for (const message of given.store.messages.values()) this.#line(message)?.add(message.messageId);
  }

  /** A queue is made by the first message for it; a key's rule is that of its newest message. */
  arrived(message: Message): void {
    const { queueName, flow } = message;
    if (queueName !== null && !this.#store.queues.has(queueName)) this.upsertQueue(queueName, {});
    this.#line(message)?.add(message.messageId);
    if (flow !== null) this.#store.saveFlow(ruleAfter(this.rule(flow.key), flow));
  }

  verdict(message: Message): null | number | "held" {
    if (message.queueName !== null && !this.#isNext(message, message.queueName)) return "held";
    const rule = message.flow === null ? undefined : this.#store.flows.get(message.flow.key);
    return rule === undefined ? null : this.#counts.verdict(rule, this.#clock.now().getTime());
  }

  started(flow: Flow | null): void {
    if (flow !== null) this.#counts.started(this.rule(flow.key), this.#clock.now().getTime());
  }

  ended(flow: Flow | null): void {
    if (flow !== null) this.#counts.ended(flow.key);
  }

  /** It was delivered, given up or cancelled: the next of its queue moves up. */
  left(message: Message): void {
    this.#line(message)?.delete(message.messageId);
  }

  upsertQueue(name: string, wish: { parallelism?: number; paused?: boolean }): void {
    const now = this.#clock.now().getTime();
    const known = this.#store.queues.get(name);
    const { parallelism = known?.parallelism ?? 1, paused = known?.paused ?? false } = wish;
    this.#store.saveQueue({ name, parallelism, paused, createdAt: known?.createdAt ?? now, updatedAt: now });
    this.#release();
  }

  queue(name: string): Queue {
    const queue = this.#store.queues.get(name);
    if (queue === undefined) throw new Refused(404, `queue ${name} not found`);
    return queue;
  }

  waiting(name: string): string[] {
    return [...(this.#lines.get(name) ?? [])];
  }

  rule(key: string): FlowRule {
    return this.#store.flows.get(key) ?? newRule(key);
  }

  setRule(rule: FlowRule): void {
    this.#store.saveFlow(rule);
    this.#release();
  }

  resetRate(key: string): void {
    this.#counts.resetRate(key);
    this.#release();
  }

  flowState(key: string): { active: number; period: { start: number; count: number } } {
    return {
      active: this.#counts.active(key),
      period: this.#counts.period(this.rule(key), this.#clock.now().getTime()),
    };
  }

  #isNext(message: Message, name: string): boolean {
    const queue = this.queue(name);
    if (queue.paused) return false;
    let place = 0;
    for (const id of this.#lines.get(name) ?? []) {
      if (place >= queue.parallelism) return false;
      if (id === message.messageId) return true;
      place += 1;
    }
    return false;
  }

  #line(message: Message): Set<string> | undefined {
    if (message.queueName === null) return undefined;
    const line = this.#lines.get(message.queueName) ?? new Set<string>();
    this.#lines.set(message.queueName, line);
    return line;
  }
}
