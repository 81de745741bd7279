/** Schedules: a cron line and a publish that is made anew each time it strikes. */
import { randomUUID } from "node:crypto";
import { Cron } from "croner";
import type { Accepted, Courier } from "./courier.ts";
import { assertDestination, type Publish, Refused } from "./message.ts";
import type { Schedule, Store } from "./store.ts";

export class Schedules {
  readonly #store: Store;
  readonly #courier: Courier;
  readonly #clock: { now(): Date };
  readonly #jobs = new Map<string, Cron>();

  constructor(given: { store: Store; courier: Courier; clock: { now(): Date } }) {
    this.#store = given.store;
    this.#courier = given.courier;
    this.#clock = given.clock;
    for (const schedule of given.store.schedules.values()) this.#arm(schedule);
  }

  /** An id of the caller's choice makes this idempotent: the schedule of that id is replaced. */
  put(publish: Publish): Schedule {
    assertDestination(publish.url);
    const { headers } = publish;
    const scheduleId = headers["upstash-schedule-id"] ?? `scd_${randomUUID().replaceAll("-", "")}`;
    const known = this.#store.schedules.get(scheduleId);
    const cron = headers["upstash-cron"] ?? "";
    const schedule: Schedule = {
      scheduleId,
      cron,
      destination: publish.url,
      headers: ownHeaders(headers),
      bodyBase64: publish.body.toString("base64"),
      isPaused: known?.isPaused ?? false,
      createdAt: known?.createdAt ?? this.#clock.now().getTime(),
      lastScheduleTime: known?.lastScheduleTime ?? null,
    };
    this.#arm(schedule);
    this.#store.saveSchedule(schedule);
    return schedule;
  }

  get(scheduleId: string): Schedule {
    const schedule = this.#store.schedules.get(scheduleId);
    if (schedule === undefined) throw new Refused(404, `schedule ${scheduleId} not found`);
    return schedule;
  }

  list(): Schedule[] {
    return [...this.#store.schedules.values()];
  }

  delete(scheduleId: string): void {
    this.#jobs.get(this.get(scheduleId).scheduleId)?.stop();
    this.#jobs.delete(scheduleId);
    this.#store.dropSchedule(scheduleId);
  }

  setPaused(scheduleId: string, state: "paused" | "running"): void {
    const schedule = { ...this.get(scheduleId), isPaused: state === "paused" };
    this.#arm(schedule);
    this.#store.saveSchedule(schedule);
  }

  /** The moment has come, or a test says so. */
  fire(scheduleId: string): Accepted {
    const schedule = this.get(scheduleId);
    this.#store.saveSchedule({ ...schedule, lastScheduleTime: this.#clock.now().getTime() });
    const body = Buffer.from(schedule.bodyBase64, "base64");
    return this.#courier.accept({ url: schedule.destination, headers: schedule.headers, body, scheduleId });
  }

  nextTime(scheduleId: string): number | undefined {
    return this.#jobs.get(scheduleId)?.nextRun()?.getTime();
  }

  close(): void {
    for (const job of this.#jobs.values()) job.stop();
    this.#jobs.clear();
  }

  #arm(schedule: Schedule): void {
    const job = cronOf(schedule.cron, { paused: schedule.isPaused }, () => this.fire(schedule.scheduleId));
    this.#jobs.get(schedule.scheduleId)?.stop();
    this.#jobs.set(schedule.scheduleId, job);
  }
}

/** Five fields in UTC, or in the zone of a `CRON_TZ=Europe/Copenhagen ` prefix. */
function cronOf(line: string, state: { paused: boolean }, strike: () => void): Cron {
  const [, timezone = "UTC", fields = ""] = /^(?:CRON_TZ=(\S+)\s+)?(.*)$/.exec(line.trim()) ?? [];
  if (fields.split(/\s+/).length !== 5) throw new Refused(400, `invalid cron: expected 5 fields in "${line}"`);
  try {
    return new Cron(fields, { timezone, paused: state.paused, unref: true, catch: true }, strike);
  } catch (error) {
    throw new Refused(400, `invalid cron: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What a message of this schedule is made from: neither the token nor the transport's headers. */
function ownHeaders(headers: Record<string, string>): Record<string, string> {
  const made = Object.entries(headers).filter(
    ([name]) => name === "content-type" || (name.startsWith("upstash-") && !name.startsWith("upstash-telemetry-")),
  );
  return Object.fromEntries(made);
}
