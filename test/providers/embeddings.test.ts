// The embeddings adapter against a server that says all the things servers say.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ProviderFailure } from "#brain/kernel/ports.ts";
import { startEmbeddings } from "#local/embeddings.ts";
import { embedByHash, hashEmbedder } from "#local/embeddings-hash.ts";
import { type Answer, type Asked, type Loopback, listen } from "#local/loopback.ts";
import { embeddings } from "#providers/embeddings.ts";

type Call = { body: { input: string[]; model: string; encoding_format: string; dimensions?: number }; asked: Asked };

let server: Loopback;
let calls: Call[] = [];
let answer: (call: Call, nth: number) => Answer | Promise<Answer>;

const vectorOf = (text: string) => Array.from(embedByHash(text));
const base64 = (vector: number[]) => Buffer.from(new Float32Array(vector).buffer).toString("base64");
const ok = (data: unknown): Answer => ({ status: 200, json: { object: "list", data } });
const wellBehaved = ({ body }: Call): Answer =>
  ok(body.input.map((text, index) => ({ index, embedding: base64(vectorOf(text)) })).reverse());

beforeAll(async () => {
  server = await listen({
    handle: (asked) => {
      const call = { asked, body: JSON.parse(asked.body.toString()) as Call["body"] };
      calls.push(call);
      return answer(call, calls.length);
    },
  });
});
afterAll(() => server.close());
beforeEach(() => {
  calls = [];
  answer = wellBehaved;
});

const adapter = (options: Partial<Parameters<typeof embeddings>[0]> = {}) =>
  embeddings({ url: `${server.url}/v1`, model: "text-embedding-3-small", apiKey: "sk-test", ...options });

const failure = async (texts: string[], options: Parameters<typeof adapter>[0] = {}): Promise<ProviderFailure> => {
  const thrown = await adapter(options)
    .embed(texts)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  if (!(thrown instanceof ProviderFailure)) throw new Error(`expected a failure, got ${String(thrown)}`);
  return thrown;
};

describe("asking", () => {
  test("asks for 1536 numbers in base64 with the key, and puts answers in the order of the texts", async () => {
    const texts = ["boiler", "ladder", "invoice"];
    const vectors = await adapter().embed(texts);
    expect(vectors).toEqual(texts.map(vectorOf));
    expect(calls[0]?.body).toEqual({
      input: texts,
      model: "text-embedding-3-small",
      encoding_format: "base64",
      dimensions: 1536,
    });
    expect(calls[0]?.asked.headers["authorization"]).toBe("Bearer sk-test");
    expect(calls[0]?.asked.target).toBe("/v1/embeddings");
  });

  test("reads plain numbers too, and does not cut models that cannot be cut", async () => {
    answer = ({ body }) => ok(body.input.map((text, index) => ({ index, embedding: vectorOf(text) })));
    expect(await adapter({ model: "use-lite-512@0.2.0", url: `${server.url}/v1/` }).embed(["a"])).toEqual([
      vectorOf("a"),
    ]);
    expect(calls[0]?.body).not.toHaveProperty("dimensions");
  });

  test("splits what is too many or too long for one call", async () => {
    await adapter().embed(Array.from({ length: 230 }, (_, i) => `text ${i}`));
    expect(calls.map(({ body }) => body.input.length)).toEqual([100, 100, 30]);
    calls = [];
    await adapter().embed(["x".repeat(200_000), "y".repeat(150_000), "z", "w".repeat(299_999)]);
    expect(calls.map(({ body }) => body.input.map((text) => text[0]).join(""))).toEqual(["x", "yz", "w"]);
  });

  test("decodes little-endian floats of any alignment: [0.1, -0.2, 0.3] is zczMPc3MTL6amZk+", () => {
    expect(base64([0.1, -0.2, 0.3])).toBe("zczMPc3MTL6amZk+");
  });

  test("understands the server of the laptop", async () => {
    const laptop = await startEmbeddings({ embedder: hashEmbedder });
    try {
      const [vector] = await embeddings({ url: laptop.url, model: laptop.model }).embed(["The boiler shows E24"]);
      expect(vector).toEqual(vectorOf("The boiler shows E24"));
    } finally {
      await laptop.close();
    }
  });
});

describe("being refused", () => {
  const error = (status: number, code: string, headers: Record<string, string> = {}): Answer => ({
    status,
    headers,
    json: { error: { message: "call 20 30 40 50", code } },
  });

  test.each([
    [
      "rate limited",
      error(429, "rate_limit_exceeded", { "retry-after": "20" }),
      { code: "rate_limited", retryable: true, blames: "provider", retryAfterSeconds: 20 },
    ],
    [
      "rate limited, by its resets",
      error(429, "rate_limit_exceeded", { "x-ratelimit-reset-tokens": "6m0s" }),
      { code: "rate_limited", retryAfterSeconds: 360 },
    ],
    [
      "rate limited until a date",
      error(429, "rate_limit_exceeded", { "retry-after": "Sun, 15 Nov 2026 08:00:30 GMT" }),
      { retryAfterSeconds: 30 },
    ],
    [
      "out of money",
      error(429, "insufficient_quota", { "retry-after": "1" }),
      { code: "insufficient_quota", retryable: false, blames: "provider" },
    ],
    [
      "a wrong key",
      error(401, "invalid_api_key"),
      { code: "embedder_refused_401", retryable: false, blames: "provider" },
    ],
    [
      "a wrong model",
      error(404, "model_not_found"),
      { code: "embedder_refused_404", retryable: false, blames: "provider" },
    ],
    [
      "a text too long",
      error(400, "context_length_exceeded"),
      { code: "context_length_exceeded", retryable: false, blames: "input" },
    ],
    ["a text it will not have", error(422, "strange"), { code: "input_refused", blames: "input" }],
    ["a crash", error(500, "server_error"), { code: "embedder_failed", retryable: true, blames: "unknown" }],
    [
      "a crash without JSON",
      { status: 502, bytes: Buffer.from("<html>") } as Answer,
      { code: "embedder_failed", blames: "unknown" },
    ],
    [
      "overload with a time",
      error(503, "overloaded", { "retry-after": "5" }),
      { code: "embedder_failed", blames: "provider", retryAfterSeconds: 5 },
    ],
    [
      "a cut connection",
      { drop: true } as Answer,
      { code: "embedder_unreachable", retryable: true, blames: "unknown" },
    ],
  ])("%s", async (_, said, expected) => {
    answer = () => said;
    const thrown = await failure(["a", "b"], { now: () => new Date("2026-11-15T08:00:00Z") });
    expect(thrown).toMatchObject(expected);
    // A provider's message may quote the text.
    expect(JSON.stringify({ ...thrown, message: thrown.message })).not.toContain("20 30 40 50");
  });

  test("an address where nobody listens, and an answer that does not come", async () => {
    expect(await failure(["a"], { url: "http://127.0.0.1:9" })).toMatchObject({ code: "embedder_unreachable" });
    let free = () => {};
    answer = (call) =>
      new Promise((resolve) => {
        free = () => resolve(wellBehaved(call));
      });
    expect(await failure(["a"], { timeoutMs: 50 })).toMatchObject({ code: "embedder_timeout", retryable: true });
    free();
  });
});

describe("part of an answer", () => {
  test.each([
    ["missing", undefined],
    ["of another length", base64([1, 2, 3])],
    ["no base64", "%%%"],
    ["not a whole number of floats", "AAAAAA=="],
    ["not a number", base64(Array.from({ length: 1536 }, () => Number.NaN))],
    ["zero, which points nowhere", base64(Array.from({ length: 1536 }, () => 0))],
    ["something else", { a: 1 }],
  ])("a vector that is %s spoils only its own text", async (_, embedding) => {
    answer = () =>
      ok([
        { index: 0, embedding: base64(vectorOf("a")) },
        ...(embedding === undefined ? [] : [{ index: 1, embedding }]),
      ]);
    const thrown = await failure(["a", "b"]);
    expect(thrown).toMatchObject({ code: "embedding_invalid", blames: "unknown" });
    expect([...thrown.partial]).toEqual([vectorOf("a"), undefined]);
  });

  test("answers of the calls before a failure are kept", async () => {
    answer = (call, nth) => (nth === 1 ? wellBehaved(call) : { status: 500, json: {} });
    const thrown = await failure(Array.from({ length: 130 }, (_, i) => `text ${i}`));
    expect(thrown.partial).toHaveLength(100);
    expect(thrown.partial[99]).toEqual(vectorOf("text 99"));
  });

  test("an empty text is not sent at all: it would be a 400 for its whole batch", async () => {
    expect(await failure(["a", "  "])).toMatchObject({ code: "text_empty", blames: "unknown" });
    expect(await failure([""])).toMatchObject({ code: "text_empty", blames: "input" });
    expect(calls).toEqual([]);
  });

  test.each([["null"], ['{"data": {}}'], ["[]"], ["not json"]])(
    "an answer that is %s holds no vector",
    async (text) => {
      answer = () => ({ status: 200, bytes: Buffer.from(text) });
      expect(await failure(["a"])).toMatchObject({ code: "embedding_invalid" });
    },
  );
});
