// The embedding model changes: everything is remembered anew, new messages do not wait for it, and a search says so meanwhile.
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "#test/kit/database.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { put, type Remembering, remembering, seen } from "./waiting.ts";

beforeAll(async () => void (await database()));

const search = async (w: Remembering, q: string) =>
  (await (await w.fetch(`/v1/search?q=${encodeURIComponent(q)}`, { key: w.a.apiKey })).json()) as {
    data: { text: string }[];
    degraded?: string;
  };

/** Delivers what the sweep finds too, until nothing is left; how often each job came. */
async function workedOff(w: Remembering): Promise<Record<string, number>> {
  const came: Record<string, number> = {};
  for (let round = 0; round < 40; round++) {
    w.clock.advance(31_000);
    await deliver(w, "shared.sweep", { project: w.a.project });
    const runs = await deliverPublished(w);
    if (runs.length === 0) return came;
    for (const { message, status } of runs) {
      expect(status).toBe(200);
      came[message.kind] = (came[message.kind] ?? 0) + 1;
    }
  }
  throw new Error("it does not end");
}

/** As after a deploy with another model. */
function switchTo(w: Remembering, model: string) {
  const next = scriptedEmbedder(model);
  w.runtime.ports.embedder = next.port;
  return next;
}

const models = async (w: Remembering) => {
  const rows = await seen(w, w.a);
  return Object.fromEntries(
    [...Map.groupBy(rows, (row) => `${row.model} ${row.status}`)].map(([key, all]) => [key, all.length]),
  );
};

describe("another model", () => {
  test("makes the first new message bring everything along, and each text is asked once", async () => {
    const w = await remembering();
    await put(
      w,
      w.a,
      Array.from({ length: 30 }, (_, n) => `Note ${n} about radiator ${n}`),
    );
    await deliverPublished(w);
    expect((await search(w, "radiator 7")).degraded).toBeUndefined();

    const next = switchTo(w, "next@1");
    expect((await search(w, "radiator 7")).degraded).toBe("text_only");
    await put(w, w.a, ["The new boiler is loud"]);
    await deliverPublished(w);
    expect(await models(w)).toEqual({ "hash-test@1 ready": 30, "next@1 ready": 1 });
    // Words still find everything; meaning knows the new one only, and the answer says so.
    const [old, young] = [await search(w, "radiator 7"), await search(w, "The new boiler is loud")];
    expect([old.degraded, old.data[0]?.text]).toEqual(["text_only", "Note 7 about radiator 7"]);
    expect([young.degraded, young.data[0]?.text]).toEqual(["partly_text_only", "The new boiler is loud"]);

    expect(await workedOff(w)).toEqual({ "memory.renew": 1, "memory.embed": 1 });
    expect(await models(w)).toEqual({ "next@1 ready": 31 });
    const again = await search(w, "radiator 7");
    // Not degraded: meaning had its part in what words had found alone.
    expect([again.degraded, again.data[0]?.text]).toEqual([undefined, "Note 7 about radiator 7"]);
    const asked = next.calls.flat().filter((text) => /^Note \d/.test(text));
    expect(asked.length).toBe(30);
    expect(await (await deliver(w, "memory.renew", { project: w.a.project })).json()).toEqual({
      renewed: 0,
      more: false,
    });
  });

  test("is gone through some hundred chunks at a time, and what waits already counts", async () => {
    const w = await remembering();
    await put(
      w,
      w.a,
      Array.from({ length: 620 }, (_, n) => `Visit ${n}`),
    );
    await deliverPublished(w);
    switchTo(w, "later@1");
    const first = await (await deliver(w, "memory.renew", { project: w.a.project })).json();
    expect(first).toEqual({ renewed: 500, more: true });
    // A second delivery of the same message finds the room taken.
    expect(await (await deliver(w, "memory.renew", { project: w.a.project })).json()).toEqual({
      renewed: 0,
      more: true,
    });
    expect((await search(w, "Visit 600")).degraded).toBe("text_only");
    await workedOff(w);
    expect(await models(w)).toEqual({ "later@1 ready": 620 });
  });

  test("is another project's own affair, and nothing without an embedder", async () => {
    const w = await remembering();
    await put(w, w.a, ["Hello"]);
    await put(w, w.b, ["Hello there"]);
    await deliverPublished(w);
    switchTo(w, "own@1");
    expect(await (await deliver(w, "memory.renew", { project: w.a.project })).json()).toEqual({
      renewed: 1,
      more: false,
    });
    expect((await seen(w, w.b)).map(({ status }) => status)).toEqual(["ready"]);
    delete w.runtime.ports.embedder;
    expect(await (await deliver(w, "memory.renew", { project: w.b.project })).json()).toEqual({
      renewed: 0,
      more: false,
    });
  });
});
