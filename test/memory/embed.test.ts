// Remembering, from a chunk that waits to its vector.
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "#test/kit/database.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { edit, hashOf, put, remembering, seen, statuses } from "./waiting.ts";

// The first to ask starts the database.
beforeAll(async () => void (await database()));

describe("embedding", () => {
  test("a lone chunk is embedded by one message and two database requests, with its audience beside the vector", async () => {
    const w = await remembering();
    const [id] = await put(w, w.a, ["The boiler shows error E24"]);
    expect(w.queue.published).toMatchObject([{ kind: "memory.embed", project: w.a.project, delaySeconds: 2 }]);
    const [message] = w.queue.published.splice(0);
    const answer = await deliver(w, "memory.embed", { project: message?.project, id: message?.id });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("server-timing")).toContain("requests=2");
    expect(await answer.json()).toEqual({ batches: 1, embedded: 1, copied: 0, released: 0, failed: 0 });
    expect(await seen(w, w.a)).toMatchObject([{ id, status: "ready", attempts: 1, model: "hash-test@1", error: null }]);
    expect(w.queue.published).toEqual([]);

    const [vector] = await w.neon.query(
      `select visibility, contact_id, text_hash, occurred_at, code = ext.binary_quantize(embedding)::bit(1536) as fits,
        ext.l2_norm(embedding) as length from memory.vectors where project_id = $1`,
      [w.a.project],
    );
    expect(vector).toMatchObject({
      visibility: 1,
      contact_id: "con_1",
      text_hash: hashOf("The boiler shows error E24"),
    });
    expect(vector?.["fits"]).toBeTruthy();
    expect(Number(vector?.["length"])).toBeCloseTo(1, 3);
  });

  test("a backlog is drained a hundred at a time, two requests a batch, one ledger row a batch", async () => {
    const w = await remembering();
    await put(
      w,
      w.a,
      Array.from({ length: 250 }, (_, i) => `Note ${i} about radiator ${i}`),
    );
    const [run] = await deliverPublished(w);
    expect(run?.body).toMatchObject({ batches: 3, embedded: 250 });
    expect(w.embedder.calls.map((texts) => texts.length)).toEqual([100, 100, 50]);
    expect(new Set(await statuses(w, w.a))).toEqual(new Set(["ready"]));
    const events = await w.neon.query(
      "select kind, payload from shared.events where project_id = $1 and kind like 'memory.%' order by id",
      [w.a.project],
    );
    expect(events.map((row) => row["payload"])).toEqual([100, 100, 50].map((embedded) => ({ embedded, copied: 0 })));
    const [corpus] = await w.neon.query("select chunks::int, tokens::int from memory.corpus where project_id = $1", [
      w.a.project,
    ]);
    expect(corpus).toEqual({ chunks: 250, tokens: 750 });
  });

  test("more than one run can do is continued by the next wake-up", async () => {
    const w = await remembering();
    w.embedder.behave(() => w.clock.advance(15_000));
    await put(
      w,
      w.a,
      Array.from({ length: 350 }, (_, i) => `Visit ${i}`),
    );
    const [first] = await deliverPublished(w);
    expect(first?.body).toMatchObject({ batches: 2, embedded: 200 });
    expect(w.queue.published).toMatchObject([{ kind: "memory.embed", delaySeconds: 0 }]);
    const [second] = await deliverPublished(w);
    expect(second?.body).toMatchObject({ batches: 2, embedded: 150 });
    expect(w.queue.published).toEqual([]);
  });

  test("identical text of the same model in the same project is embedded once, whenever it comes", async () => {
    const w = await remembering();
    await put(w, w.a, ["Thanks!", "See you Friday", "Thanks!", "Thanks!"]);
    await deliverPublished(w);
    expect(w.embedder.calls).toEqual([["Thanks!", "See you Friday"]]);
    await put(w, w.a, ["Thanks!", "See you Friday"]);
    const [again] = await deliverPublished(w);
    expect(again?.body).toMatchObject({ embedded: 2, copied: 2, batches: 0 });
    expect(w.embedder.calls).toHaveLength(1);
    expect(new Set(await statuses(w, w.a))).toEqual(new Set(["ready"]));
    const vectors = await w.neon.query(
      "select count(distinct embedding::text)::int as kinds, count(*)::int as all from memory.vectors where project_id = $1",
      [w.a.project],
    );
    expect(vectors).toEqual([{ kinds: 2, all: 6 }]);

    await put(w, w.b, ["Thanks!"]);
    await deliverPublished(w);
    expect(w.embedder.calls).toEqual([["Thanks!", "See you Friday"], ["Thanks!"]]);
  });

  test("a text that arrives while its like is being embedded waits for that vector", async () => {
    const w = await remembering();
    w.embedder.behave(async (_, call) => {
      if (call > 1) return;
      await put(w, w.a, ["Thanks!"]);
      const [overlapping] = await deliverPublished(w);
      expect(overlapping?.body).toMatchObject({ batches: 0, embedded: 0 });
    });
    await put(w, w.a, ["Thanks!"]);
    const [run] = await deliverPublished(w);
    expect(run?.body).toMatchObject({ embedded: 2, copied: 1 });
    expect(w.embedder.calls).toEqual([["Thanks!"]]);
    expect(await statuses(w, w.a)).toEqual(["ready", "ready"]);
  });

  test("another model embeds anew and never shares a vector with the first", async () => {
    const w = await remembering();
    await put(w, w.a, ["Thanks!"]);
    await deliverPublished(w);
    const other = scriptedEmbedder("other-test@1");
    w.runtime.ports = { ...w.runtime.ports, embedder: other.port };
    await put(w, w.a, ["Thanks!"]);
    await deliverPublished(w);
    expect(other.calls).toEqual([["Thanks!"]]);
    expect((await seen(w, w.a)).map((row) => row.model)).toEqual(["hash-test@1", "other-test@1"]);
  });

  test("what leaves for the embedder holds no number or address, what is stored is the customer's own words", async () => {
    const w = await remembering();
    const text = "Call Mette on +45 20 30 40 50 or mette@example.dk";
    await put(w, w.a, [text]);
    await deliverPublished(w);
    expect(w.embedder.calls).toEqual([["Call Mette on <phone> or <email>"]]);
    expect((await seen(w, w.a))[0]?.text).toBe(text);
  });

  test("without an embedder chunks wait and spend no claim", async () => {
    const w = await remembering();
    w.runtime.ports = { queue: w.runtime.ports.queue, secrets: w.runtime.ports.secrets };
    await put(w, w.a, ["Hello"]);
    const [run] = await deliverPublished(w);
    expect(run).toMatchObject({ status: 200, body: { batches: 0 } });
    expect(await seen(w, w.a)).toMatchObject([{ status: "pending", attempts: 0 }]);
  });
});

describe("while an embedding is under way", () => {
  test("an edit wins: the old words' vector is dropped and the new words are embedded", async () => {
    const w = await remembering();
    const [id = ""] = await put(w, w.a, ["Tuesday at ten", "Bring a ladder"]);
    w.embedder.behave(async (_, call) => {
      if (call === 1) await edit(w, w.a, { id, text: "Wednesday at noon" });
    });
    const [run] = await deliverPublished(w);
    // The run sees that one vector came too late and looks again.
    expect(run?.body).toMatchObject({ embedded: 2 });
    expect(w.embedder.calls).toEqual([["Tuesday at ten", "Bring a ladder"], ["Wednesday at noon"]]);
    const [vector] = await w.neon.query(
      "select text_hash from memory.vectors where project_id = $1 and chunk_id = $2",
      [w.a.project, id],
    );
    expect(vector?.["text_hash"]).toBe(hashOf("Wednesday at noon"));
  });

  test("a deletion wins: no vector comes back to life, and its like is not forgotten", async () => {
    const w = await remembering();
    const [id = ""] = await put(w, w.a, ["Thanks!", "Thanks!"]);
    w.embedder.behave(async (_, call) => {
      if (call === 1)
        await w.neon.query("delete from memory.chunks where project_id = $1 and id = $2", [w.a.project, id]);
    });
    await deliverPublished(w);
    expect(await seen(w, w.a)).toMatchObject([{ text: "Thanks!", status: "ready" }]);
    const vectors = await w.neon.query("select chunk_id from memory.vectors where project_id = $1", [w.a.project]);
    expect(vectors).toHaveLength(1);
  });

  test("who may see a chunk is taken when its vector is written, not when it was claimed", async () => {
    const w = await remembering();
    const [id = ""] = await put(w, w.a, ["The customer pays late"]);
    w.embedder.behave(() =>
      w.neon
        .query("update memory.chunks set visibility = 2 where project_id = $1 and id = $2", [w.a.project, id])
        .then(() => {}),
    );
    await deliverPublished(w);
    const [vector] = await w.neon.query("select visibility from memory.vectors where project_id = $1", [w.a.project]);
    expect(vector?.["visibility"]).toBe(2);
  });
});
