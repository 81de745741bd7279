/** Everything the server knows: messages, dead letters, schedules, queues, flow rules, the deduplication window, events, counts. */
import type { FlowRule } from "./flow-control.ts";
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

export type Queue = { name: string; parallelism: number; paused: boolean; createdAt: number; updatedAt: number };

export type EventState = "CREATED" | "ACTIVE" | "DELIVERED" | "ERROR" | "RETRY" | "FAILED" | "CANCELED";
export type Event = {
  /** The order of events, as the cursor of their pages. */
  sequence: number;
  time: number;
  state: EventState;
  messageId: string;
  url: string;
  scheduleId?: string;
  queueName?: string;
  flowControlKey?: string;
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

/** What a file of an older version does not say of a message. */
const SINCE_LATER = { retryDelay: null, queueName: null, flow: null };

const DEDUPLICATION_MS = 10 * 60_000;
/** Events are for looking at, and are forgotten with the process. */
const KEPT_EVENTS = 5_000;

export class Store {
  readonly messages: Map<string, Message>;
  readonly dead: Map<string, DeadMessage>;
  readonly schedules: Map<string, Schedule>;
  readonly queues: Map<string, Queue>;
  readonly flows: Map<string, FlowRule>;
  readonly #seen: Map<string, Duplicate>;
  readonly #journal: Journal;
  readonly #events: Event[] = [];
  #noted = 0;
  counts: Counts = zero();

  constructor(file: string | undefined) {
    const { journal, rows } = Journal.open(file);
    this.#journal = journal;
    for (const kept of [rows.message, rows.dead]) {
      for (const [id, row] of kept) kept.set(id, { ...SINCE_LATER, ...(row as Message) });
    }
    this.messages = rows.message as Map<string, Message>;
    this.dead = rows.dead as Map<string, DeadMessage>;
    this.schedules = rows.schedule as Map<string, Schedule>;
    this.queues = rows.queue as Map<string, Queue>;
    this.flows = rows.flow as Map<string, FlowRule>;
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

  saveQueue(queue: Queue): void {
    this.queues.set(queue.name, queue);
    this.#write("queue", { id: queue.name, value: queue });
  }

  dropQueue(name: string): void {
    if (this.queues.delete(name)) this.#erase("queue", name);
  }

  saveFlow(rule: FlowRule): void {
    this.flows.set(rule.key, rule);
    this.#write("flow", { id: rule.key, value: rule });
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
    this.#noted += 1;
    this.#events.push({
      sequence: this.#noted,
      messageId: message.messageId,
      url: message.url,
      ...(message.scheduleId === null ? {} : { scheduleId: message.scheduleId }),
      ...(message.queueName === null ? {} : { queueName: message.queueName }),
      ...(message.flow === null ? {} : { flowControlKey: message.flow.key }),
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
    const rows = {
      message: this.messages,
      dead: this.dead,
      schedule: this.schedules,
      dedup: this.#seen,
      queue: this.queues,
      flow: this.flows,
    };
    const size = Object.values(rows).reduce((sum, held) => sum + held.size, 0);
    if (this.#journal.needsRewrite(size)) this.#journal.rewrite(rows);
  }
}

function zero(): Counts {
  return { published: 0, deduplicated: 0, delivered: 0, retried: 0, failed: 0 };
}
