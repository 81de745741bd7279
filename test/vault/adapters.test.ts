// The adapters against a server that answers as it is told: headers, refusals and waits, other hosts, broken answers.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DocumentPlace, ProviderFailure } from "#brain/kernel/ports.ts";
import { type Answer, type Asked, type Loopback, listen } from "#local/loopback.ts";
import { blobSha } from "#providers/documents/github.ts";
import { documents } from "#providers/documents.ts";

let server: Loopback;
let elsewhere: Loopback;
let answer: (asked: Asked) => Answer;
const asked: Asked[] = [];
const strangers: Asked[] = [];
const now = new Date("2026-11-15T08:00:00Z");

beforeAll(async () => {
  server = await listen({
    handle: (given) => {
      asked.push(given);
      return answer(given);
    },
  });
  elsewhere = await listen({
    handle: (given) => {
      strangers.push(given);
      return { status: 200, json: {} };
    },
  });
});
afterAll(() => Promise.all([server.close(), elsewhere.close()]));
beforeEach(() => {
  asked.splice(0);
  strangers.splice(0);
});

const port = () =>
  documents({
    github: server.url,
    notion: `${server.url}/v1`,
    google: server.url,
    googleToken: `${server.url}/token`,
    now: () => now,
  });
const place = (source: DocumentPlace["source"]): DocumentPlace => ({
  source,
  repository: source === "github" ? "nordvarme/handbook" : "folder-root",
  branch: null,
  folder: null,
  token: "the-token-0123456789",
});
const list = (source: DocumentPlace["source"] = "github") =>
  port().list(place(source), { cursor: null, checkpoint: null });
const failed = (work: Promise<unknown>) =>
  work.then(
    () => "no failure",
    (failure: ProviderFailure) => ({
      code: failure.code,
      retryable: failure.retryable,
      seconds: failure.retryAfterSeconds,
    }),
  );

describe("what is sent", () => {
  test.each([
    [
      "github",
      {
        authorization: "Bearer the-token-0123456789",
        "x-github-api-version": "2022-11-28",
        "user-agent": "omneuro",
        accept: "application/vnd.github+json",
      },
    ],
    [
      "notion",
      {
        authorization: "Bearer the-token-0123456789",
        "notion-version": "2026-03-11",
        "content-type": "application/json",
      },
    ],
    ["gdrive", { authorization: "Bearer the-token-0123456789" }],
  ] as const)("%s gets its headers", async (source, headers) => {
    answer = () => ({ status: 404, json: {} });
    expect(await failed(list(source))).toMatchObject({ code: "place_unknown", retryable: false });
    expect(asked[0]?.headers).toMatchObject(headers);
  });

  test("a token is told to no other host, and a public repository is read without one", async () => {
    answer = () => ({ status: 301, headers: { location: `${elsewhere.url}/repositories/1/commits/HEAD` } });
    expect(await failed(list())).toMatchObject({ code: "provider_failed", retryable: false });
    expect(strangers).toEqual([]);
    answer = () => ({ status: 404, json: {} });
    await failed(port().list({ ...place("github"), token: null }, { cursor: null, checkpoint: null }));
    expect(asked.at(-1)?.headers).not.toHaveProperty("authorization");
  });
});

describe("what is refused", () => {
  const reset = String(now.getTime() / 1000 + 90);

  test.each<[string, Answer, object]>([
    ["429 with a time", { status: 429, headers: { "retry-after": "12" } }, { code: "rate_limited", seconds: 12 }],
    [
      "403 of the secondary limit",
      { status: 403, headers: { "retry-after": "60" } },
      { code: "rate_limited", seconds: 60 },
    ],
    [
      "403 with nothing left",
      { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset } },
      { code: "rate_limited", seconds: 90 },
    ],
    [
      "403 with something left",
      { status: 403, headers: { "x-ratelimit-remaining": "9", "x-ratelimit-reset": reset } },
      { code: "access_refused", retryable: false },
    ],
    ["401", { status: 401 }, { code: "credentials_refused", retryable: false }],
    ["410", { status: 410 }, { code: "version_refused", retryable: false }],
    ["502", { status: 502 }, { code: "provider_failed", retryable: true }],
    ["no answer", { drop: true }, { code: "unreachable", retryable: true }],
    ["no JSON", { status: 200, bytes: Buffer.from("<html>") }, { code: "answer_invalid", retryable: true }],
    ["another shape", { status: 200, json: { sha: 7 } }, { code: "answer_invalid", retryable: true }],
  ])("GitHub: %s", async (_, given, wanted) => {
    answer = () => given;
    expect(await failed(list())).toMatchObject(wanted);
  });

  test("Notion: 529 is a limit, 500 may pass; Drive: a limit is a 403 with a reason", async () => {
    answer = () => ({ status: 529 });
    expect(await failed(list("notion"))).toMatchObject({ code: "rate_limited" });
    answer = () => ({ status: 500 });
    expect(await failed(list("notion"))).toMatchObject({ code: "provider_failed", retryable: true });
    const reason = (text: string): Answer => ({ status: 403, json: { error: { errors: [{ reason: text }] } } });
    answer = () => reason("rateLimitExceeded");
    expect(await failed(list("gdrive"))).toMatchObject({ code: "rate_limited" });
    answer = () => reason("insufficientFilePermissions");
    expect(await failed(list("gdrive"))).toMatchObject({ code: "access_refused", retryable: false });
  });
});

describe("a blob", () => {
  const entry = async (text: string) => ({ path: "a.md", ref: await blobSha(new TextEncoder().encode(text)), sha: "" });

  test("is what Git calls by that sha, or is not believed", async () => {
    // `printf 'hello\\n' | git hash-object --stdin`
    expect((await entry("hello\n")).ref).toBe("ce013625030ba8dba906f756967f9e9ca394464a");
    answer = () => ({ status: 200, bytes: Buffer.from("hello\n") });
    expect(await port().read(place("github"), await entry("hello\n"))).toEqual({ text: "hello\n" });
    expect(await failed(port().read(place("github"), await entry("something else")))).toMatchObject({
      code: "content_mismatch",
      retryable: true,
    });
  });

  test("that is larger than a document is left out before it is read", async () => {
    const large = "x".repeat(1_100_000);
    answer = () => ({ status: 200, bytes: Buffer.from(large) });
    expect(await port().read(place("github"), await entry(large))).toEqual({ skipped: "too_large" });
  });
});
