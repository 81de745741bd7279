/** Takes messages in and carries them: when due, a bounded number at a time, again after a failure, to the dead letters at last. */
import { attempt, type Deliver, type Outcome } from "./attempt.ts";
import { DueList } from "./due-list.ts";
import { askedToWaitMs, DAY_MS } from "./durations.ts";
import { Gate } from "./gate.ts";
import { type Callback, deduplicationKey, type Message, messageFrom, type Publish } from "./message.ts";
import { callbackPublish, deadLetter, errorText, notRetryable, succeeded } from "./report.ts";
import { retryDelayFrom } from "./retry-delay.ts";
import type { Store } from "./store.ts";

export type Accepted = { messageId: string; deduplicated?: true };

export type CourierOptions = {
  store: Store;
  clock: { now(): Date };
  signingKey: string;
  deliver: Deliver;
  /** Milliseconds before retry n, counted from 1. */
  backoff(retry: number): number;
  concurrency: number;
};

export class Courier {
  readonly #with: CourierOptions;
  readonly #due: DueList;
  readonly #stop = new AbortController();
  readonly #active = new Set<Promise<void>>();
  /** Due, and waiting for their queue's turn or for flow control. */
  readonly #held: Message[] = [];
  readonly gate: Gate;
  #paused = false;
  #deadLetters = 0;
  /** How many successes are delivered once more, as after a crash on QStash's side. */
  duplicates = 0;

  constructor(options: CourierOptions) {
    this.#with = options;
    this.#due = new DueList(options.clock, () => this.wake());
    this.gate = new Gate({ ...options, release: () => this.#release() });
    for (const message of options.store.messages.values()) this.#due.add(message.messageId, message.notBefore);
  }

  /** Once this returns the message is kept for good; the caller may acknowledge it. */
  accept(publish: Publish): Accepted {
    const { store, clock } = this.#with;
    const now = clock.now();
    const key = deduplicationKey(publish);
    const earlier = key === undefined ? undefined : store.earlier(key, now);
    if (earlier !== undefined) {
      store.counts.deduplicated += 1;
      return { messageId: earlier, deduplicated: true };
    }
    const message = messageFrom(publish, now);
    this.requeue(message);
    if (key !== undefined) store.remember(key, { messageId: message.messageId, now });
    return { messageId: message.messageId };
  }

  requeue(message: Message): void {
    const { store, clock } = this.#with;
    store.saveMessage(message);
    this.gate.arrived(message);
    store.counts.published += 1;
    store.note(message, { time: clock.now().getTime(), state: "CREATED" });
    this.#due.add(message.messageId, message.notBefore);
    setImmediate(() => this.wake());
  }

  cancel(messageId: string): boolean {
    const { store, clock } = this.#with;
    const message = store.messages.get(messageId);
    if (message === undefined) return false;
    this.#drop(message);
    store.note(message, { time: clock.now().getTime(), state: "CANCELED" });
    this.#release();
    return true;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.wake();
  }

  get busy(): number {
    return this.#active.size;
  }

  /** Due, but not yet their turn. */
  get held(): readonly Message[] {
    return this.#held;
  }

  /** When the next message falls due. */
  get nextAt(): number | undefined {
    return this.#due.nextAt;
  }

  /** Looks for what has fallen due; a test that moves its clock calls this. */
  wake(): void {
    while (!this.#paused && !this.#stop.signal.aborted && this.#active.size < this.#with.concurrency) {
      const id = this.#due.take();
      if (id === undefined) return;
      const message = this.#with.store.messages.get(id);
      if (message === undefined) continue;
      const verdict = this.gate.verdict(message);
      if (verdict === null) this.#start(message);
      else if (verdict === "held") this.#held.push(message);
      else this.#due.add(id, verdict);
    }
  }

  #start(message: Message): void {
    this.gate.started(message.flow);
    const carried = this.#carry(message).finally(() => {
      this.#active.delete(carried);
      this.gate.ended(message.flow);
      this.#release();
    });
    this.#active.add(carried);
  }

  /** What was held is looked at again, in the order it fell due. */
  #release(): void {
    for (const message of this.#held.splice(0)) this.#due.add(message.messageId, message.notBefore);
    this.wake();
  }

  #drop(message: Message): void {
    this.#with.store.dropMessage(message.messageId);
    this.gate.left(message);
  }

  /** Deliveries under way are cut off and stay pending: after a restart they are tried again. */
  async close(): Promise<void> {
    this.#due.stop();
    this.#stop.abort(new Error("the local QStash server is closing"));
    await Promise.all(this.#active);
  }

  async #carry(message: Message): Promise<void> {
    const { store, clock, signingKey: key, deliver } = this.#with;
    store.note(message, { time: clock.now().getTime(), state: "ACTIVE" });
    const by = { key, now: clock.now(), deliver, stop: this.#stop.signal };
    const outcome = await attempt(message, by);
    if (this.#stop.signal.aborted) return;
    this.#report(message.callback, { message, outcome });
    if (!succeeded(outcome)) {
      this.#failed(message, outcome);
      return;
    }
    if (this.duplicates > 0) {
      this.duplicates -= 1;
      await attempt(message, { ...by, now: clock.now() });
    }
    this.#drop(message);
    store.counts.delivered += 1;
    store.note(message, { time: clock.now().getTime(), state: "DELIVERED", responseStatus: outcome.status });
  }

  #failed(message: Message, outcome: Outcome): void {
    const { store, clock } = this.#with;
    const now = clock.now();
    const seen = { responseStatus: outcome.status, error: errorText(outcome) };
    store.note(message, { time: now.getTime(), state: "ERROR", ...seen });
    if (!store.messages.has(message.messageId)) return;
    if (message.retried >= message.maxRetries || notRetryable(outcome)) {
      this.#bury(message, { outcome, now });
      return;
    }
    const retry = message.retried + 1;
    const asked = askedToWaitMs(outcome.headers, now);
    const named = message.retryDelay === null ? undefined : retryDelayFrom(message.retryDelay)?.(message.retried);
    const wait = asked ?? Math.min(DAY_MS, Math.max(0, named ?? this.#with.backoff(retry)));
    const again: Message = { ...message, retried: retry, notBefore: now.getTime() + wait };
    store.saveMessage(again);
    store.counts.retried += 1;
    store.note(again, { time: now.getTime(), state: "RETRY", nextDeliveryTime: again.notBefore });
    this.#due.add(again.messageId, again.notBefore);
  }

  #bury(message: Message, of: { outcome: Outcome; now: Date }): void {
    const { store } = this.#with;
    const dlqId = `${of.now.getTime()}-${this.#deadLetters}`;
    this.#deadLetters += 1;
    store.saveDead(deadLetter(message, { outcome: of.outcome, dlqId }));
    this.#drop(message);
    store.counts.failed += 1;
    store.note(message, { time: of.now.getTime(), state: "FAILED", dlqId, responseStatus: of.outcome.status });
    this.#report(message.failureCallback, { message, outcome: of.outcome, dlqId });
  }

  #report(to: Callback | null, about: { message: Message; outcome: Outcome; dlqId?: string }): void {
    if (to !== null) this.accept(callbackPublish(to, about));
  }
}
