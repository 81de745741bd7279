/** Chunking: nothing lost, nothing cut through, nothing too long, and quick on the longest legal message. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunk, maximumLength, minimumRest } from "#brain/memory/chunk.ts";

const bare = (text: string) => text.replaceAll(/\s/g, "");

describe("chunk", () => {
  it("leaves a short message whole, however short", () => {
    expect(chunk("ok")).toEqual(["ok"]);
    expect(chunk("  Varmen virker ikke  ")).toEqual(["Varmen virker ikke"]);
    expect(chunk("")).toEqual([]);
    expect(chunk(" \n\t ")).toEqual([]);
  });

  it("makes three passages of 2,500 characters, ending at sentences", () => {
    const text = "Varmepumpen larmer om natten og vi kan ikke sove. ".repeat(50).trimEnd();
    const passages = chunk(text);
    expect(passages).toHaveLength(3);
    for (const passage of passages) expect(passage).toMatch(/sove\.$/);
    expect(chunk("a".repeat(2500))).toHaveLength(3);
    expect(chunk("word ".repeat(500))).toHaveLength(3);
  });

  it("prefers the end of a paragraph to the end of a sentence", () => {
    const first = "One sentence here. ".repeat(40).trimEnd();
    const second = "Another one there. ".repeat(40).trimEnd();
    expect(chunk(`${first}\n\n${second}`)).toEqual([first, second]);
  });

  it("keeps a turn of a pasted conversation together", () => {
    const turn = (who: string, times: number) => `${who}: ${"the pump is cold ".repeat(times).trimEnd()}`;
    const [a, b] = [turn("Mette", 48), turn("Lars", 30)];
    expect(chunk(`${a}\n${b}`)).toEqual([a, b]);
  });

  it("shares the end so that no fragment is left over", () => {
    const passages = chunk("x".repeat(1005));
    expect(passages.map((p) => p.length)).toEqual([975, minimumRest]);
  });

  it("loses nothing but white space and never exceeds the limit, for any text", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.constantFrom(" ", "\n", "\n\n", ". ", "! ", "— ", "👩‍🔧", "e\u0301", "🇩🇰", "\r\n", "。"),
      fc.integer({ min: 1, max: 1500 }).map((n) => "x".repeat(n)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join("");
        const passages = chunk(text);
        expect(bare(passages.join(""))).toBe(bare(text));
        let at = 0;
        for (const passage of passages) {
          at = text.indexOf(passage, at) + passage.length;
          expect(passage.length).toBeGreaterThan(0);
          expect(passage.length).toBeLessThanOrEqual(maximumLength);
        }
        expect(text.slice(at).trim()).toBe("");
      }),
      { numRuns: 300 },
    );
  });

  it("never cuts through a surrogate pair or what a reader sees as one character", () => {
    const segments = (text: string) => [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)];
    const unit = fc.constantFrom("a", "👩‍🔧", "e\u0301", "🇩🇰", "👍🏽", "å", "한", "क्षि", "😀");
    fc.assert(
      fc.property(fc.array(unit, { minLength: 400, maxLength: 1500 }), (units) => {
        const text = units.join("");
        const starts = new Set(segments(text).map((s) => s.index));
        let at = 0;
        for (const passage of chunk(text)) {
          expect(passage.isWellFormed()).toBe(true);
          expect(starts.has(at)).toBe(true);
          at += passage.length;
        }
        expect(at).toBe(text.length);
      }),
      { numRuns: 60 },
    );
    for (const lead of ["", "a", "ab", "abc"]) {
      const flags = chunk(lead + "🇩🇰".repeat(700));
      expect(flags.join("").replace(lead, "")).toBe("🇩🇰".repeat(700));
      for (const passage of flags.slice(1)) expect(passage.startsWith("🇩🇰")).toBe(true);
    }
  });

  it("leaves no trailing fragment unless the whole is one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (length) => {
        const passages = chunk("x".repeat(length));
        expect(passages.length === 1 || (passages.at(-1) ?? "").length >= minimumRest).toBe(true);
      }),
    );
  });

  it("takes the longest message Chatwoot allows", () => {
    const passages = chunk("Pumpen står stille igen, og der kommer vand ud. ".repeat(3125));
    expect(passages.length).toBeGreaterThanOrEqual(150);
    expect(passages.length).toBeLessThanOrEqual(165);
    expect(chunk(" ".repeat(150_000))).toEqual([]);
  });
});
