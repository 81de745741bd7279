// Schedules on a clock that is set: planned ahead, handed over for their minute, run once, tried again, given up on, followed.
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "#test/kit/database.ts";
import { deliver } from "#test/kit/jobs.ts";
import { begun, runMessages as mine, minutes } from "./clockwork.ts";

// The first to ask starts the database.
beforeAll(async () => void (await database()));

describe("a schedule", () => {
  test("fires at its minute though the tick comes every fifteen: each time once, as the system, in its own project", async () => {
    const { w, c, live } = await begun();
    await c.schedule(w.a, { cron: "7,22 * * * *" });
    await live(4);
    expect((await c.runs(w.a)).map(({ fire, status }) => `${fire} ${status}`)).toEqual([
      "15 08:07:00 ok",
      "15 08:22:00 ok",
    ]);
    expect(c.jobs.ran).toEqual([
      { job: "test.job", actor: "system", project: w.a.project },
      { job: "test.job", actor: "system", project: w.a.project },
    ]);
  });

  test("is handed to QStash with the delay that is left, and its message names the run and nothing else", async () => {
    const { w, c } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *" });
    await c.tick();
    const [row] = await w.neon.query("select id, scheduled_job_id from shared.worker_runs where project_id = $1", [
      w.a.project,
    ]);
    expect(mine(w)).toMatchObject([{ delaySeconds: 420, body: { run: row?.["id"] } }]);
    expect(Object.keys(mine(w)[0]?.body ?? {})).toEqual(["run"]);
  });

  test("does not run early, whoever delivers the message too soon, and QStash is told how long to wait", async () => {
    const { w, c } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *" });
    await c.tick();
    const [message] = mine(w);
    const answer = await deliver(w, "shared.schedules.run", { ...message?.body, project: w.a.project });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "420"]);
    expect(await c.runs(w.a)).toMatchObject([{ status: "pending", attempts: 0 }]);
  });

  test("delivered three times runs once", async () => {
    const { w, c, later } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *" });
    await c.tick();
    const [message] = mine(w);
    later(minutes(7));
    const id = String(message?.body["run"]);
    const outcomes = [await c.run(w.a.project, id), await c.run(w.a.project, id), await c.run(w.a.project, id)];
    expect(outcomes.map((each) => (each as Record<string, unknown>)["outcome"])).toEqual(["ok", "nothing", "nothing"]);
    expect(c.jobs.ran).toHaveLength(1);
  });

  test("spreads what fires together over its jitter, and always begins with the same delay", async () => {
    const { w, c, live } = await begun();
    for (let n = 0; n < 8; n++) await c.schedule(w.a, { cron: "10 * * * *", jitter_seconds: 600 });
    await live(5);
    const rows = await w.neon.query(
      `select scheduled_job_id as s, extract(epoch from due_at - fire_time)::int as late from shared.worker_runs where project_id = $1 order by 1`,
      [w.a.project],
    );
    const late = rows.map((row) => Number(row["late"]));
    expect(new Set(late).size).toBeGreaterThan(4);
    expect(Math.max(...late)).toBeLessThanOrEqual(600);
    const kinds = new Set(rows.map((row) => `${row["s"]} ${row["late"]}`));
    expect(kinds.size).toBe(8);
  });

  test("fires at half past two once on each of the nights on which clocks change", async () => {
    for (const [now, fired] of [
      ["2026-03-29T00:00:00.000Z", "29 01:30:00"],
      ["2026-10-25T00:00:00.000Z", "25 00:30:00"],
    ] as const) {
      const { w, c, live } = await begun(now);
      await c.schedule(w.a, { cron: "30 2 * * *" });
      await live(12);
      expect(await c.runs(w.a)).toMatchObject([{ fire: fired, status: "ok" }]);
    }
  });

  test("that nobody can work out does not stand in the way of the others", async () => {
    const { w, c, live } = await begun();
    await c.schedule(w.a, { cron: "99 99 * * *" });
    await c.schedule(w.a, { cron: "5 * * * *" });
    await c.schedule(w.b, { cron: "5 * * * *", timezone: "Nowhere/Land" });
    await live(1);
    expect(await c.runs(w.a)).toMatchObject([{ status: "ok" }]);
    expect(w.lines.filter((line) => line["schedule"] && line["level"] === "error").length).toBeGreaterThan(1);
  });
});

describe("a change between planning and firing", () => {
  const changed = async (set: string) => {
    const { w, c, later } = await begun();
    const id = await c.schedule(w.a, { cron: "7 * * * *" });
    await c.tick();
    await w.neon.query(`update shared.scheduled_jobs set ${set} where project_id = $1 and id = $2`, [w.a.project, id]);
    later(minutes(7));
    return { c, w, answers: await c.deliver(w.a.project) };
  };

  test.each([["enabled = false"], ["version = version + 1"]])("(%s) keeps the old time from firing", async (set) => {
    const { c, w, answers } = await changed(set);
    expect(answers).toMatchObject([{ outcome: "skipped", error: "schedule_changed" }]);
    expect(await c.runs(w.a)).toMatchObject([{ status: "skipped", attempts: 0 }]);
    expect(c.jobs.ran).toEqual([]);
  });

  test("that concerns only when it fires next leaves a planned run alone", async () => {
    const { answers } = await changed("last_run_at = now()");
    expect(answers).toMatchObject([{ outcome: "ok" }]);
  });
});

describe("fire times that passed while nothing ran", () => {
  const madeUp = async (missed: string, hours: number) => {
    const { w, c, later } = await begun();
    await c.schedule(w.a, { cron: "0 * * * *", missed });
    await c.tick();
    w.queue.published.splice(0);
    await w.neon.query("delete from shared.worker_runs where project_id = $1", [w.a.project]);
    await w.neon.query("delete from shared.outbox where project_id = $1", [w.a.project]);
    later(minutes(hours * 60 + 30));
    await c.tick();
    await c.deliver(w.a.project);
    return (await c.runs(w.a)).map(({ fire, status }) => `${fire} ${status}`);
  };

  test("skip: none is made up for, and that is written down", async () => {
    expect(await madeUp("skip", 4)).toEqual(["15 09:00:00 skipped"]);
  });

  test("once: one for all of them", async () => {
    expect(await madeUp("once", 4)).toEqual(["15 09:00:00 ok"]);
  });

  test("each: all of them, up to a day's worth of hours", async () => {
    expect(await madeUp("each", 4)).toEqual(["15 09:00:00 ok", "15 10:00:00 ok", "15 11:00:00 ok", "15 12:00:00 ok"]);
    expect(await madeUp("each", 100)).toHaveLength(24);
  });

  test("a planned run whose message came hours late goes by the same rule", async () => {
    for (const [missed, statuses] of [
      ["skip", ["skipped", "skipped"]],
      ["once", ["skipped", "ok"]],
      ["each", ["ok", "ok"]],
    ] as const) {
      const { w, c, later } = await begun();
      await c.schedule(w.a, { cron: "1,2 * * * *", missed });
      await c.tick();
      later(minutes(180));
      await c.deliver(w.a.project);
      expect([missed, (await c.runs(w.a)).map(({ status }) => status)]).toEqual([missed, statuses]);
    }
  });
});

describe("a tick that did not get far", () => {
  test("planned and could not hand over: it fails, and its next delivery hands over the same runs", async () => {
    const { w, c, later } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *" });
    w.queue.down();
    await expect(c.tick()).rejects.toThrow(/queue_unreachable/);
    w.queue.up();
    later(12_000);
    await c.tick();
    expect(mine(w)).toMatchObject([{ delaySeconds: 408 }]);
    later(12_000);
    await c.tick();
    expect(mine(w)).toHaveLength(1);
    expect(await c.runs(w.a)).toHaveLength(1);
  });

  test("crashed between handing over and noting it: the same message again, which QStash drops by its id", async () => {
    const { w, c, later } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *" });
    await c.tick();
    await w.neon.query("update shared.outbox set published_at = null, message_id = null where project_id = $1", [
      w.a.project,
    ]);
    later(12_000);
    await c.tick();
    expect(mine(w)).toHaveLength(2);
    expect(new Set(mine(w).map(({ id }) => id)).size).toBe(1);
  });

  test("asks the database once on a quiet day, however many schedules there are, and three times when some fire", async () => {
    const { w, c, later } = await begun();
    for (let n = 0; n < 20; n++) await c.schedule(w.a, { cron: "0 3 * * *" });
    await c.tick();
    later(minutes(15));
    expect((await c.tick()).requests).toBe(1);
    for (let n = 0; n < 20; n++) await c.schedule(w.a, { cron: "*/5 * * * *" });
    expect((await c.tick()).requests).toBe(3);
    expect(mine(w)).toHaveLength(80);
  });
});
