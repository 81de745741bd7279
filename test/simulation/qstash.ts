/** QStash as the app knows it: at least once, late, sometimes not at all, and a schedule every quarter of an hour. */
import { wallClock } from "#brain/kernel/clock.ts";
import { letterJob } from "#brain/kernel/job-url.ts";
import type { QueueMessage } from "#brain/kernel/ports.ts";
import { signDelivery } from "#local/qstash/jwt.ts";
import { publicUrl } from "#test/kit/world.ts";
import type { Answer, Move, Sim } from "./sim.ts";

type Given = { letter: Letter; url: string; text: string; answer: Answer | undefined };
export type Letter = { id: string; message: QueueMessage; dueAt: number; tries: number };

/** Waits before the second, third and fourth delivery: e^(2.5 n) seconds. */
const waitsMs = [12_000, 148_000, 1_808_000];
const dedupeMs = 600_000;
export const tickMs = 15 * 60_000;
/** The app's own patience with a delivery is not simulated: an answer comes, or the process has died. */
const delayMs = 45_000;

export class Qstash {
  letters: Letter[] = [];
  key: string;
  #accepted = new Map<string, { messageId: string; at: number }>();
  #count = 0;
  #nextTick: number;

  constructor(start: number, key: string) {
    this.#nextTick = start + tickMs;
    this.key = key;
  }

  /** What publish() reaches: a repeated deduplication id within ten minutes is accepted and dropped. */
  accept(message: QueueMessage, now: number): { messageId: string } {
    const work = `${message.id}.${message.round ?? 0}`;
    const known = this.#accepted.get(work);
    if (known && now - known.at < dedupeMs) return { messageId: known.messageId };
    this.#count += 1;
    const messageId = `msg_${this.#count}`;
    this.#accepted.set(work, { messageId, at: now });
    const dueAt = now + (message.delaySeconds ?? 0) * 1000;
    this.letters.push({ id: messageId, message, dueAt, tries: 0 });
    return { messageId };
  }

  /** Ticks whose time has come; only the last counts, as the schedule's own letters would. */
  tick(sim: Sim): void {
    if (sim.time < this.#nextTick) return;
    while (this.#nextTick <= sim.time) this.#nextTick += tickMs;
    if (sim.faults.strikes("job.tick_lost", 0.2)) {
      sim.trace("job.tick_lost");
      return;
    }
    this.#count += 1;
    const message = { kind: "shared.tick", project: "", id: `tick_${this.#count}`, body: {} };
    this.letters.push({ id: `msg_${this.#count}`, message, dueAt: sim.time, tries: 0 });
  }

  due(now: number): Letter[] {
    return this.letters.filter(({ dueAt }) => dueAt <= now).sort((a, b) => a.dueAt - b.dueAt);
  }

  /** When the next letter is due, if any is waiting. */
  get nextDue(): number | undefined {
    return this.letters.length === 0 ? undefined : Math.min(...this.letters.map(({ dueAt }) => dueAt));
  }

  moves(sim: Sim): Move[] {
    const due = this.due(sim.time);
    const [first] = due;
    return first ? [{ weight: 6, run: () => this.deliver(sim, this.#choose(sim, due, first)) }] : [];
  }

  #choose(sim: Sim, due: Letter[], first: Letter): Letter {
    if (sim.faults.strikes("job.delayed", 0.08)) {
      first.dueAt = sim.time + delayMs;
      sim.trace(`job.delayed: ${first.message.kind}`);
    }
    const others = due.filter((letter) => letter !== first);
    return others.length > 0 && sim.faults.strikes("job.overtaken", 0.4) ? sim.rng.pick(others) : first;
  }

  /** What was given up is told to the failure callback, once. */
  #report(sim: Sim, { letter, url, text, answer }: Given): void {
    const { kind, request, trace } = letter.message;
    if (kind === letterJob) return;
    const base64 = (plain: string) => Buffer.from(plain).toString("base64");
    const sourceHeader = {
      ...(request ? { "X-Request-Id": [request] } : {}),
      ...(trace ? { Traceparent: [trace] } : {}),
    };
    const died = { status: answer?.status ?? 0, retried: letter.tries, sourceMessageId: letter.id, url, sourceHeader };
    const body = { ...died, sourceBody: base64(text), ...(answer ? { body: base64(answer.body) } : {}) };
    this.#count += 1;
    const message = { kind: letterJob, project: "", id: `dead_${this.#count}`, body };
    this.letters.push({ id: `msg_${this.#count}`, message, dueAt: sim.time, tries: 0 });
  }

  deliver(sim: Sim, letter: Letter): void {
    this.letters = this.letters.filter((other) => other !== letter);
    const { kind, project, id, body, round = 0, request, trace } = letter.message;
    const text = JSON.stringify({ ...body, ...(project ? { project } : {}), id, ...(round > 0 ? { round } : {}) });
    const url = `${publicUrl}/jobs/${kind}`;
    // The vendor's own verifier asks the machine's clock, whatever ours says.
    const now = wallClock.now();
    const signature = signDelivery(this.key, { url, body: Buffer.from(text), now, id: letter.id });
    const headers = {
      "content-type": "application/json",
      "upstash-signature": signature,
      ...(request ? { "x-request-id": request } : {}),
      ...(trace ? { traceparent: trace } : {}),
    };
    if (sim.faults.strikes("job.delivered_twice", 0.15)) this.letters.push({ ...letter, tries: waitsMs.length });
    sim.ask(`job ${kind}`, { path: `/jobs/${kind}`, init: { method: "POST", headers, body: text } }, (answer) => {
      if (answer && answer.status < 300) return;
      if (sim.faults.strikes("job.not_repeated", 0.25)) return;
      if (answer?.status === 489 || letter.tries >= waitsMs.length) {
        this.#report(sim, { letter, url, text, answer });
        return;
      }
      this.letters.push({ ...letter, tries: letter.tries + 1, dueAt: sim.time + (waitsMs[letter.tries] ?? 0) });
    });
  }
}
