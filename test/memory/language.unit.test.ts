/** Language of short messages: rarely wrong, and silent rather than wrong. */
import { describe, expect, it } from "vitest";
import { languageOf } from "#brain/memory/language.ts";
import { danish, english, heldOut, other } from "./short-lines.ts";

const share = (lines: readonly string[], language: string | undefined) =>
  lines.filter((line) => languageOf(line) === language).length / lines.length;
const opposite = (lines: readonly string[], language: string) => lines.filter((line) => languageOf(line) === language);

describe("languageOf", () => {
  it("knows English and Danish lines, and never takes one for the other", () => {
    expect(share(english, "english")).toBeGreaterThan(0.9);
    expect(share(danish, "danish")).toBeGreaterThan(0.9);
    expect(opposite(english, "danish")).toEqual([]);
    expect(opposite(danish, "english")).toEqual([]);
  });

  it("does as well on lines its lists were not made with", () => {
    expect(share(heldOut.english, "english")).toBeGreaterThan(0.85);
    expect(share(heldOut.danish, "danish")).toBeGreaterThan(0.85);
    expect(opposite(heldOut.english, "danish")).toEqual([]);
    expect(opposite(heldOut.danish, "english")).toEqual([]);
  });

  it("says nothing about numbers, links, pictures and other languages", () => {
    for (const line of other) expect(languageOf(line), line).toBeUndefined();
    expect(languageOf("")).toBeUndefined();
  });

  it("is not swayed by an address or a link", () => {
    expect(languageOf("https://example.com/the/and/of/you")).toBeUndefined();
    expect(languageOf("Det er her: https://example.com/the/and/of/you/are/with")).toBe("danish");
  });
});
