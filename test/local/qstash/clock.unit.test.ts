/** Schedules on a clock that the test moves: zones, gaps and overlaps, pauses, delays. */
import type { Client } from "@upstash/qstash";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalQStash } from "#local/qstash.ts";
import { qstash, quiet } from "./office.ts";

let server: LocalQStash;
let client: Client;
let now: number;
let struck: string[];
quiet();

const url = "http://jobs.example/tick";

async function begin(at: string): Promise<void> {
  [now, struck] = [Date.parse(at), []];
  ({ server, client } = await qstash({
    clock: { now: () => new Date(now) },
    deliver: () => {
      struck.push(new Date(now).toISOString().slice(0, 16));
      return new Response();
    },
  }));
}

/** From one due moment to the next. */
async function until(at: string): Promise<string[]> {
  const end = Date.parse(at);
  for (let next = server.nextAt(); next !== undefined && next <= end; next = server.nextAt()) {
    now = Math.max(now, next);
    server.wake();
    await server.idle(2_000);
  }
  now = end;
  return struck.splice(0);
}

beforeEach(() => begin("2026-03-28T00:00:00Z"));
afterEach(async () => {
  await server.close();
});

const schedule = (cron: string, more: object = {}) =>
  client.schedules.create({ destination: url, cron, scheduleId: "tick", ...more });

describe("a schedule", () => {
  it("strikes at eight in Copenhagen on both sides of the change to summer time", async () => {
    await schedule("CRON_TZ=Europe/Copenhagen 0 8 * * *");
    expect(await until("2026-03-30T12:00:00Z")).toEqual(["2026-03-28T07:00", "2026-03-29T06:00", "2026-03-30T06:00"]);
  });

  it("at a time that the clock skips strikes once, at the end of the gap", async () => {
    await schedule("CRON_TZ=Europe/Copenhagen 30 2 * * *");
    expect(await until("2026-03-30T12:00:00Z")).toEqual(["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"]);
  });

  it("at a time that comes twice strikes once; one of every half hour strikes each half hour that passes", async () => {
    await server.close();
    await begin("2026-10-24T23:45:00Z");
    await schedule("CRON_TZ=Europe/Copenhagen 30 2 * * *");
    expect(await until("2026-10-25T12:00:00Z")).toEqual(["2026-10-25T00:30"]);
    await server.close();
    await begin("2026-10-24T23:45:00Z");
    await schedule("CRON_TZ=Europe/Copenhagen */30 * * * *");
    expect(await until("2026-10-25T02:00:00Z")).toEqual([
      "2026-10-25T00:00",
      "2026-10-25T00:30",
      "2026-10-25T01:00",
      "2026-10-25T01:30",
      "2026-10-25T02:00",
    ]);
  });

  it("does not strike while paused, and does not make up for it", async () => {
    await schedule("0 * * * *");
    await client.schedules.pause({ schedule: "tick" });
    expect(await until("2026-03-28T03:30:00Z")).toEqual([]);
    await client.schedules.resume({ schedule: "tick" });
    expect(await until("2026-03-28T05:30:00Z")).toEqual(["2026-03-28T04:00", "2026-03-28T05:00"]);
    await client.schedules.delete("tick");
    expect(await until("2026-03-28T09:30:00Z")).toEqual([]);
  });

  it("delays each of its messages, in a queue or under flow control if it names one, and says so", async () => {
    const flowControl = { key: "vendor", rate: 1, period: "1m" as const };
    await schedule("0 * * * *", { delay: "10m", queueName: "ticks", retries: 1, label: "t", flowControl });
    expect(await client.schedules.get("tick")).toMatchObject({
      delay: 600,
      queueName: "ticks",
      retries: 1,
      labels: ["t"],
      flowControlKey: "vendor",
      rate: 1,
      period: 60,
      nextScheduleTime: Date.parse("2026-03-28T01:00:00Z"),
    });
    expect(await until("2026-03-28T02:05:00Z")).toEqual(["2026-03-28T01:10"]);
  });

  it("that is replaced strikes by its new line only", async () => {
    await schedule("0 * * * *");
    await schedule("30 * * * *");
    expect(await until("2026-03-28T02:00:00Z")).toEqual(["2026-03-28T00:30", "2026-03-28T01:30"]);
  });

  it("strikes each time that a jump of the clock passed over", async () => {
    await schedule("0 * * * *");
    now += 3 * 3_600_000;
    server.wake();
    await server.idle(2_000);
    expect(struck).toHaveLength(3);
  });
});

describe("the deduplication window", () => {
  it("ends after ten minutes: the same id is then a new message", async () => {
    const once = { url, body: 1, deduplicationId: "obx_1" };
    const { messageId } = await client.publishJSON(once);
    now += 10 * 60_000 - 1;
    expect(await client.publishJSON(once)).toEqual({ messageId, deduplicated: true });
    now += 1;
    expect(await client.publishJSON(once)).not.toHaveProperty("deduplicated");
  });
});
