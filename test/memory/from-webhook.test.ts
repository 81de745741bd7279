// The straight line from Chatwoot's webhook to a vector, and what happens to it on the way.
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "#test/kit/database.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { deletion, edit, heard, message, talk } from "../inbox/chatwoot.ts";
import { remembering, seen } from "./waiting.ts";

beforeAll(async () => void (await database()));

describe("a customer's message", () => {
  test("is ready two seconds after it came, and a burst of them costs one message", async () => {
    const w = await remembering();
    const at = talk(w.a);
    await heard(w, w.a, message(at, { content: "Can you come on Thursday instead of Friday?" }));
    for (let i = 1; i < 20; i++)
      await heard(w, w.a, message(at, { content: `And please bring part number ${i} along.` }));
    await w.settled();
    expect(w.queue.published).toMatchObject([{ kind: "memory.embed", delaySeconds: 2 }]);
    expect((await deliverPublished(w))[0]?.body).toMatchObject({ batches: 1, embedded: 20 });
    const rows = await seen(w, w.a);
    expect(rows).toHaveLength(20);
    expect(new Set(rows.map((row) => row.status))).toEqual(new Set(["ready"]));
  });

  test("edited while its embedding is under way has the new words' vector in the end", async () => {
    const w = await remembering();
    const at = talk(w.a);
    const sent = message(at, { content: "Please come on Tuesday at ten in the morning." });
    await heard(w, w.a, sent);
    await w.settled();
    w.embedder.behave(async (_, call) => {
      if (call > 1) return;
      await heard(
        w,
        w.a,
        edit(at, sent, { content: "Please come on Wednesday at noon.", version: "2026-11-15T07:00:00.000Z" }),
      );
    });
    await deliverPublished(w);
    expect(w.embedder.calls.flat()).toEqual([
      "Please come on Tuesday at ten in the morning.",
      "Please come on Wednesday at noon.",
    ]);
    expect(await seen(w, w.a)).toMatchObject([{ text: "Please come on Wednesday at noon.", status: "ready" }]);
  });

  test("deleted while its embedding is under way leaves nothing behind", async () => {
    const w = await remembering();
    const at = talk(w.a);
    const sent = message(at, { content: "My door code is under the third stone." });
    await heard(w, w.a, sent);
    await w.settled();
    w.embedder.behave(async () => void (await heard(w, w.a, deletion(at, sent, "2026-11-15T07:00:00.000Z"))));
    const [run] = await deliverPublished(w);
    expect(run).toMatchObject({ status: 200, body: { embedded: 0, failed: 0 } });
    expect(await seen(w, w.a)).toEqual([]);
    for (const table of ["memory.vectors", "memory.pending"]) {
      expect(await w.neon.query(`select 1 from ${table} where project_id = $1`, [w.a.project])).toEqual([]);
    }
  });

  test("is answered while QStash cannot be reached, and embedded when it can", async () => {
    const w = await remembering();
    w.queue.down();
    expect(await heard(w, w.a, message(talk(w.a), { content: "The radiator upstairs is cold again." }))).toBe("stored");
    await w.settled();
    w.queue.up();
    w.clock.advance(10_000);
    await deliver(w, "shared.sweep", { project: w.a.project });
    await deliverPublished(w);
    expect(await seen(w, w.a)).toMatchObject([{ status: "ready" }]);
  });
});
