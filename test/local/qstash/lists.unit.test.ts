/** Dead letters, pending messages and logs through the vendor's client: filters, pages, and acts on many. */
import type { Client } from "@upstash/qstash";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalQStash } from "#local/qstash.ts";
import { qstash, quiet } from "./office.ts";

let server: LocalQStash;
let client: Client;
let now: number;
quiet();

const at = (path: string) => `http://jobs.example${path}`;

beforeEach(async () => {
  now = Date.parse("2026-11-22T08:00:00Z");
  ({ server, client } = await qstash({
    clock: { now: () => new Date(now) },
    deliver: (request) =>
      new Response("no", { status: Number(new URL(request.url).searchParams.get("status") ?? 500) }),
  }));
});
afterEach(async () => {
  await server.close();
});

async function dead(count: number, more: { label?: string; path?: string } = {}): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const { label, path = `/${n}` } = more;
    await client.publishJSON({ url: at(path), body: n, retries: 0, ...(label ? { label } : {}) });
    await server.idle(2_000);
    now += 1_000;
  }
}

describe("dead letters", () => {
  it("are paged newest first, and a page is the same whatever is deleted before it", async () => {
    await dead(5);
    const first = await client.dlq.listMessages({ count: 2 });
    expect(first.messages.map((one) => one.body)).toEqual(["4", "3"]);
    await client.dlq.delete(first.messages.map((one) => one.dlqId));
    await dead(1, { path: "/newer" });
    const second = await client.dlq.listMessages({ count: 2, cursor: first.cursor ?? "" });
    expect(second.messages.map((one) => one.body)).toEqual(["2", "1"]);
    const third = await client.dlq.listMessages({ count: 2, cursor: second.cursor ?? "" });
    expect([third.messages.map((one) => one.body), third.cursor]).toEqual([["0"], undefined]);
  });

  it("are filtered by what the message was, what was answered and when", async () => {
    await dead(1, { label: "embed", path: "/a?status=503" });
    await dead(1, { label: "send", path: "/b?status=410" });
    const bodies = async (filter: object) =>
      (await client.dlq.listMessages({ filter })).messages.map((one) => one.label);
    expect(await bodies({ label: "embed" })).toEqual(["embed"]);
    expect(await bodies({ label: ["embed", "send"] })).toEqual(["send", "embed"]);
    expect(await bodies({ responseStatus: 410 })).toEqual(["send"]);
    expect(await bodies({ url: at("/a?status=503") })).toEqual(["embed"]);
    expect(await bodies({ fromDate: new Date(now - 1_000) })).toEqual(["send"]);
    expect(await bodies({ toDate: now - 1_500 })).toEqual(["embed"]);
    expect(await bodies({ label: "embed", responseStatus: 410 })).toEqual([]);
    await expect(bodies({ urlGroup: "everybody" })).rejects.toMatchObject({ status: 501 });
  });

  it("are retried and deleted many at a time, until no cursor is left", async () => {
    await dead(5);
    await dead(2, { label: "keep" });
    const retried: string[] = [];
    server.pause();
    const [one] = (await client.dlq.listMessages({ filter: { url: at("/0") } })).messages;
    const filter = { url: [0, 1, 2, 3, 4].map((n) => at(`/${n}`)) };
    let cursor: string | undefined;
    do {
      const told: { cursor?: string; responses: { messageId: string }[] } = await client.dlq.retry({
        filter,
        count: 2,
        ...(cursor ? { cursor } : {}),
      });
      retried.push(...told.responses.map(({ messageId }) => messageId));
      cursor = told.cursor;
    } while (cursor);
    expect(new Set(retried).size).toBe(7);
    expect(retried).not.toContain(one?.messageId);
    expect((await client.dlq.listMessages()).messages).toEqual([]);
  });

  it("leave together when deleted by a filter, and the others stay", async () => {
    await dead(2);
    await dead(2, { label: "keep" });
    expect(await client.dlq.delete({ filter: { url: [at("/0"), at("/1")] }, count: 3 })).toMatchObject({ deleted: 3 });
    expect((await client.dlq.listMessages()).messages).toHaveLength(1);
  });
});

describe("pending messages", () => {
  it("are cancelled by a filter, and the others stay", async () => {
    const later = { body: 1, delay: "1h" as const };
    await client.publishJSON({ url: at("/a"), ...later, label: "embed" });
    await client.publishJSON({ url: at("/a"), ...later });
    await client.publishJSON({ url: at("/b"), ...later });
    expect(await client.messages.cancel({ filter: { label: "embed" } })).toEqual({ cancelled: 1 });
    expect(await client.messages.cancel({ filter: { path: "/b" } })).toEqual({ cancelled: 1 });
    expect(await client.messages.cancel({ filter: { host: "elsewhere.example" } })).toEqual({ cancelled: 0 });
    expect(server.stats().pending).toBe(1);
    expect(await client.messages.cancel({ all: true })).toEqual({ cancelled: 1 });
  });
});

describe("logs", () => {
  it("are paged newest first without losing what happened in the same millisecond", async () => {
    server.pause();
    for (let n = 0; n < 7; n += 1) await client.publishJSON({ url: at(`/${n}`), body: n });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: { cursor?: string | undefined; logs: { url: string }[] } = await client.logs({
        count: 3,
        ...(cursor ? { cursor } : {}),
      });
      seen.push(...page.logs.map((log) => new URL(log.url).pathname));
      cursor = page.cursor;
    } while (cursor);
    expect(seen).toEqual(["/6", "/5", "/4", "/3", "/2", "/1", "/0"]);
  });

  it("are filtered by message, state, label and address", async () => {
    const { messageId } = await client.publishJSON({ url: at("/a"), body: 1, retries: 0, label: "embed" });
    await client.publishJSON({ url: at("/b"), body: 1, retries: 0 });
    await server.idle(2_000);
    const states = async (filter: object) => (await client.logs({ filter })).logs.map((log) => log.state);
    expect(await states({ messageId })).toEqual(["FAILED", "ERROR", "ACTIVE", "CREATED"]);
    expect(await states({ label: "embed", state: "FAILED" })).toEqual(["FAILED"]);
    expect(await states({ url: at("/b") })).toHaveLength(4);
    expect((await client.logs({ messageIds: [messageId], count: 1 })).logs).toMatchObject([{ state: "FAILED" }]);
  });
});
