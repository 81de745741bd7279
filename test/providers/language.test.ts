// The language model's adapter against a server that says all the things servers say.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ProviderFailure } from "#brain/kernel/ports.ts";
import { type Answer, type Asked, type Loopback, listen } from "#local/loopback.ts";
import { type LanguageSettings, languageModel } from "#providers/language.ts";

let server: Loopback;
let calls: Asked[] = [];
let answer: (asked: Asked) => Answer | Promise<Answer>;

const said = (content: unknown, more: Record<string, unknown> = {}): Answer => ({
  status: 200,
  json: {
    id: "chatcmpl-1",
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content } }],
    ...more,
  },
});
const refused = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  json: { error: { message: "You asked: where is the key?", type: "invalid_request_error", code: "none" } },
});

beforeAll(async () => {
  server = await listen({
    handle: (asked) => {
      calls.push(asked);
      return answer(asked);
    },
  });
});
afterAll(() => server.close());
beforeEach(() => {
  calls = [];
  answer = () => said("On Thursday.");
});

const now = () => new Date("2026-11-15T08:00:00Z");
const model = (change: Partial<LanguageSettings> = {}) =>
  languageModel({ url: `${server.url}/v1`, model: "gpt-test", apiKey: "sk-test", now, ...change });
const prompt = { system: "Answer from the evidence.", user: "When do they come?" };

async function failure(change: Partial<LanguageSettings> = {}): Promise<ProviderFailure> {
  const thrown = await model(change)
    .complete(prompt)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  if (!(thrown instanceof ProviderFailure)) throw new Error(`expected a failure, got ${String(thrown)}`);
  return thrown;
}

const bodyOf = (asked: Asked | undefined) => JSON.parse(asked?.body.toString() ?? "null") as Record<string, unknown>;

describe("asking", () => {
  test("sends both prompts with the key, without chance, and no schema that nobody asked for", async () => {
    await model().complete(prompt);
    expect([calls[0]?.method, calls[0]?.target, calls[0]?.headers["authorization"]]).toEqual([
      "POST",
      "/v1/chat/completions",
      "Bearer sk-test",
    ]);
    expect(bodyOf(calls[0])).toEqual({
      model: "gpt-test",
      temperature: 0,
      max_tokens: 800,
      messages: [
        { role: "system", content: "Answer from the evidence." },
        { role: "user", content: "When do they come?" },
      ],
    });
    await model().complete({ ...prompt, mostTokens: 6000 });
    expect(bodyOf(calls[1])["max_tokens"]).toBe(6000);
  });

  test("asks for the schema strictly, by name", async () => {
    const schema = { type: "object", properties: { sentences: { type: "array" } }, required: ["sentences"] };
    await model().complete({ ...prompt, schema });
    expect(bodyOf(calls[0])["response_format"]).toEqual({
      type: "json_schema",
      json_schema: { name: "answer", strict: true, schema },
    });
  });

  test("a slash at the end of the address changes nothing; without a key none is sent", async () => {
    await model({ url: `${server.url}/v1/`, apiKey: undefined }).complete(prompt);
    expect([calls[0]?.target, calls[0]?.headers["authorization"]]).toEqual(["/v1/chat/completions", undefined]);
  });

  test("says who answers", () => {
    expect([model().provider, model().model]).toEqual(["127.0.0.1", "gpt-test"]);
  });
});

describe("an answer", () => {
  test("is its text, with the tokens it cost where the server says so", async () => {
    expect(await model().complete(prompt)).toEqual({ text: "On Thursday." });
    answer = () => said('{"sentences": []}', { usage: { prompt_tokens: 31, completion_tokens: 7, total_tokens: 38 } });
    expect(await model().complete(prompt)).toEqual({ text: '{"sentences": []}', inputTokens: 31, outputTokens: 7 });
  });

  test.each<[string, Answer]>([
    [
      "broken JSON",
      { status: 200, bytes: Buffer.from('{"choices": [{"mess'), headers: { "content-type": "application/json" } },
    ],
    ["a page instead", { status: 200, bytes: Buffer.from("<html>Bad gateway</html>") }],
    ["no body", { status: 200, bytes: Buffer.alloc(0) }],
    ["no choice", { status: 200, json: { choices: [] } }],
    ["a refusal without words", said(null)],
    ["parts instead of words", said([{ type: "text", text: "On Thursday." }])],
    ["tokens that are no number", said("On Thursday.", { usage: { prompt_tokens: "many", completion_tokens: 1 } })],
  ])("that is %s is invalid, and asking again would not help", async (_, wrong) => {
    answer = () => wrong;
    expect(await failure()).toMatchObject({ code: "language_invalid", retryable: false });
    expect(calls).toHaveLength(1);
  });
});

describe("a refusal", () => {
  test.each([
    [{ "retry-after": "20" }, 20],
    [{ "retry-after": "Sun, 15 Nov 2026 08:00:30 GMT" }, 30],
    [{}, undefined],
  ])("429 with %j waits %s seconds", async (headers, retryAfterSeconds) => {
    answer = () => refused(429, headers as Record<string, string>);
    expect(await failure()).toMatchObject({ code: "rate_limited", retryable: true, retryAfterSeconds });
  });

  test.each([
    [500, "language_failed", true],
    [503, "language_failed", true],
    [400, "language_refused_400", false],
    [401, "language_refused_401", false],
    [404, "language_refused_404", false],
  ])("%i is %s, retryable: %s", async (status, code, retryable) => {
    answer = () => refused(status);
    expect(await failure()).toMatchObject({ code, retryable });
  });

  test("keeps the provider's words, which may quote the prompt, and the key out of the error", async () => {
    answer = () => refused(400);
    const thrown = await failure();
    expect(`${thrown.message} ${thrown.stack} ${JSON.stringify(thrown)} ${String(thrown.cause)}`).not.toMatch(
      /where is the key|sk-test/,
    );
  });
});

describe("silence", () => {
  test("before the answer or in the middle of its body is a timeout", async () => {
    let release = () => {};
    const held = new Promise<Answer>((resolve) => {
      release = () => resolve(said("Late."));
    });
    answer = () => held;
    expect(await failure({ timeoutMs: 50 })).toMatchObject({ code: "language_timeout", retryable: true });
    release();
    answer = () => ({ status: 200, bytes: Buffer.from('{"choices"'), headers: { "content-length": "5000" } });
    expect(await failure({ timeoutMs: 100 })).toMatchObject({ retryable: true });
  });

  test("a cut connection and a port that nobody listens on cannot be reached", async () => {
    answer = () => ({ drop: true });
    expect(await failure()).toMatchObject({ code: "language_unreachable", retryable: true });
    const gone = await listen({ handle: () => ({ status: 200 }) });
    await gone.close();
    expect(await failure({ url: gone.url })).toMatchObject({ code: "language_unreachable", retryable: true });
  });
});
