/** The embeddings endpoint as an OpenAI client meets it, over the instant model. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LocalEmbeddings, startEmbeddings } from "#local/embeddings.ts";
import { embedByHash, HASH_MODEL_ID, hashEmbedder } from "#local/embeddings-hash.ts";

let server: LocalEmbeddings;
beforeEach(async () => {
  server = await startEmbeddings({ embedder: hashEmbedder });
});
afterEach(() => server.close());

type Body = {
  model: string;
  data: { index: number; embedding: number[] | string }[];
  usage: { prompt_tokens: number; total_tokens: number };
  error: { message: string; type: string; param: string | null; code: string | null };
};

async function ask(body: unknown): Promise<{ status: number; headers: Headers; body: Body }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await fetch(`${server.url}/embeddings`, { method: "POST", body: text });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body };
}

const numbers = (embedding: number[] | string | undefined): number[] => {
  if (typeof embedding !== "string") return embedding ?? [];
  const bytes = Buffer.from(embedding, "base64");
  return Array.from({ length: bytes.byteLength / 4 }, (_, at) => bytes.readFloatLE(at * 4));
};

describe("POST /v1/embeddings", () => {
  it("answers one vector per text, in order, of the default size, under its own model's name", async () => {
    const { status, body } = await ask({ model: "text-embedding-3-small", input: ["varmepumpe", "boiler"] });
    expect(status).toBe(200);
    expect(body.model).toBe(HASH_MODEL_ID);
    expect(body.data.map((item) => item.index)).toEqual([0, 1]);
    expect(numbers(body.data[1]?.embedding)).toEqual(embedByHash("boiler"));
    expect(numbers(body.data[0]?.embedding)).toHaveLength(1_536);
    expect(body.usage).toEqual({ prompt_tokens: 5, total_tokens: 5 });
    expect(server.stats()).toEqual({ requests: 1, inputs: 2 });
  });

  it("means the same in base64 as in numbers", async () => {
    const input = "The boiler is leaking";
    const float = await ask({ model: "m", input });
    const base64 = await ask({ model: "m", input, encoding_format: "base64" });
    expect(base64.body.data[0]?.embedding).toEqual(expect.any(String));
    expect(numbers(base64.body.data[0]?.embedding)).toEqual(numbers(float.body.data[0]?.embedding));
  });

  it("pads with zeros, or cuts and scales back to unit length", async () => {
    const long = numbers((await ask({ model: "m", input: "boiler", dimensions: 2_000 })).body.data[0]?.embedding);
    expect(long.slice(1_536)).toEqual(Array(464).fill(0));
    const short = numbers(
      (await ask({ model: "m", input: "The boiler leaks", dimensions: 256 })).body.data[0]?.embedding,
    );
    expect(short).toHaveLength(256);
    expect(Math.hypot(...short)).toBeCloseTo(1, 5);
  });

  it.each([
    ["no model", { input: "x" }, "model"],
    ["no input", { model: "m" }, "input"],
    ["an empty list", { model: "m", input: [] }, "input"],
    ["an empty text", { model: "m", input: ["x", ""] }, "input"],
    ["token ids", { model: "m", input: [1, 2] }, "input"],
    ["2,049 texts", { model: "m", input: Array(2_049).fill("x") }, "input"],
    ["a text too long", { model: "m", input: "x".repeat(40_000) }, "input"],
    ["too much at once", { model: "m", input: Array(50).fill("x".repeat(30_000)) }, "input"],
    ["no size", { model: "m", input: "x", dimensions: 0 }, "dimensions"],
    ["another format", { model: "m", input: "x", encoding_format: "hex" }, "encoding_format"],
  ])("refuses %s in OpenAI's words", async (_, body, param) => {
    const answer = await ask(body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ type: "invalid_request_error", param, message: expect.any(String) });
  });

  it("refuses broken JSON and other paths", async () => {
    expect(await ask("{")).toMatchObject({ status: 400, body: { error: { type: "invalid_request_error" } } });
    expect((await fetch(`${server.url}/chat/completions`, { method: "POST", body: "{}" })).status).toBe(404);
  });
});

describe("faults", () => {
  const question = { model: "m", input: ["fine", "poisoned text"] };

  it("429 with the time to wait, as often as asked", async () => {
    server.faults.rateLimit({ retryAfterSeconds: 7, times: 2 });
    for (const _ of [1, 2]) {
      const limited = await ask(question);
      expect(limited.status).toBe(429);
      expect(limited.headers.get("retry-after")).toBe("7");
      expect(limited.body.error.code).toBe("rate_limit_exceeded");
    }
    expect((await ask(question)).status).toBe(200);
  });

  it("one bad text spoils its batch, and only its own", async () => {
    server.faults.failFor("poison");
    expect((await ask(question)).status).toBe(400);
    expect((await ask({ model: "m", input: "fine" })).status).toBe(200);
  });

  it("down, slow and well again, from outside the process", async () => {
    const root = server.url.replace(/\/v1$/, "");
    const set = (faults: unknown) => fetch(`${root}/_faults`, { method: "POST", body: JSON.stringify(faults) });
    await set({ down: true });
    await expect(ask(question)).rejects.toThrow("fetch failed");
    await set({ ok: true, slow: 40 });
    const impatient = fetch(`${server.url}/embeddings`, {
      method: "POST",
      body: JSON.stringify(question),
      signal: AbortSignal.timeout(10),
    });
    await expect(impatient).rejects.toThrow("timeout");
    await set({ ok: true });
    expect((await ask(question)).status).toBe(200);
    expect(await (await fetch(`${root}/stats`)).json()).toEqual({ requests: 3, inputs: 6 });
  });
});
