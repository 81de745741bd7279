/** Schedules: a cron line and a publish that is made anew each time it strikes. */
import { randomUUID } from "node:crypto";
import type { Accepted, Courier } from "./courier.ts";
import { type Fires, firesOf } from "./cron.ts";
import { DueList } from "./due-list.ts";
import { assertDestination, messageFrom, type Publish, Refused } from "./message.ts";
import type { Schedule, Store } from "./store.ts";

type Given = { store: Store; courier: Courier; clock: { now(): Date } };
type Armed = { fires: Fires; next: number | undefined };

export class Schedules {
  readonly #with: Given;
  readonly #armed = new Map<string, Armed>();
  readonly #due: DueList;

  /** What a schedule missed while no server ran stays missed. */
  constructor(given: Given) {
    this.#with = given;
    this.#due = new DueList(given.clock, () => this.wake());
    for (const schedule of given.store.schedules.values()) this.#arm(schedule);
    this.wake();
  }

  /** An id of the caller's choice makes this idempotent: the schedule of that id is replaced. */
  put(publish: Publish): Schedule {
    const { store, clock } = this.#with;
    assertDestination(publish.url);
    const { headers } = publish;
    // What could not be published shall be refused now, not at each strike.
    messageFrom(publish, clock.now());
    const scheduleId = headers["upstash-schedule-id"] ?? `scd_${randomUUID().replaceAll("-", "")}`;
    const known = store.schedules.get(scheduleId);
    const schedule: Schedule = {
      scheduleId,
      cron: headers["upstash-cron"] ?? "",
      destination: publish.url,
      headers: ownHeaders(headers),
      bodyBase64: publish.body.toString("base64"),
      isPaused: known?.isPaused ?? false,
      createdAt: known?.createdAt ?? clock.now().getTime(),
      lastScheduleTime: known?.lastScheduleTime ?? null,
    };
    this.#arm(schedule);
    store.saveSchedule(schedule);
    this.wake();
    return schedule;
  }

  get(scheduleId: string): Schedule {
    const schedule = this.#with.store.schedules.get(scheduleId);
    if (schedule === undefined) throw new Refused(404, `schedule ${scheduleId} not found`);
    return schedule;
  }

  list(): Schedule[] {
    return [...this.#with.store.schedules.values()];
  }

  delete(scheduleId: string): void {
    this.#armed.delete(this.get(scheduleId).scheduleId);
    this.#with.store.dropSchedule(scheduleId);
  }

  /** Strikes that pass while it is paused are not made up for. */
  setPaused(scheduleId: string, state: "paused" | "running"): void {
    const schedule = { ...this.get(scheduleId), isPaused: state === "paused" };
    this.#arm(schedule);
    this.#with.store.saveSchedule(schedule);
    this.wake();
  }

  /** The moment has come, or a test says so. */
  fire(scheduleId: string): Accepted {
    const schedule = this.get(scheduleId);
    const { store, courier, clock } = this.#with;
    store.saveSchedule({ ...schedule, lastScheduleTime: clock.now().getTime() });
    const body = Buffer.from(schedule.bodyBase64, "base64");
    return courier.accept({ url: schedule.destination, headers: schedule.headers, body, scheduleId });
  }

  nextTime(scheduleId: string): number | undefined {
    return this.#armed.get(scheduleId)?.next;
  }

  /** When the next of all strikes. */
  get nextAt(): number | undefined {
    return this.#due.nextAt;
  }

  /** Strikes each time that has passed on a clock that moved, in order. */
  wake(): void {
    for (let entry = this.#due.take(); entry !== undefined; entry = this.#due.take()) {
      const [scheduleId = "", at] = entry.split("\n");
      const armed = this.#armed.get(scheduleId);
      // An entry of before it was replaced or paused.
      if (armed === undefined || String(armed.next) !== at) continue;
      this.fire(scheduleId);
      this.#set(scheduleId, { fires: armed.fires, after: Number(at) });
    }
  }

  close(): void {
    this.#due.stop();
    this.#armed.clear();
  }

  #arm({ scheduleId, cron, isPaused }: Schedule): void {
    const fires = firesOf(cron);
    if (isPaused) this.#armed.delete(scheduleId);
    else this.#set(scheduleId, { fires, after: this.#with.clock.now().getTime() });
  }

  #set(scheduleId: string, { fires, after }: { fires: Fires; after: number }): void {
    const next = fires.next(after);
    this.#armed.set(scheduleId, { fires, next });
    if (next !== undefined) this.#due.add(`${scheduleId}\n${next}`, next);
  }
}

/** What a message of this schedule is made from: neither the token nor the transport's headers. */
function ownHeaders(headers: Record<string, string>): Record<string, string> {
  const made = Object.entries(headers).filter(
    ([name]) => name === "content-type" || (name.startsWith("upstash-") && !name.startsWith("upstash-telemetry-")),
  );
  return Object.fromEntries(made);
}
