/** Schedules through the vendor's client. */
import type { Client } from "@upstash/qstash";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalQStash } from "#local/qstash.ts";
import { type Destination, destination, qstash, quiet, verified } from "./office.ts";

let server: LocalQStash;
let client: Client;
let jobs: Destination;
quiet();

beforeEach(async () => {
  jobs = await destination();
  ({ server, client } = await qstash());
});
afterEach(async () => {
  await server.close();
  await jobs.close();
});

describe("schedules", () => {
  it("deliver a signed message with the schedule's id each time they strike", async () => {
    const headers = { "x-a": "b" };
    const { scheduleId } = await client.schedules.create({
      destination: jobs.url,
      cron: "*/15 * * * *",
      body: "{}",
      headers,
    });
    server.fire(scheduleId);
    server.fire(scheduleId);
    await server.idle(2_000);
    expect(jobs.got).toHaveLength(2);
    const [got] = jobs.got;
    if (got === undefined) throw new Error("nothing arrived");
    expect(got.headers).toMatchObject({
      "upstash-schedule-id": scheduleId,
      "x-a": "b",
      "content-type": "application/json",
    });
    expect(got.headers).not.toHaveProperty("upstash-cron");
    await expect(verified(got, jobs.url)).resolves.toBe(true);
    expect(await client.schedules.get(scheduleId)).toMatchObject({ lastScheduleTime: expect.any(Number), body: "{}" });
  });

  it("are replaced by their id, paused, resumed and deleted", async () => {
    const scheduleId = "sweep";
    await client.schedules.create({ destination: jobs.url, cron: "0 7 * * *", scheduleId });
    await client.schedules.create({ destination: `${jobs.url}/new`, cron: "0 8 * * *", scheduleId });
    expect(await client.schedules.list()).toMatchObject([
      { scheduleId, cron: "0 8 * * *", destination: `${jobs.url}/new` },
    ]);
    await client.schedules.pause({ schedule: scheduleId });
    expect(await client.schedules.get(scheduleId)).toMatchObject({ isPaused: true });
    await client.schedules.resume({ schedule: scheduleId });
    expect(await client.schedules.get(scheduleId)).toMatchObject({ isPaused: false });
    await client.schedules.delete(scheduleId);
    await expect(client.schedules.get(scheduleId)).rejects.toMatchObject({ status: 404 });
    expect(server.stats().schedules).toBe(0);
  });

  it("strike in UTC, or in the zone they name, across a change of clocks", async () => {
    const utc = await client.schedules.create({ destination: jobs.url, cron: "30 7 * * *" });
    const zoned = await client.schedules.create({
      destination: jobs.url,
      cron: "CRON_TZ=Europe/Copenhagen 30 7 * * *",
    });
    const hour = async (id: string) => new Date((await client.schedules.get(id)).nextScheduleTime ?? 0);
    const [atUtc, atZone] = [await hour(utc.scheduleId), await hour(zoned.scheduleId)];
    expect(atUtc.toISOString()).toContain("T07:30:00");
    expect(atZone.toLocaleTimeString("en-GB", { timeZone: "Europe/Copenhagen" })).toBe("07:30:00");
    expect(atZone.toISOString()).not.toContain("T07:30:00");
  });

  it.each(["* * * *", "61 * * * *", "*/1 * * * * *", "CRON_TZ=Mars/Olympus 0 7 * * *"])("refuse %s", async (cron) => {
    await expect(client.schedules.create({ destination: jobs.url, cron })).rejects.toMatchObject({ status: 400 });
  });
});
