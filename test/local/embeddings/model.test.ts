/** The real small model: it loads, and knows a paraphrase when it sees one. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalEmbeddings, startEmbeddings } from "#local/embeddings.ts";

let server: LocalEmbeddings;
beforeAll(async () => {
  server = await startEmbeddings();
});
afterAll(() => server.close());

async function embed(input: string[]): Promise<number[][]> {
  const answer = await fetch(`${server.url}/embeddings`, {
    method: "POST",
    headers: { authorization: "Bearer anything" },
    body: JSON.stringify({ model: "use-lite", input }),
  });
  const body = (await answer.json()) as { model: string; data: { embedding: number[] }[] };
  expect(body.model).toBe("use-lite-512@0.2.0");
  return body.data.map((item) => item.embedding);
}

const dot = (a: number[] = [], b: number[] = []): number => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

const PAIRS = [
  ["The boiler is leaking", "Water is dripping from the heating unit"],
  ["When will the technician arrive?", "What time does the repair man come?"],
  ["Please send the invoice again", "I need another copy of the bill"],
] as const;

describe("the small model", () => {
  it("puts a sentence nearer to its paraphrase than to any other sentence", async () => {
    const asked = await embed(PAIRS.map(([question]) => question));
    const known = await embed(PAIRS.map(([, paraphrase]) => paraphrase));
    for (const [index, vector] of asked.entries()) {
      const scores = known.map((other) => dot(vector, other));
      expect(scores.indexOf(Math.max(...scores))).toBe(index);
    }
  });

  it("answers unit vectors of 1,536 numbers, of which the last 1,024 are zeros", async () => {
    const [vector = []] = await embed(["Any text, also with an emoji 👍"]);
    expect(vector).toHaveLength(1_536);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
    expect(new Set(vector.slice(512))).toEqual(new Set([0]));
  });

  it("joins requests that come together, and answers each its own, whatever their length", async () => {
    const texts = Array.from(
      { length: 24 },
      (_, n) => `Visit ${n} at the harbour ${"again and ".repeat(n % 4 === 0 ? 60 : 0)}`,
    );
    const together = await Promise.all(texts.map((text) => embed([text])));
    const alone = await embed([texts[8] ?? ""]);
    expect(dot(together[8]?.[0], alone[0])).toBeCloseTo(1, 4);
    const all = together.map(([vector]) => vector);
    expect(new Set(all.map((vector) => vector?.slice(0, 4).join())).size).toBe(24);
  });
});
