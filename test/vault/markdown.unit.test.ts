// Markdown as passages: under their headings, fences whole, nothing lost.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDocument } from "#brain/vault/markdown.ts";

const passages = (text: string, title: string | null = null, path = "a.md") =>
  readDocument({ path, title, text }).passages;

describe("headings", () => {
  test("each passage stands under the headings above it", () => {
    const text =
      "# Handbook\n\nWelcome.\n\n## Prices ##\n\nService is 1,450.\n\n### *Parts*\n\nA [pump](https://x.example) is 900.\n\n## Hours\n\nFrom 8 to 16.\n";
    expect(passages(text)).toEqual([
      "Handbook: Welcome.",
      "Handbook › Prices: Service is 1,450.",
      "Handbook › Prices › Parts: A [pump](https://x.example) is 900.",
      "Handbook › Hours: From 8 to 16.",
    ]);
  });

  test("underlined ones count, and an underline below a list or nothing is a line", () => {
    expect(passages("Prices\n======\n\nA.\n\nParts\n---\n\nB.\n\n---\n\nC.\n\n- item\n---\nD.")).toEqual([
      "Prices: A.",
      "Prices › Parts: B.\n\n---\n\nC.\n\n- item\n---\nD.",
    ]);
  });

  test("a hash without a space, or four spaces in, is text", () => {
    expect(passages("#5 is the van\n\n    # not a heading")).toEqual(["#5 is the van\n\n    # not a heading"]);
  });

  test("the title comes from the place, the front matter or the first heading", () => {
    const title = (text: string, given: string | null = null) =>
      readDocument({ path: "a.md", title: given, text }).title;
    expect(title("# One\n\nx", "Given")).toBe("Given");
    expect(title('---\ntitle: "Matter"\ntags: [a]\n---\n# One\n\nx')).toBe("Matter");
    expect(title("# One\n\nx")).toBe("One");
    expect(title("no heading")).toBeNull();
    expect(passages("---\ntitle: Matter\n---\nSome text.")).toEqual(["Matter: Some text."]);
  });

  test("lists, tables and fences begin on a line of their own; plain text has no headings", () => {
    expect(passages("# P\n\n- one\n- two")).toEqual(["P\n\n- one\n- two"]);
    expect(passages("# P\n\n| a |\n|---|\n| 1 |")).toEqual(["P\n\n| a |\n|---|\n| 1 |"]);
    expect(passages("# not a heading", null, "a.txt")).toEqual(["# not a heading"]);
  });

  test("carriage returns and a byte order mark change nothing", () => {
    expect(passages("\uFEFF# A\r\n\r\nText.\r\n")).toEqual(["A: Text."]);
  });
});

describe("a fenced block", () => {
  test("is never cut, and no heading or fence of another kind in it counts", () => {
    const code = `\`\`\`\`sh\n${"# not a heading\n~~~\n```\necho pump\n".repeat(60)}\`\`\`\``;
    const found = passages(`# Scripts\n\nBefore.\n\n${code}\n\nAfter.\n`);
    expect(code.length).toBeGreaterThan(1500);
    expect(found.filter((passage) => passage.includes(code))).toHaveLength(1);
    expect(found.join("\n")).toContain("After.");
  });

  test("that nobody closes ends with the document", () => {
    expect(passages("# A\n\n~~~\n# code\n")).toEqual(["A\n\n~~~\n# code"]);
  });

  test("beyond what any embedder reads it is cut at ends of lines", () => {
    const line = "a line of code that is repeated";
    const found = passages(`\`\`\`\n${`${line}\n`.repeat(600)}\`\`\``);
    expect(found.length).toBeGreaterThan(1);
    for (const passage of found) {
      expect(passage.length).toBeLessThanOrEqual(8000);
      for (const each of passage.split("\n")) expect([line, "```"]).toContain(each);
    }
  });
});

test("no word is lost and no passage is empty, whatever the document", () => {
  const block = fc.oneof(
    fc.lorem({ mode: "sentences", maxCount: 30 }),
    fc.tuple(fc.integer({ min: 1, max: 6 }), fc.lorem({ maxCount: 4 })).map(([n, text]) => `${"#".repeat(n)} ${text}`),
    fc.lorem({ maxCount: 200 }).map((text) => `\`\`\`\n${text}\n\`\`\``),
    fc
      .array(fc.lorem({ maxCount: 8 }), { minLength: 1, maxLength: 20 })
      .map((items) => items.map((item) => `- ${item}`).join("\n")),
  );
  fc.assert(
    fc.property(fc.array(block, { maxLength: 30 }), (blocks) => {
      const text = blocks.join("\n\n");
      const found = passages(text);
      for (const passage of found) expect(passage.trim()).not.toBe("");
      const body =
        blocks
          .filter((each) => !each.startsWith("#"))
          .join(" ")
          .match(/\p{L}+/gu) ?? [];
      const kept = new Map<string, number>();
      for (const word of found.join(" ").match(/\p{L}+/gu) ?? []) kept.set(word, (kept.get(word) ?? 0) + 1);
      for (const word of body) {
        const left = (kept.get(word) ?? 0) - 1;
        expect(left).toBeGreaterThanOrEqual(0);
        kept.set(word, left);
      }
    }),
    { numRuns: 200 },
  );
});
