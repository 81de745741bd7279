/** Publishing through the vendor's client: what arrives, when, how often, and what is refused. */
import type { Client } from "@upstash/qstash";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalQStash } from "#local/qstash.ts";
import { clientOf, type Destination, destination, qstash, quiet, verified } from "./office.ts";

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

describe("publishing", () => {
  it("delivers the body untouched, signed for the very url, with the headers sent along", async () => {
    const url = `${jobs.url}/jobs/embed?note=s%C3%A6r&double=a//b`;
    const { messageId } = await client.publishJSON({ url, body: { text: "Hej – æøå" }, headers: { "X-Trace": "t1" } });
    await server.idle(2_000);
    const [got] = jobs.got;
    if (got === undefined) throw new Error("nothing arrived");
    expect(got.target).toBe("/jobs/embed?note=s%C3%A6r&double=a//b");
    expect(got.method).toBe("POST");
    expect(JSON.parse(got.body.toString())).toEqual({ text: "Hej – æøå" });
    expect(got.headers).toMatchObject({
      "content-type": "application/json",
      "x-trace": "t1",
      "upstash-message-id": messageId,
      "upstash-retried": "0",
      "user-agent": "Upstash-QStash",
    });
    expect(got.headers).not.toHaveProperty("authorization");
    await expect(verified(got, url)).resolves.toBe(true);
    await expect(verified(got, jobs.url)).rejects.toThrow("subject");
    expect(server.stats()).toMatchObject({ published: 1, delivered: 1, retried: 0, failed: 0, pending: 0 });
  });

  it("uses the method asked for, and a GET has no body", async () => {
    await client.publish({ url: jobs.url, method: "GET" });
    await client.publish({ url: jobs.url, method: "PUT", body: "x" });
    await server.idle(2_000);
    expect(jobs.got.map((got) => [got.method, got.body.byteLength])).toEqual([
      ["GET", 0],
      ["PUT", 1],
    ]);
  });

  it("takes a batch in one request, and one refused item does not stop the others", async () => {
    const results = await client.batchJSON([
      { url: `${jobs.url}/a`, body: { n: 1 } },
      { url: "ftp://nowhere.example/x", body: { n: 2 } },
      { url: `${jobs.url}/b`, body: { n: 3 } },
    ]);
    await server.idle(2_000);
    const taken = { messageId: expect.stringMatching(/^msg_/) };
    expect(results).toMatchObject([taken, { error: expect.stringContaining("scheme") }, taken]);
    expect(jobs.got.map((got) => got.target).sort()).toEqual(["/a", "/b"]);
  });

  it("keeps the same id for the same deduplication id or the same content, and delivers once", async () => {
    const first = await client.publishJSON({ url: jobs.url, body: 1, deduplicationId: "wake-p1" });
    const second = await client.publishJSON({ url: jobs.url, body: 2, deduplicationId: "wake-p1" });
    expect(second).toEqual({ messageId: first.messageId, deduplicated: true });
    const same = { url: jobs.url, body: { a: 1 }, contentBasedDeduplication: true };
    const third = await client.publishJSON(same);
    expect(await client.publishJSON(same)).toEqual({ messageId: third.messageId, deduplicated: true });
    expect(await client.publishJSON({ ...same, body: { a: 2 } })).not.toHaveProperty("deduplicated");
    await server.idle(2_000);
    expect(jobs.got).toHaveLength(3);
    expect(server.stats()).toMatchObject({ published: 3, deduplicated: 2 });
  });

  it("refuses a wrong token, a bad url, and what it does not do", async () => {
    const stranger = clientOf(server, "other");
    await expect(stranger.publishJSON({ url: jobs.url, body: 1 })).rejects.toMatchObject({ status: 401 });
    await expect(client.publishJSON({ url: "example.com/x/y", body: 1 })).rejects.toMatchObject({ status: 400 });
    await expect(client.publishJSON({ url: jobs.url, delay: "soon" as "1s", body: 1 })).rejects.toThrow(
      "upstash-delay",
    );
    await expect(client.publishJSON({ urlGroup: "everybody", body: 1 })).rejects.toMatchObject({ status: 501 });
    const flowControl = { key: "k", rate: 1, period: "soon" as "1s" };
    await expect(client.publishJSON({ url: jobs.url, body: 1, flowControl })).rejects.toMatchObject({ status: 400 });
    await server.idle(100);
    expect(jobs.got).toEqual([]);
  });
});

describe("time", () => {
  it("holds a message for its delay, even beyond what a timer can count", async () => {
    let now = Date.now();
    await server.close();
    ({ server, client } = await qstash({ clock: { now: () => new Date(now) } }));
    await client.publishJSON({ url: `${jobs.url}/soon`, body: 1, delay: "10s" });
    await client.publishJSON({ url: `${jobs.url}/late`, body: 1, notBefore: Math.floor(now / 1_000) + 90 * 86_400 });
    await server.idle(50);
    expect(jobs.got).toEqual([]);
    now += 11_000;
    server.wake();
    await server.idle(2_000);
    expect(jobs.got.map((got) => got.target)).toEqual(["/soon"]);
    now += 90 * 86_400_000;
    server.wake();
    await server.idle(2_000);
    expect(jobs.got.map((got) => got.target)).toEqual(["/soon", "/late"]);
  });

  it("gives up on an answer that takes too long, and tries again", async () => {
    let calls = 0;
    await server.close();
    ({ server, client } = await qstash({
      deliver: () => (++calls === 1 ? new Promise<Response>(() => undefined) : new Response("ok")),
    }));
    await client.publishJSON({ url: "http://slow.example/", body: 1, headers: { "Upstash-Timeout": "50ms" } });
    await server.idle(5_000);
    expect(calls).toBe(2);
    const { logs } = await client.logs();
    expect(logs.find((log) => log.state === "ERROR")?.error).toContain("no answer within 50 ms");
  });

  it("never has more than a few deliveries under way", async () => {
    let open = 0;
    let most = 0;
    await server.close();
    ({ server, client } = await qstash({
      concurrency: 3,
      deliver: async () => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 5));
        open -= 1;
        return new Response("ok");
      },
    }));
    await client.batchJSON(Array.from({ length: 20 }, (_, n) => ({ url: "http://burst.example/", body: { n } })));
    await server.idle(5_000);
    expect(most).toBe(3);
    expect(server.stats().delivered).toBe(20);
  });
});

describe("faults", () => {
  it("lose a publish with a 500 or a cut connection, which the client tries again", async () => {
    server.faults.losePublish(1);
    await expect(client.publishJSON({ url: jobs.url, body: 1 })).rejects.toMatchObject({ status: 500 });
    server.faults.losePublish(1, "drop");
    await client.publishJSON({ url: jobs.url, body: 2 });
    await server.idle(2_000);
    expect(jobs.got.map((got) => got.body.toString())).toEqual(["2"]);
  });

  it("deliver a success twice under one message id", async () => {
    server.faults.duplicateDelivery(1);
    await client.publishJSON({ url: jobs.url, body: 1 });
    await server.idle(2_000);
    expect(jobs.got).toHaveLength(2);
    expect(new Set(jobs.got.map((got) => got.headers["upstash-message-id"])).size).toBe(1);
  });

  it("a pause keeps everything until resumed; counts are there to read and reset", async () => {
    server.pause();
    await client.publishJSON({ url: jobs.url, body: 1 });
    await expect(server.idle(30)).rejects.toThrow("1 messages still pending");
    server.resume();
    await server.idle(2_000);
    expect(await (await fetch(`${server.url}/stats`)).json()).toMatchObject({ published: 1, delivered: 1 });
    await fetch(`${server.url}/stats/reset`, { method: "POST" });
    expect(server.stats()).toMatchObject({ published: 0, delivered: 0 });
  });
});
