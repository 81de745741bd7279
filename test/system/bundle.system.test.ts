// What wrangler would upload, minified and in one file, started by the runtime that Workers run on.
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeApiKey } from "#brain/identity/credentials.ts";
import { bundleWorker } from "../../bench/kit/worker-bundle.ts";
import { startWorkerd, type Workerd } from "../../bench/kit/workerd.ts";

const nowhere = "http://127.0.0.1:1";
let worker: Workerd;

beforeAll(async () => {
  const { code } = await bundleWorker();
  worker = await startWorkerd(code, {
    DATABASE_URL: "postgresql://omneuro_app:none@localhost/none",
    NEON_FETCH_ENDPOINT: `${nowhere}/sql`,
    PUBLIC_URL: "http://omneuro.test",
    SECRETS_KEYS: `t1:${Buffer.alloc(32, 7).toString("base64")}`,
    QSTASH_TOKEN: "test-token",
    QSTASH_CURRENT_SIGNING_KEY: "sig_test_current_0001",
    QSTASH_NEXT_SIGNING_KEY: "sig_test_next_0001",
    UPSTASH_REDIS_REST_URL: nowhere,
    UPSTASH_REDIS_REST_TOKEN: "test-token",
  });
});
afterAll(() => worker?.close());

test.each([
  ["/healthz", 200, /"ok"/],
  ["/openapi.json", 200, /"openapi":"3\.1/],
  ["/console/login", 200, /<!doctype html>/],
  ["/readyz", 503, /^\{/],
  ["/nothing/here", 404, /route_unknown/],
])("%s answers %i", async (path, status, said) => {
  const answer = await fetch(worker.url + path);
  expect([answer.status, await answer.text()]).toEqual([status, expect.stringMatching(said)]);
});

/** `fetch` sends no Host of one's own. */
async function asAgent(message: object): Promise<string> {
  const { text } = await writeApiKey("key_01m80akdpne00809byf6evqgdw", new Uint8Array(32).fill(7));
  const headers = {
    host: "omneuro.test",
    authorization: `Bearer ${text}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": "2025-11-25",
  };
  const sent = request(`${worker.url}/mcp`, { method: "POST", headers });
  sent.end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...message }));
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return new Response(Readable.toWeb(answer) as ReadableStream).text();
}

test("an agent is answered by the SDK as it was bundled", async () => {
  expect(await asAgent({ method: "ping" })).toContain('"result":{}');
});
