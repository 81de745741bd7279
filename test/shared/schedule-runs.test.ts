// A run of a schedule that does not end well: tried again, given up on, lost with its worker; and one that does, and is followed.
import { beforeAll, describe, expect, test } from "vitest";
import { Fault } from "#brain/kernel/fault.ts";
import { database } from "#test/kit/database.ts";
import type { World } from "#test/kit/world.ts";
import { begun, type clockwork, runMessages as mine, minutes, passing } from "./clockwork.ts";

// The first to ask starts the database.
beforeAll(async () => void (await database()));

describe("a run that fails", () => {
  test("is tried again after waits that grow, and fails for good after as many attempts as its schedule allows", async () => {
    const { w, c, later } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *", max_attempts: 3 });
    c.jobs.acts.set("test.job", () => passing("provider_down"));
    await c.tick();
    later(minutes(7));
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      await c.deliver(w.a.project);
      const [next] = mine(w);
      if (!next) continue;
      waits.push(next.delaySeconds ?? 0);
      later((next.delaySeconds ?? 0) * 1000);
    }
    expect(waits).toHaveLength(2);
    expect(waits[0]).toBeGreaterThanOrEqual(30);
    expect(waits[0]).toBeLessThanOrEqual(45);
    expect(waits[1]).toBeGreaterThanOrEqual(60);
    expect(await c.runs(w.a)).toMatchObject([
      { status: "failed", attempts: 3, recoveries: 0, error: "provider_down", did: null },
    ]);
    later(minutes(14));
    await c.sweep(w.a.project);
    expect(mine(w)).toEqual([]);
  });

  test("fails at once when trying again is of no use", async () => {
    const { w, c, later } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *", kind: "test.job" });
    c.jobs.acts.set("test.job", () => {
      throw new Fault("conflict", "no_use");
    });
    await c.tick();
    later(minutes(7));
    await c.deliver(w.a.project);
    expect(await c.runs(w.a)).toMatchObject([{ status: "failed", attempts: 1, error: "no_use" }]);
  });

  test("whose job this version does not know waits for the next deploy", async () => {
    const { w, c, later } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *", kind: "nobody.knows" });
    await c.tick();
    later(minutes(7));
    await c.deliver(w.a.project);
    expect(await c.runs(w.a)).toMatchObject([{ status: "pending", attempts: 1, error: "job_unknown" }]);
  });
});

describe("a worker that vanished", () => {
  const vanish = async (c: ReturnType<typeof clockwork>, w: World) => {
    c.jobs.acts.set("test.job", () => {
      // The answer is on its way, and the worker is gone before it settles.
      w.neon.faults.next({ kind: "before" });
      return 1;
    });
    await c.deliver(w.a.project).catch(() => undefined);
  };

  test("is noticed when its lease has passed, and the run begins anew: counted apart from failures", async () => {
    const { w, c, later } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *" });
    await c.tick();
    later(minutes(7));
    await vanish(c, w);
    expect(await c.runs(w.a)).toMatchObject([{ status: "running", attempts: 1 }]);
    c.jobs.acts.set("test.job", () => 1);
    later(minutes(4));
    expect(await c.sweep(w.a.project)).toMatchObject({ published: 0 });
    later(minutes(2));
    expect(await c.sweep(w.a.project)).toMatchObject({ published: 1 });
    expect(await c.sweep(w.a.project)).toMatchObject({ published: 0 });
    expect(await c.runs(w.a)).toMatchObject([{ status: "pending", recoveries: 1, error: "lease_lost" }]);
    later(minutes(1));
    await c.deliver(w.a.project);
    expect(await c.runs(w.a)).toMatchObject([{ status: "ok", attempts: 2, recoveries: 1, error: null }]);
  });

  test("again and again makes the run poison: visible, and not begun by anybody any more", async () => {
    const { w, c, later } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *" });
    await c.tick();
    later(minutes(7));
    for (let times = 0; times < 4; times++) {
      await vanish(c, w);
      later(minutes(6));
      await c.sweep(w.a.project);
      later(minutes(5));
    }
    expect(await c.runs(w.a)).toMatchObject([{ status: "poison", attempts: 4, recoveries: 4, error: "poison" }]);
    const before = c.jobs.ran.length;
    later(minutes(5));
    await c.sweep(w.a.project);
    await c.deliver(w.a.project);
    expect(c.jobs.ran.length).toBe(before);
  });

  test("that comes back after its lease was given away settles nothing", async () => {
    const { w, c, later } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *" });
    await c.tick();
    later(minutes(7));
    c.jobs.acts.set("test.job", async () => {
      later(minutes(6));
      await c.sweep(w.a.project);
      return 5;
    });
    expect(await c.deliver(w.a.project)).toMatchObject([{ outcome: "lost" }]);
    expect(await c.runs(w.a)).toMatchObject([{ status: "pending", recoveries: 1, did: null }]);
  });

  test("is told of by the tick, which sends the sweep to that project", async () => {
    const { w, c, later } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *" });
    await c.tick();
    later(minutes(7));
    await vanish(c, w);
    later(minutes(6));
    w.queue.published.splice(0);
    await c.tick();
    expect(w.queue.published.filter((m) => m.kind === "shared.sweep").map((m) => m.project)).toContain(w.a.project);
  });
});

describe("a run that ended well and did something", () => {
  const followed = async (did: () => number, row: Record<string, unknown> = {}) => {
    const { w, c, later } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *", kind: "test.sync" });
    await c.schedule(w.a, { cron: null, name: "follows", kind: "test.embed", after_kinds: "{test.sync}", ...row });
    await c.schedule(w.b, { cron: null, name: "follows", kind: "test.embed", after_kinds: "{test.sync}" });
    c.jobs.acts.set("test.sync", did);
    await c.tick();
    later(minutes(7));
    await c.deliver(w.a.project);
    return { w, c, later };
  };
  const followers = async (c: ReturnType<typeof clockwork>, w: World) =>
    (await c.runs(w.a)).filter(({ name }) => name === "follows");

  test("is followed at once, once, and in its own project only", async () => {
    const { w, c } = await followed(() => 3);
    expect(await followers(c, w)).toMatchObject([{ status: "pending", cause: "after" }]);
    expect(mine(w)).toHaveLength(1);
    await c.deliver(w.a.project);
    expect(await followers(c, w)).toMatchObject([{ status: "ok", cause: "after", attempts: 1 }]);
    expect(c.jobs.ran.map(({ job }) => job)).toEqual(["test.sync", "test.embed"]);
    expect(await c.runs(w.b)).toEqual([]);
  });

  test("is not, when it found nothing to do, or failed, or the follower is switched off", async () => {
    for (const [did, row] of [
      [() => 0, {}],
      [passing, {}],
      [() => 3, { enabled: false }],
    ] as const) {
      const { w, c } = await followed(did, row);
      expect(await followers(c, w)).toEqual([]);
    }
  });

  test("has one follower waiting, not two, when it runs again before that began", async () => {
    const { w, c, later } = await followed(() => 3);
    w.queue.published.splice(0);
    later(minutes(60));
    await c.tick();
    await c.deliver(w.a.project);
    const synced = (await c.runs(w.a)).filter(({ name, status }) => name !== "follows" && status === "ok");
    expect(synced).toHaveLength(2);
    expect(await followers(c, w)).toHaveLength(1);
  });

  test("passes it on down the line", async () => {
    const { w, c, later } = await begun();
    await c.schedule(w.a, { cron: "7 * * * *", kind: "test.signals" });
    await c.schedule(w.a, { cron: null, kind: "test.health", after_kinds: "{test.signals}" });
    await c.schedule(w.a, { cron: null, kind: "test.analytics", after_kinds: "{test.health}" });
    for (const kind of ["test.signals", "test.health", "test.analytics"]) c.jobs.acts.set(kind, () => 1);
    await c.tick();
    later(minutes(7));
    for (let step = 0; step < 4; step++) await c.deliver(w.a.project);
    expect(c.jobs.ran.map(({ job }) => job)).toEqual(["test.signals", "test.health", "test.analytics"]);
  });

  test("is in the list of job runs under its own name, with what it did", async () => {
    const { w } = await followed(() => 3);
    const answer = await w.fetch("/v1/shared/job-runs?job=test.sync", { key: w.a.apiKey });
    expect(await answer.json()).toMatchObject({ data: [{ job: "test.sync", status: "ok", processed: 3 }] });
  });
});
