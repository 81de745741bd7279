/** The webhook jobs of an account: each event once per subscriber, signed, never tried again; or kept for a test to post. */
import { randomUUID } from "node:crypto";
import type { EventName } from "./records.ts";
import { pluck, seeded } from "./seeded.ts";
import { signedHeaders } from "./sign.ts";

/** Chatwoot's WEBHOOK_TIMEOUT default. */
const TIMEOUT_MS = 5_000;

export type Subscription = { id: number; url: string; name: string | null; secret: string | null; events: EventName[] };
export type Delivery = { event: EventName; url: string; headers: Record<string, string>; body: Uint8Array };
export type Failure = { event: EventName; url: string; reason: string };

/** A job renders its body when it runs: what happened since then is already in it. */
type Job = { event: EventName; render: () => Record<string, unknown> };
type Pending = { event: EventName; subscription: Subscription; body: Uint8Array };

export class Webhooks {
  mode: "send" | "capture" = "send";
  captured: Delivery[] = [];
  readonly subscriptions = new Map<number, Subscription>();
  /** What Chatwoot would write to its log and forget. */
  readonly failures: Failure[] = [];
  sent = 0;
  /** Called at each happening, listened to or not. */
  onEvent: () => void = () => undefined;
  readonly #clock: { now(): Date };
  readonly #senders: number;
  readonly #pending: Pending[] = [];
  #held: Job[] | null = null;
  #busy = 0;
  #idle: (() => void)[] = [];
  #duplicates = 0;
  #lost: { fraction: number; random: () => number } = { fraction: 0, random: seeded(0) };
  #order: (() => number) | null = null;

  constructor(given: { clock: { now(): Date }; senders: number }) {
    this.#clock = given.clock;
    this.#senders = given.senders;
  }

  /** From now on this share of the webhooks never arrives; 0 ends it. */
  lose(fraction: number, seed = 1): void {
    this.#lost = { fraction, random: seeded(seed) };
  }

  /** From now on waiting webhooks leave, and `drain` answers, in an order the seed decides; null restores the queue. */
  shuffle(seed: number | null): void {
    this.#order = seed === null ? null : seeded(seed);
  }

  /** The next n webhooks arrive twice, under two delivery ids, as Chatwoot does under load. */
  duplicate(n: number): void {
    this.#duplicates = n;
  }

  /** Jobs wait unrendered, as in a busy Sidekiq queue, until released. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const jobs = this.#held ?? [];
    this.#held = null;
    for (const job of jobs) this.emit(job);
  }

  emit(job: Job): void {
    this.onEvent();
    if (this.#held !== null) {
      this.#held.push(job);
      return;
    }
    const listening = [...this.subscriptions.values()].filter((s) => s.events.includes(job.event));
    if (listening.length === 0) return;
    const body = Buffer.from(JSON.stringify({ ...job.render(), event: job.event }));
    for (const subscription of listening) this.#queue({ event: job.event, subscription, body });
  }

  /** What was captured, in the chosen order; the list is empty afterwards. */
  drain(): Delivery[] {
    const kept = this.captured;
    this.captured = [];
    if (this.#order === null) return kept;
    const shuffled: Delivery[] = [];
    for (let next = pluck(kept, this.#order); next !== undefined; next = pluck(kept, this.#order)) shuffled.push(next);
    return shuffled;
  }

  /** Resolves when nothing waits and nothing is on its way. */
  async idle(): Promise<void> {
    if (this.#busy === 0 && this.#pending.length === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #queue(pending: Pending): void {
    if (this.#lost.fraction > 0 && this.#lost.random() < this.#lost.fraction) return;
    const copies = this.#duplicates > 0 ? 2 : 1;
    if (copies === 2) this.#duplicates -= 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.mode === "capture") this.captured.push(this.#sign(pending));
      else this.#pending.push(pending);
    }
    this.#pump();
  }

  #sign({ event, subscription, body }: Pending): Delivery {
    const headers = signedHeaders(subscription.secret, { id: randomUUID(), at: this.#clock.now(), body });
    return { event, url: subscription.url, headers, body };
  }

  #pump(): void {
    while (this.#busy < this.#senders && this.#pending.length > 0) {
      const next = this.#order === null ? this.#pending.shift() : pluck(this.#pending, this.#order);
      if (next === undefined) return;
      this.#busy += 1;
      void this.#send(this.#sign(next)).finally(() => {
        this.#busy -= 1;
        this.#pump();
        if (this.#busy === 0 && this.#pending.length === 0) for (const resolve of this.#idle.splice(0)) resolve();
      });
    }
  }

  async #send(delivery: Delivery): Promise<void> {
    const { event, url } = delivery;
    this.sent += 1;
    try {
      const answer = await post(delivery);
      if (!answer.ok) this.failures.push({ event, url, reason: `status ${answer.status}` });
    } catch (error) {
      this.failures.push({ event, url, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** One attempt at a delivery, with the answer read to its end. */
export async function post(delivery: Delivery): Promise<{ ok: boolean; status: number; text: string }> {
  const answer = await fetch(delivery.url, {
    method: "POST",
    headers: delivery.headers,
    body: Buffer.from(delivery.body),
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { ok: answer.ok, status: answer.status, text: await answer.text() };
}
