/** Queues and flow control through the vendor's client: order, how many at once, how many in a period. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@upstash/qstash";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalQStash } from "#local/qstash.ts";
import { qstash, quiet } from "./office.ts";

type Open = { path: string; answer(status: number): void };

let server: LocalQStash;
let client: Client;
let now: number;
let started: string[];
let open: Open[];
quiet();

/** Every delivery stays open until the test answers it. */
function hold(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  started.push(path);
  return new Promise((resolve) => {
    open.push({ path, answer: (status) => resolve(new Response(null, { status })) });
  });
}

const at = (path: string) => `http://jobs.example${path}`;
const turn = () => new Promise((resolve) => setTimeout(resolve, 10));

async function answer(path: string, status = 200): Promise<void> {
  const place = open.findIndex((one) => one.path === path);
  open.splice(place, 1)[0]?.answer(status);
  await turn();
}

beforeEach(async () => {
  [now, started, open] = [Date.parse("2026-11-22T08:00:00Z"), [], []];
  ({ server, client } = await qstash({ clock: { now: () => new Date(now) }, deliver: hold, backoff: () => 60_000 }));
});
afterEach(async () => {
  await server.close();
});

async function move(ms: number): Promise<void> {
  now += ms;
  server.wake();
  await turn();
}

describe("a queue", () => {
  const queue = (queueName = "calls") => client.queue({ queueName });
  const enqueue = (path: string, name?: string) => queue(name).enqueueJSON({ url: at(path), body: {} });

  it("delivers in order, one at a time, and a message that is to be retried keeps its turn", async () => {
    for (const path of ["/1", "/2", "/3"]) await enqueue(path);
    await turn();
    expect(started).toEqual(["/1"]);
    await answer("/1", 503);
    expect(started).toEqual(["/1"]);
    await move(60_000);
    expect(started).toEqual(["/1", "/1"]);
    await answer("/1");
    await answer("/2");
    expect(started).toEqual(["/1", "/1", "/2", "/3"]);
  });

  it("gives way to nobody, and holds nobody else up", async () => {
    await enqueue("/1");
    await enqueue("/2");
    await enqueue("/other", "mails");
    await client.publishJSON({ url: at("/free"), body: {} });
    await turn();
    expect(started.toSorted()).toEqual(["/1", "/free", "/other"]);
  });

  it("takes as many at once as it is told, waits while paused, and says what waits in it", async () => {
    await queue().upsert({ parallelism: 2 });
    await queue().pause();
    for (const path of ["/1", "/2", "/3"]) await enqueue(path);
    await turn();
    expect(started).toEqual([]);
    expect(await queue().get()).toMatchObject({ name: "calls", parallelism: 2, lag: 3, paused: true });
    await queue().resume();
    await turn();
    expect(started).toEqual(["/1", "/2"]);
    await answer("/2");
    expect(started).toEqual(["/1", "/2", "/3"]);
    expect(await queue().list()).toMatchObject([{ name: "calls", lag: 2 }]);
  });

  it("moves on when its first message is cancelled or given up", async () => {
    await queue()
      .pause()
      .catch(() => undefined);
    const { messageId } = await enqueue("/1");
    await client.queue({ queueName: "calls" }).enqueueJSON({ url: at("/2"), body: {}, retries: 0 });
    await enqueue("/3");
    await turn();
    await client.messages.cancel(messageId);
    await answer("/1");
    expect(started).toEqual(["/1", "/2"]);
    await answer("/2", 500);
    expect(started).toEqual(["/1", "/2", "/3"]);
    expect((await client.dlq.listMessages({ filter: { queueName: "calls" } })).messages).toMatchObject([
      { url: at("/2"), queueName: "calls" },
    ]);
  });

  it("is named by items of a batch, and is deleted with what waits in it", async () => {
    const item = (path: string) => ({ url: at(path), body: {}, queueName: "batched" });
    await client.batchJSON([item("/1"), item("/2")]);
    await turn();
    expect(started).toEqual(["/1"]);
    await queue("batched").delete();
    await answer("/1");
    expect(started).toEqual(["/1"]);
    expect(server.stats().pending).toBe(0);
    await expect(queue("batched").get()).rejects.toMatchObject({ status: 404 });
  });
});

describe("flow control", () => {
  const publish = (path: string, flow: { parallelism?: number; rate?: number; period?: "1m" }) =>
    client.publishJSON({
      url: at(path),
      body: {},
      flowControl: { key: "vendor", ...flow } as { key: string; rate: number },
    });

  it("lets as many messages of a key be under way as it says; one that waits for a retry is not", async () => {
    for (const path of ["/1", "/2", "/3"]) await publish(path, { parallelism: 2 });
    await client.publishJSON({ url: at("/free"), body: {} });
    await turn();
    expect(started.toSorted()).toEqual(["/1", "/2", "/free"]);
    expect(await client.flowControl.get("vendor")).toMatchObject({
      parallelismMax: 2,
      parallelismCount: 2,
      waitListSize: 1,
    });
    await answer("/1", 503);
    expect(started).toContain("/3");
  });

  it("lets as many start within a period as it says, the others in the next", async () => {
    for (const path of ["/1", "/2", "/3", "/4", "/5"]) await publish(path, { rate: 2, period: "1m" });
    await turn();
    expect(started).toEqual(["/1", "/2"]);
    await move(59_999);
    expect(started).toHaveLength(2);
    await move(1);
    expect(started).toEqual(["/1", "/2", "/3", "/4"]);
    expect(await client.flowControl.get("vendor")).toMatchObject({ rateMax: 2, rateCount: 2, ratePeriod: 60 });
    await client.flowControl.resetRate("vendor");
    await turn();
    await move(60_000);
    expect(started).toHaveLength(5);
  });

  it("goes by the newest message, unless it is pinned; paused, nothing of the key starts", async () => {
    await client.flowControl.pin("vendor", { parallelism: 1 });
    for (const path of ["/1", "/2", "/3"]) await publish(path, { parallelism: 9 });
    await turn();
    expect(started).toEqual(["/1"]);
    await client.flowControl.unpin("vendor", { parallelism: true });
    await client.flowControl.pause("vendor");
    await publish("/4", { parallelism: 9 });
    await turn();
    expect(started).toEqual(["/1"]);
    await client.flowControl.resume("vendor");
    await turn();
    expect(started).toEqual(["/1", "/2", "/3", "/4"]);
    expect(await client.flowControl.get("vendor")).toMatchObject({ parallelismMax: 9, isPinnedParallelism: false });
  });
});

describe("a restart", () => {
  it("keeps queues with their order, pauses and pins", async () => {
    const folder = await mkdtemp(join(tmpdir(), "qstash-lanes-"));
    const options = { file: join(folder, "qstash.jsonl"), deliver: hold };
    const before = await qstash(options);
    await before.client.queue({ queueName: "calls" }).upsert({ parallelism: 1, paused: true });
    for (const path of ["/1", "/2"])
      await before.client.queue({ queueName: "calls" }).enqueueJSON({ url: at(path), body: {} });
    await before.client.flowControl.pin("vendor", { rate: 3, period: 60 });
    await before.server.close();
    const after = await qstash(options);
    expect(await after.client.queue({ queueName: "calls" }).get()).toMatchObject({ lag: 2, paused: true });
    expect(await after.client.flowControl.get("vendor")).toMatchObject({
      rateMax: 3,
      ratePeriod: 60,
      isPinnedRate: true,
    });
    await after.client.queue({ queueName: "calls" }).resume();
    await turn();
    expect(started).toEqual(["/1"]);
    await after.server.close();
    await rm(folder, { recursive: true, force: true });
  });
});
