// The net: whatever was lost between the database and QStash is found again.

import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { raw, send } from "#brain/kernel/batch.ts";
import { ctxOf } from "#test/kit/ctx.ts";
import { database } from "#test/kit/database.ts";
import { limited } from "#test/kit/embedder.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { put, type Remembering, remembering, seen } from "./waiting.ts";

const sweep = async (w: Remembering) => (await deliver(w, "shared.sweep", { project: w.a.project })).json();
const tick = async (w: Remembering) => {
  await deliver(w, "shared.tick", {});
  return w.queue.published.filter((message) => message.kind === "shared.sweep").map((message) => message.project);
};

// The first to ask starts the database.
beforeAll(async () => void (await database()));

describe("the sweep", () => {
  test("publishes what was staged while QStash could not be reached, under the same id", async () => {
    const w = await remembering();
    w.queue.down();
    await put(w, w.a, ["Hello"]);
    expect(w.queue.published).toEqual([]);
    w.queue.up();
    expect(await sweep(w)).toEqual({ published: 0 });
    w.clock.advance(8000);
    expect(await sweep(w)).toEqual({ published: 1 });
    const [row] = await w.neon.query("select id, attempts from shared.outbox where project_id = $1", [w.a.project]);
    expect(w.queue.published).toMatchObject([{ id: row?.["id"], kind: "memory.embed", delaySeconds: 0 }]);
    expect(await sweep(w)).toEqual({ published: 0 });
    await deliverPublished(w);
    expect(await seen(w, w.a)).toMatchObject([{ status: "ready" }]);
  });

  test("fails, and says why, while QStash is still unreachable; nothing is lost by that", async () => {
    const w = await remembering();
    w.queue.down();
    await put(w, w.a, ["Hello"]);
    w.clock.advance(8000);
    expect((await deliver(w, "shared.sweep", { project: w.a.project })).status).toBe(500);
    const rows = await w.neon.query("select error, attempts, published_at from shared.outbox where project_id = $1", [
      w.a.project,
    ]);
    expect(rows).toEqual([{ error: "queue_unreachable", attempts: 1, published_at: null }]);
    w.queue.up();
    expect(await sweep(w)).toEqual({ published: 1 });
  });

  test("publishes once more what QStash took and never delivered, but not within its deduplication window", async () => {
    const w = await remembering();
    await put(w, w.a, ["Hello"]);
    const [lost] = w.queue.published.splice(0);
    w.clock.advance(14 * 60_000);
    expect(await sweep(w)).toEqual({ published: 0 });
    w.clock.advance(2 * 60_000);
    expect(await sweep(w)).toEqual({ published: 1 });
    expect(w.queue.published).toMatchObject([{ id: lost?.id }]);
  });

  test("wakes the embedder for a chunk that nobody is on the way for, and only then", async () => {
    const w = await remembering();
    await put(w, w.a, ["Hello"]);
    w.queue.published.splice(0);
    await w.neon.query("delete from shared.outbox where project_id = $1", [w.a.project]);
    w.clock.advance(59_000);
    expect(await sweep(w)).toEqual({ published: 0 });
    w.clock.advance(2000);
    expect(await sweep(w)).toEqual({ published: 1 });
    expect(await sweep(w)).toEqual({ published: 0 });
    await deliverPublished(w);
    expect(await seen(w, w.a)).toMatchObject([{ status: "ready" }]);
  });

  test("finds a lease that ran out without anybody noticing", async () => {
    const w = await remembering();
    w.embedder.behave(() => {
      throw new Error("evicted");
    });
    await put(w, w.a, ["Hello"]);
    await deliverPublished(w);
    w.embedder.well();
    w.clock.advance(120_000 + 59_000);
    expect(await sweep(w)).toEqual({ published: 0 });
    w.clock.advance(2000);
    expect(await sweep(w)).toEqual({ published: 1 });
    await deliverPublished(w);
    expect(await seen(w, w.a)).toMatchObject([{ status: "ready", attempts: 1 }]);
  });

  test("leaves an embedder alone that asked for it", async () => {
    const w = await remembering();
    w.embedder.behave(() => {
      throw limited(600);
    });
    await put(w, w.a, ["Hello"]);
    await deliverPublished(w);
    w.clock.advance(300_000);
    expect(await sweep(w)).toEqual({ published: 0 });
  });

  test("leaves what has been done for a day to retention", async () => {
    const w = await remembering();
    await put(w, w.a, ["Hello"]);
    await deliverPublished(w);
    const left = async () =>
      (await w.neon.query("select count(*)::int as n from shared.outbox where project_id = $1", [w.a.project]))[0]?.[
        "n"
      ];
    const retain = async () =>
      (await deliver(w, "shared.retention.run", { project: w.a.project }).then((answer) => answer.json())) as object;
    w.clock.advance(23 * 3_600_000);
    await sweep(w);
    expect([await retain(), await left()]).toMatchObject([{ removed: {} }, 1]);
    w.clock.advance(2 * 3_600_000);
    await sweep(w);
    expect(await left()).toBe(1);
    expect([await retain(), await left()]).toMatchObject([{ removed: { "shared.outbox": 1 } }, 0]);
  });

  test("rides on traffic: once a minute for a project that is talked to, and not for its neighbour", async () => {
    const w = await remembering();
    w.runtime.settings = { ...w.runtime.settings, sweepSeconds: 60 };
    w.queue.down();
    await put(w, w.a, ["Hello"]);
    await put(w, w.b, ["Hello"]);
    w.queue.up();
    w.clock.advance(10_000);
    const visit = async () => {
      const answer = await w.fetch("/v1/memory/status", { key: w.a.apiKey });
      await w.settled();
      return answer.headers.get("server-timing");
    };
    expect(await visit()).toContain("requests=1");
    expect(w.queue.published.map((message) => message.project)).toEqual([w.a.project]);
    await w.neon.query("update shared.outbox set published_at = null where project_id = $1", [w.a.project]);
    w.clock.advance(59_000);
    await visit();
    expect(w.queue.published).toHaveLength(1);
    w.clock.advance(1000);
    await visit();
    expect(w.queue.published).toHaveLength(2);
  });
});

describe("the tick", () => {
  test("sends a sweep to the projects that need one and to no other", async () => {
    const w = await remembering();
    w.queue.down();
    await put(w, w.a, ["Hello"]);
    w.queue.up();
    expect(await tick(w)).not.toContain(w.a.project);
    // Other stories' projects share the database and may wait too: what the first tick sent is not the second's.
    w.queue.published.splice(0);
    w.clock.advance(8000);
    const projects = await tick(w);
    expect(projects).toContain(w.a.project);
    expect(projects).not.toContain(w.b.project);
    expect(new Set(projects).size).toBe(projects.length);
  });

  test("sees a waiting chunk of any project, though it has entered none", async () => {
    const w = await remembering();
    await put(w, w.b, ["Hello"]);
    await w.neon.query("delete from shared.outbox where project_id = $1", [w.b.project]);
    w.queue.published.splice(0);
    w.clock.advance(61_000);
    expect(await tick(w)).toContain(w.b.project);
  });

  test("is the only one who may ask which projects wait", async () => {
    const w = await remembering();
    for (const list of [sql`select memory.due_projects()`, sql`select shared.due_projects()`]) {
      const ctx = ctxOf(w, { kind: "system", project: w.a.project, job: "memory.embed" });
      await expect(send(ctx, [raw(ctx, list)])).rejects.toMatchObject({ kind: "forbidden", code: "tick_only" });
    }
  });
});
