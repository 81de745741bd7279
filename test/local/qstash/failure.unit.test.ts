/** What becomes of a message that fails: retries, callbacks, dead letters, the log. */
import type { Client } from "@upstash/qstash";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalQStash } from "#local/qstash.ts";
import { type Destination, destination, qstash, quiet, type Reply, verified } from "./office.ts";

let server: LocalQStash;
let client: Client;
let jobs: Destination;
quiet();
const waits: number[] = [];

beforeEach(async () => {
  waits.length = 0;
  jobs = await destination();
  ({ server, client } = await qstash({
    backoff: (retry) => {
      waits.push(retry);
      return 5;
    },
  }));
});
afterEach(async () => {
  await server.close();
  await jobs.close();
});

const down = (times: number): Reply[] => Array.from({ length: times }, () => ({ status: 503, text: "down" }));

describe("retries", () => {
  it("come after each failure under the same id, counted, until one succeeds", async () => {
    jobs.replies.push(...down(2));
    const { messageId } = await client.publishJSON({ url: jobs.url, body: 1 });
    await server.idle(2_000);
    expect(jobs.got.map((got) => got.headers["upstash-retried"])).toEqual(["0", "1", "2"]);
    expect(new Set(jobs.got.map((got) => got.headers["upstash-message-id"]))).toEqual(new Set([messageId]));
    expect(waits).toEqual([1, 2]);
    expect(server.stats()).toMatchObject({ delivered: 1, retried: 2, failed: 0 });
  });

  it("wait as long as the answer asks, rather than by the backoff", async () => {
    jobs.replies.push({ status: 429, headers: { "retry-after": "3600" } });
    const { messageId } = await client.publishJSON({ url: jobs.url, body: 1 });
    await expect(server.idle(30)).resolves.toBeUndefined();
    const { notBefore = 0 } = await client.messages.get(messageId);
    expect(notBefore - Date.now()).toBeGreaterThan(3_500_000);
    expect(waits).toEqual([]);
  });

  it("wait the milliseconds a publish names, as a number or a formula over the retries so far", async () => {
    jobs.replies.push(...down(3));
    await client.publishJSON({ url: jobs.url, body: 1, retryDelay: "1 + pow(2, retried) * 5" });
    await server.idle(2_000);
    expect(jobs.got).toHaveLength(4);
    expect(waits).toEqual([]);
    const { logs } = await client.logs({ filter: { state: "RETRY" } });
    const waited = logs.map((log) => (log.nextDeliveryTime ?? 0) - log.time);
    expect(waited.toReversed()).toEqual([6, 11, 21]);
    const nonsense = client.publishJSON({ url: jobs.url, body: 1, retryDelay: "sleep(3)" });
    await expect(nonsense).rejects.toMatchObject({ status: 400 });
  });

  it("count a refused connection and a redirect as failures", async () => {
    await client.publishJSON({ url: "http://127.0.0.1:9/", body: 1, retries: 1 });
    jobs.replies.push({ status: 302, headers: { location: "/elsewhere" } });
    await client.publishJSON({ url: jobs.url, body: 1, retries: 0 });
    await server.idle(2_000);
    expect(server.stats()).toMatchObject({ failed: 2, retried: 1 });
    expect(jobs.got.map((got) => got.target)).toEqual(["/"]);
  });
});

describe("dead letters", () => {
  it("get a message after its last retry, with the answer that failed", async () => {
    jobs.replies.push(...down(2));
    await client.publishJSON({ url: jobs.url, body: { n: 1 }, retries: 1, label: "embed", headers: { "x-a": "b" } });
    await server.idle(2_000);
    const { messages } = await client.dlq.listMessages();
    expect(messages).toMatchObject([
      { url: jobs.url, body: '{"n":1}', responseStatus: 503, responseBody: "down", label: "embed", maxRetries: 1 },
    ]);
    expect(messages[0]?.header?.["x-a"]).toEqual(["b"]);
  });

  it("get a message at once when the answer says that retrying is of no use", async () => {
    jobs.replies.push({ status: 489, headers: { "upstash-nonretryable-error": "true" } }, { status: 489 });
    await client.publishJSON({ url: `${jobs.url}/malformed`, body: 1 });
    await server.idle(2_000);
    expect(jobs.got).toHaveLength(1);
    expect(server.stats()).toMatchObject({ failed: 1, retried: 0 });
    await client.publishJSON({ url: `${jobs.url}/without-the-header`, body: 1 });
    await server.idle(2_000);
    expect(server.stats()).toMatchObject({ failed: 1, retried: 1 });
  });

  it("are retried as new messages that keep label and headers, or deleted", async () => {
    jobs.replies.push(...down(3));
    for (const n of [1, 2, 3]) {
      await client.publishJSON({
        url: `${jobs.url}/${n}`,
        body: n,
        retries: 0,
        label: "embed",
        headers: { "x-a": "b" },
      });
    }
    await server.idle(2_000);
    const { messages } = await client.dlq.listMessages();
    const [one, two] = messages.toSorted((a, b) => a.url.localeCompare(b.url));
    const { responses } = await client.dlq.retry(one?.dlqId ?? "");
    expect(responses).toHaveLength(1);
    expect(responses[0]?.messageId).not.toBe(one?.messageId);
    await server.idle(2_000);
    expect(jobs.got.at(-1)).toMatchObject({ target: "/1", headers: { "x-a": "b", "upstash-retried": "0" } });
    await client.dlq.delete(two?.dlqId ?? "");
    expect(await client.dlq.delete({ all: true })).toMatchObject({ deleted: 1 });
    expect((await client.dlq.listMessages()).messages).toEqual([]);
    await expect(client.dlq.delete("gone")).rejects.toMatchObject({ status: 404 });
  });
});

describe("callbacks", () => {
  it("report each attempt, the failure callback only the end, both signed", async () => {
    const reports = await destination();
    jobs.replies.push(...down(2));
    const { messageId } = await client.publishJSON({
      url: jobs.url,
      body: { n: 1 },
      retries: 1,
      callback: `${reports.url}/each`,
      failureCallback: `${reports.url}/failed`,
      headers: { "Upstash-Failure-Callback-Forward-X-Kind": "embed" },
    });
    await server.idle(2_000);
    expect(reports.got.map((got) => got.target).sort()).toEqual(["/each", "/each", "/failed"]);
    const failed = reports.got.find((got) => got.target === "/failed");
    if (failed === undefined) throw new Error("no failure callback");
    expect(failed.headers["x-kind"]).toBe("embed");
    const report = JSON.parse(failed.body.toString());
    expect(report).toMatchObject({ status: 503, retried: 1, maxRetries: 1, sourceMessageId: messageId, url: jobs.url });
    expect(Buffer.from(report.body, "base64").toString()).toBe("down");
    expect(Buffer.from(report.sourceBody, "base64").toString()).toBe('{"n":1}');
    const { messages } = await client.dlq.listMessages();
    expect(report.dlqId).toBe(messages[0]?.dlqId);
    await expect(verified(failed, `${reports.url}/failed`)).resolves.toBe(true);
    await reports.close();
  });
});

describe("messages and logs", () => {
  it("a pending message can be read and cancelled; what happened to each is in the log", async () => {
    const { messageId } = await client.publishJSON({ url: jobs.url, body: { n: 1 }, delay: "1h", label: ["a", "b"] });
    expect(await client.messages.get(messageId)).toMatchObject({ url: jobs.url, body: '{"n":1}', labels: ["a", "b"] });
    expect(await client.messages.cancel(messageId)).toEqual({ cancelled: 1 });
    await expect(client.messages.get(messageId)).rejects.toMatchObject({ status: 404 });
    await client.publishJSON({ url: jobs.url, body: 2 });
    await server.idle(2_000);
    const { logs } = await client.logs();
    expect(logs.map((log) => log.state)).toEqual(["DELIVERED", "ACTIVE", "CREATED", "CANCELED", "CREATED"]);
    expect(jobs.got).toHaveLength(1);
  });
});
