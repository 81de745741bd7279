// What may go wrong between a chunk and its vector, and that each time the chunk gets there.
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "#test/kit/database.ts";
import { crashed, down, limited, refusedText } from "#test/kit/embedder.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { hashOf, put, type Remembering, remembering, seen, statuses } from "./waiting.ts";

const minutes = (count: number) => count * 60_000;
const run = (w: Remembering) => deliver(w, "memory.embed", { project: w.a.project });
const bodyOf = async (answer: Promise<Response>) => (await answer).json();

// The first to ask starts the database.
beforeAll(async () => void (await database()));

describe("the embedder", () => {
  test("is down: waits grow, after the fifth claim the chunk fails with the reason, and an operator may try again", async () => {
    const w = await remembering();
    w.embedder.behave(() => {
      throw down();
    });
    await put(w, w.a, ["Hello"]);
    const began = w.clock.now().getTime();
    const tries: number[] = [];
    // Nothing but the wake-ups themselves, each when it falls due.
    for (let next = w.queue.published[0]; next; next = w.queue.published[0]) {
      w.clock.advance((next.delaySeconds ?? 0) * 1000);
      await deliverPublished(w);
      if (w.embedder.calls.length > tries.length) tries.push((w.clock.now().getTime() - began) / 1000);
    }
    expect(tries).toEqual([2, 32, 152, 632, 2552]);
    expect(await seen(w, w.a)).toMatchObject([{ status: "failed", attempts: 5 }]);
    expect((await seen(w, w.a))[0]?.error).toBe("embedder_unreachable");

    const told = await (await w.fetch("/v1/memory/status", { key: w.a.apiKey })).json();
    expect(told).toMatchObject({
      chunks: 1,
      failed: 1,
      pending: 0,
      ready: 0,
      oldest_seconds: null,
      errors: { embedder_unreachable: 1 },
    });
    expect((await w.fetch("/v1/memory/retry", { key: w.a.readKey, json: {} })).status).toBe(403);
    w.embedder.well();
    const retried = await w.fetch("/v1/memory/retry", { key: w.a.apiKey, json: {} });
    expect([retried.status, await retried.json()]).toEqual([200, { retried: 1 }]);
    await w.settled();
    await deliverPublished(w);
    expect(await seen(w, w.a)).toMatchObject([{ status: "ready", attempts: 1, error: null }]);
  });

  test("says 429: it is not asked before the time it named, however much arrives, and nothing counts as a message each", async () => {
    const w = await remembering();
    w.embedder.behave(() => {
      throw limited(90);
    });
    await put(w, w.a, ["one", "two"]);
    await deliverPublished(w);
    expect(w.queue.published.splice(0)).toMatchObject([{ delaySeconds: 90 }]);
    w.embedder.well();
    for (let i = 0; i < 10; i++) {
      w.clock.advance(8000);
      await put(w, w.a, [`later ${i}`]);
      await deliverPublished(w);
      await run(w);
    }
    expect(w.embedder.calls).toHaveLength(1);
    expect(await (await w.fetch("/v1/memory/status", { key: w.a.apiKey })).json()).toMatchObject({
      pending: 12,
      paused_seconds: 10,
    });
    w.clock.advance(11_000);
    expect(await bodyOf(run(w))).toMatchObject({ embedded: 12 });
    expect(w.embedder.calls).toHaveLength(2);
  });

  test("fails a batch: its texts are tried alone, the bad one fails with its error, the others are embedded", async () => {
    const w = await remembering();
    w.embedder.behave((texts) => {
      if (texts.includes("bad")) throw refusedText();
    });
    await put(w, w.a, ["a", "b", "bad", "c", "d"]);
    const [answer] = await deliverPublished(w);
    expect(answer?.body).toEqual({ batches: 1, embedded: 4, copied: 0, released: 0, failed: 1 });
    expect(w.embedder.calls.map((texts) => texts.length)).toEqual([5, 1, 1, 1, 1, 1]);
    expect(await statuses(w, w.a)).toEqual(["ready", "ready", "failed", "ready", "ready"]);
    expect((await seen(w, w.a))[2]).toMatchObject({ error: "input_refused", attempts: 1 });
    const events = await w.neon.query(
      "select kind, payload from shared.events where project_id = $1 and kind like 'memory.%' order by kind",
      [w.a.project],
    );
    expect(events).toMatchObject([
      { kind: "memory.embedded", payload: { embedded: 4 } },
      { kind: "memory.embedding_failed", payload: { failed: 1 } },
    ]);
  });

  test("crashes over one text: only that one waits, and has five claims", async () => {
    const w = await remembering();
    w.embedder.behave((texts) => {
      if (texts.includes("poisonous")) throw crashed();
    });
    await put(w, w.a, ["a", "poisonous", "b"]);
    await deliverPublished(w);
    expect(await statuses(w, w.a)).toEqual(["ready", "pending", "ready"]);
    expect(w.queue.published).toMatchObject([{ delaySeconds: 30 }]);
    for (let claims = 2; claims <= 5; claims++) {
      w.clock.advance(minutes(33));
      await run(w);
    }
    expect((await seen(w, w.a))[1]).toMatchObject({ status: "failed", attempts: 5, error: "embedder_failed" });
  });

  test("refuses everything: no text is blamed for it", async () => {
    const w = await remembering();
    w.embedder.behave(() => {
      throw refusedText();
    });
    await put(w, w.a, ["a", "b", "c", "d"]);
    await deliverPublished(w);
    expect(await statuses(w, w.a)).toEqual(["pending", "pending", "pending", "pending"]);
  });

  test("dies in the middle of trying one by one: three in vain and it is left alone", async () => {
    const w = await remembering();
    w.embedder.behave(() => {
      throw crashed();
    });
    await put(
      w,
      w.a,
      Array.from({ length: 40 }, (_, i) => `text ${i}`),
    );
    const [answer] = await deliverPublished(w);
    expect(answer?.body).toMatchObject({ embedded: 0, released: 40, failed: 0 });
    expect(w.embedder.calls).toHaveLength(4);
  });

  test("is slow: the run ends in time to settle, the rest is released for another", async () => {
    const w = await remembering();
    w.embedder.behave((texts) => {
      w.clock.advance(20_000);
      if (texts.length > 1) throw crashed();
    });
    await put(w, w.a, ["a", "b", "c", "d", "e"]);
    await deliverPublished(w);
    expect(await statuses(w, w.a)).toEqual(["ready", "ready", "ready", "pending", "pending"]);
    expect((await seen(w, w.a))[4]?.error).toBe("embedder_slow");
  });
});

describe("a worker", () => {
  test("that dies after claiming loses its lease; the next one has the rows two minutes later, and says so at once", async () => {
    const w = await remembering();
    w.embedder.behave(() => {
      throw new Error("the isolate was evicted");
    });
    await put(w, w.a, ["Hello"]);
    expect((await deliverPublished(w))[0]?.status).toBe(500);
    expect(await seen(w, w.a)).toMatchObject([{ status: "processing", attempts: 1 }]);
    w.embedder.well();
    // QStash's second delivery comes after twelve seconds and finds the lease still running.
    w.clock.advance(12_000);
    expect(await bodyOf(run(w))).toMatchObject({ embedded: 0 });
    expect(w.queue.published.splice(0)).toMatchObject([{ kind: "memory.embed", delaySeconds: 108 }]);
    w.clock.advance(108_000);
    expect(await bodyOf(run(w))).toMatchObject({ embedded: 1 });
  });

  test("that dies over the same text five times has met poison", async () => {
    const w = await remembering();
    w.embedder.behave(() => {
      throw new Error("out of memory");
    });
    await put(w, w.a, ["Hello"]);
    for (let claims = 1; claims <= 5; claims++) {
      expect((await run(w)).status).toBe(500);
      w.clock.advance(120_001);
    }
    expect(await bodyOf(run(w))).toMatchObject({ batches: 0, failed: 1 });
    expect(await seen(w, w.a)).toMatchObject([{ status: "failed", error: "poison", attempts: 5 }]);
    expect(w.embedder.calls).toHaveLength(5);
  });

  test("whose lease ran out may not settle over the next one", async () => {
    const w = await remembering();
    await put(w, w.a, ["Hello"]);
    w.embedder.behave(async (_, call) => {
      if (call > 1) return;
      w.clock.advance(120_001);
      expect(await bodyOf(run(w))).toMatchObject({ embedded: 1 });
      await w.neon.query("update memory.vectors set embedded_at = '2020-01-01' where project_id = $1", [w.a.project]);
    });
    const [late] = await deliverPublished(w);
    expect(late?.body).toMatchObject({ embedded: 0 });
    const rows = await w.neon.query("select embedded_at::date::text as day from memory.vectors where project_id = $1", [
      w.a.project,
    ]);
    expect(rows).toEqual([{ day: "2020-01-01" }]);
  });

  test("whose rows another one holds by now may not settle them either", async () => {
    const w = await remembering();
    await put(w, w.a, ["Hello"]);
    const second = Promise.withResolvers<Response>();
    const reached = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    w.embedder.behave(async (_, call) => {
      if (call === 1) {
        w.clock.advance(120_001);
        run(w).then(second.resolve, second.reject);
        return reached.promise;
      }
      reached.resolve();
      return release.promise;
    });
    const [late] = await deliverPublished(w);
    expect(late?.body).toMatchObject({ embedded: 0 });
    expect(await statuses(w, w.a)).toEqual(["processing"]);
    release.resolve();
    expect(await bodyOf(second.promise)).toMatchObject({ embedded: 1 });
  });

  test("whose text changed unnoticed may not settle: the hash is a fence of its own", async () => {
    const w = await remembering();
    const [id] = await put(w, w.a, ["Hello"]);
    w.embedder.behave(async () => {
      await w.neon.query(
        "update memory.chunks set text = 'Goodbye', text_hash = $3 where project_id = $1 and id = $2",
        [w.a.project, id, hashOf("Goodbye")],
      );
    });
    await deliverPublished(w);
    expect(await statuses(w, w.a)).toEqual(["processing"]);
    w.embedder.well();
    w.clock.advance(120_001);
    await run(w);
    expect(w.embedder.calls).toEqual([["Hello"], ["Goodbye"]]);
    expect(await statuses(w, w.a)).toEqual(["ready"]);
  });
});

describe("the database answers an error after committing", () => {
  test("the settle: the message comes again, and the vector is there once", async () => {
    const w = await remembering();
    await put(w, w.a, ["Hello"]);
    w.neon.faults.next({ kind: "after-commit", match: /memory\.settle/ });
    const [message] = w.queue.published;
    expect((await deliverPublished(w))[0]?.status).toBe(503);
    expect(await statuses(w, w.a)).toEqual(["ready"]);
    expect(await bodyOf(deliver(w, "memory.embed", { ...message }))).toMatchObject({ batches: 0, embedded: 0 });
    expect(w.embedder.calls).toHaveLength(1);
  });

  test("the claim: nobody knows its token, so the rows come back when the lease ends", async () => {
    const w = await remembering();
    await put(w, w.a, ["Hello"]);
    w.neon.faults.next({ kind: "after-commit", match: /memory\.claim/ });
    expect((await deliverPublished(w))[0]?.status).toBe(503);
    w.clock.advance(12_000);
    await run(w);
    expect(w.queue.published).toMatchObject([{ delaySeconds: 108 }]);
    w.clock.advance(108_000);
    await deliverPublished(w);
    expect(await seen(w, w.a)).toMatchObject([{ status: "ready" }]);
  });

  test("the mark of a published wake-up: it goes out again under the same id, which QStash drops", async () => {
    const w = await remembering();
    w.embedder.behave(() => {
      throw limited(60);
    });
    await put(w, w.a, ["Hello"]);
    w.neon.faults.next({ kind: "after-commit", match: /published_at/, status: 500 });
    await deliverPublished(w);
    expect(w.queue.published).toHaveLength(1);
    const rows = await w.neon.query("select id from shared.outbox where project_id = $1 and state = 'pending'", [
      w.a.project,
    ]);
    expect(rows).toEqual([{ id: w.queue.published[0]?.id }]);
  });
});
