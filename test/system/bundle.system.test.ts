// What wrangler would upload, minified and in one file, started by the runtime that Workers run on.
import { afterAll, beforeAll, expect, test } from "vitest";
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
