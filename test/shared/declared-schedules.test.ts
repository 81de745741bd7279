// What the code declares reaches every project once, and what people made of it stays theirs.
import { beforeAll, expect, test } from "vitest";
import type { Schedule } from "#brain/kernel/schedule.ts";
import { registry, schedules } from "#brain/registry.ts";
import { complaintOf } from "#brain/shared/fire-times.ts";
import { database } from "#test/kit/database.ts";
import { type World, world } from "#test/kit/world.ts";
import { clockwork, type Row } from "./clockwork.ts";

// The first to ask starts the database.
beforeAll(async () => void (await database()));

const sync: Schedule = { kind: "test.sync", everySeconds: 900, missed: "skip" };
const nightly: Schedule = { kind: "test.nightly", cron: "10 3 * * *", missed: "once" };
const follower: Schedule = { kind: "test.embed", missed: "once", after: ["test.sync"] };

const rowsOf = (w: World, project = w.a.project) =>
  w.neon.query(
    `select name, cron, interval_seconds, timezone, missed, after_kinds::text as after, enabled, version, origin
     from shared.scheduled_jobs where project_id = $1 order by name`,
    [project],
  );

const named = (rows: Row[]) => rows.map(({ name, enabled }) => `${name} ${enabled}`);

test("a project has them after its first tick, or with its first traffic, in its own time zone", async () => {
  const w = await world();
  await w.neon.query("update identity.projects set timezone = 'America/New_York' where id = $1", [w.b.project]);
  await clockwork(w, [sync, nightly, follower]).sweep(w.a.project);
  expect(await rowsOf(w)).toMatchObject([
    { name: "test.embed", cron: null, after: "{test.sync}", origin: "declared" },
    { name: "test.nightly", cron: "10 3 * * *", timezone: "Europe/Copenhagen", missed: "once" },
    { name: "test.sync", interval_seconds: 900, missed: "skip", version: 1 },
  ]);
  expect(await rowsOf(w, w.b.project)).toEqual([]);
  // A tick sees to so many projects at most, and other tests have left theirs in this database.
  const { tick } = clockwork(w, [sync, nightly, follower]);
  for (let i = 0; i < 30 && (await rowsOf(w, w.b.project)).length === 0; i++) await tick();
  expect(await rowsOf(w, w.b.project)).toMatchObject([{}, { timezone: "America/New_York" }, {}]);
});

test("what people changed stays as they made it, whatever the code says later; the rest follows the code", async () => {
  const w = await world();
  await clockwork(w, [sync, nightly]).sweep(w.a.project);
  await w.neon.query(
    "update shared.scheduled_jobs set cron = '0 5 * * *', version = 2 where project_id = $1 and name = 'test.nightly'",
    [w.a.project],
  );
  const later: Schedule[] = [
    { ...sync, everySeconds: 600 },
    { ...nightly, cron: "0 1 * * *" },
  ];
  await clockwork(w, later).sweep(w.a.project);
  expect(await rowsOf(w)).toMatchObject([{ cron: "0 5 * * *" }, { interval_seconds: 600 }]);
});

test("what the code forgets is switched off, and comes back when it is declared again", async () => {
  const w = await world();
  await clockwork(w, [sync, nightly]).sweep(w.a.project);
  await clockwork(w, [nightly]).sweep(w.a.project);
  expect(named(await rowsOf(w))).toEqual(["test.nightly true", "test.sync false"]);
  await clockwork(w, [sync, nightly]).sweep(w.a.project);
  expect(named(await rowsOf(w))).toEqual(["test.nightly true", "test.sync true"]);
});

test("what is declared can be run: a job with a door, a cron that fires, followers of jobs that exist", () => {
  const jobs = registry.filter(({ doors, scope }) => doors.includes("job") && scope === "project");
  const names = jobs.map(({ name }) => name);
  expect(schedules.length).toBeGreaterThan(0);
  expect(new Set(schedules.map(({ kind }) => kind)).size).toBe(schedules.length);
  for (const { kind, cron, everySeconds, after = [] } of schedules) {
    expect(names).toContain(kind);
    expect([kind, [cron, everySeconds, after[0]].some((when) => when !== undefined)]).toEqual([kind, true]);
    expect([kind, cron !== undefined && everySeconds !== undefined]).toEqual([kind, false]);
    if (cron !== undefined) expect([kind, complaintOf(cron, new Date("2026-11-15"))]).toEqual([kind, undefined]);
    for (const each of after) expect(names).toContain(each);
  }
});
