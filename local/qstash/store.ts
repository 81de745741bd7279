/** Everything the server knows: pending messages, the dead letters, schedules, the deduplication window, events, counts. */
import { Journal, type Kind } from "./journal.ts";
import type { Message } from "./message.ts";

export type DeadMessage = Message & {
  dlqId: string;
  responseStatus: number;
  responseHeader: Record<string, string[]>;
  responseBody: string;
};

export type Schedule = {
  scheduleId: string;
  cron: string;
  destination: string;
  headers: Record<string, string>;
  bodyBase64: string;
  isPaused: boolean;
  createdAt: number;
  lastScheduleTime: number | null;
};

export type EventState = "CREATED" | "ACTIVE" | "DELIVERED" | "ERROR" | "RETRY" | "FAILED" | "CANCELED";
export type Event = {
  time: number;
  state: EventState;
  messageId: string;
  url: string;
  scheduleId?: string;
  label?: string;
  labels?: string[];
  nextDeliveryTime?: number;
  responseStatus?: number;
  error?: string;
  dlqId?: string;
};

export type Counts = {
  /** Messages taken in: published, batched, made by a schedule or as a callback; without the deduplicated. */
  published: number;
  deduplicated: number;
  delivered: number;
  retried: number;
  failed: number;
};

type Duplicate = { messageId: string; until: number };

const DEDUPLICATION_MS = 10 * 60_000;
/** Events are for looking at, and are forgotten with the process. */
const KEPT_EVENTS = 5_000;

export class Store {
  readonly messages: Map<string, Message>;
  readonly dead: Map<string, DeadMessage>;
  readonly schedules: Map<string, Schedule>;
  readonly #seen: Map<string, Duplicate>;
  readonly #journal: Journal;
  readonly #events: Event[] = [];
  counts: Counts = zero();

  constructor(file: string | undefined) {
    const { journal, rows } = Journal.open(file);
    this.#journal = journal;
    this.messages = rows.message as Map<string, Message>;
    this.dead = rows.dead as Map<string, DeadMessage>;
    this.schedules = rows.schedule as Map<string, Schedule>;
    this.#seen = rows.dedup as Map<string, Duplicate>;
  }

  saveMessage(message: Message): void {
    this.messages.set(message.messageId, message);
    this.#write("message", { id: message.messageId, value: message });
  }

  dropMessage(messageId: string): void {
    if (this.messages.delete(messageId)) this.#erase("message", messageId);
  }

  saveDead(message: DeadMessage): void {
    this.dead.set(message.dlqId, message);
    this.#write("dead", { id: message.dlqId, value: message });
  }

  dropDead(dlqId: string): void {
    if (this.dead.delete(dlqId)) this.#erase("dead", dlqId);
  }

  saveSchedule(schedule: Schedule): void {
    this.schedules.set(schedule.scheduleId, schedule);
    this.#write("schedule", { id: schedule.scheduleId, value: schedule });
  }

  dropSchedule(scheduleId: string): void {
    if (this.schedules.delete(scheduleId)) this.#erase("schedule", scheduleId);
  }

  /** The message a publish repeats, if one was accepted under its key in the last ten minutes. */
  earlier(key: string, now: Date): string | undefined {
    const seen = this.#seen.get(key);
    return seen !== undefined && seen.until > now.getTime() ? seen.messageId : undefined;
  }

  remember(key: string, of: { messageId: string; now: Date }): void {
    const value: Duplicate = { messageId: of.messageId, until: of.now.getTime() + DEDUPLICATION_MS };
    for (const [old, seen] of this.#seen) {
      if (seen.until > of.now.getTime()) break;
      this.#seen.delete(old);
      this.#erase("dedup", old);
    }
    this.#seen.delete(key);
    this.#seen.set(key, value);
    this.#write("dedup", { id: key, value });
  }

  note(message: Message, event: Pick<Event, "time" | "state"> & Partial<Event>): void {
    const [label] = message.labels;
    this.#events.push({
      messageId: message.messageId,
      url: message.url,
      ...(message.scheduleId === null ? {} : { scheduleId: message.scheduleId }),
      ...(label === undefined ? {} : { label, labels: message.labels }),
      ...event,
    });
    if (this.#events.length > KEPT_EVENTS) this.#events.shift();
  }

  newestEvents(): Event[] {
    return this.#events.toReversed();
  }

  resetCounts(): void {
    this.counts = zero();
  }

  close(): void {
    this.#journal.close();
  }

  #write(kind: Kind, row: { id: string; value: unknown }): void {
    this.#journal.set(kind, row);
    this.#tidy();
  }

  #erase(kind: Kind, id: string): void {
    this.#journal.drop(kind, id);
    this.#tidy();
  }

  #tidy(): void {
    const rows = { message: this.messages, dead: this.dead, schedule: this.schedules, dedup: this.#seen };
    const size = rows.message.size + rows.dead.size + rows.schedule.size + rows.dedup.size;
    if (this.#journal.needsRewrite(size)) this.#journal.rewrite(rows);
  }
}

function zero(): Counts {
  return { published: 0, deduplicated: 0, delivered: 0, retried: 0, failed: 0 };
}
