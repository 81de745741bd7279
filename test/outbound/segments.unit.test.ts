// What an SMS costs: vectors of the standard, an independent counter as oracle, and how the same is said for less.
import fc from "fast-check";
import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, test } from "vitest";
import { cheaper, segmentsOf, transliterated } from "#brain/outbound/segments.ts";

const basic =
  "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const extension = "^{}\\[~]|€";

describe("vectors", () => {
  test.each([
    ["nothing", "", "GSM-7", 1],
    ["160 of the alphabet", "a".repeat(160), "GSM-7", 1],
    ["161", "a".repeat(161), "GSM-7", 2],
    ["twice 153", "a".repeat(306), "GSM-7", 2],
    ["one more", "a".repeat(307), "GSM-7", 3],
    ["80 euros", "€".repeat(80), "GSM-7", 1],
    ["81 euros", "€".repeat(81), "GSM-7", 2],
    // 152 septets and a pair: the pair begins the next part, and 153 = 2 × 76 + 1 leaves one septet of each unused.
    ["a pair at the edge", `${"a".repeat(152)}€${"a".repeat(151)}`, "GSM-7", 2],
    ["a pair at the edge, and one too many", `${"a".repeat(152)}€${"a".repeat(152)}`, "GSM-7", 3],
    ["152 euros", "€".repeat(152), "GSM-7", 2],
    ["153 euros", "€".repeat(153), "GSM-7", 3],
    ["70 of the others", "ŭ".repeat(70), "UCS-2", 1],
    ["71", "ŭ".repeat(71), "UCS-2", 2],
    ["twice 67", "ŭ".repeat(134), "UCS-2", 2],
    ["one more of them", "ŭ".repeat(135), "UCS-2", 3],
    ["35 emoji", "👍".repeat(35), "UCS-2", 1],
    ["36 emoji", "👍".repeat(36), "UCS-2", 2],
    // 67 is odd: an emoji is never cut, so a part holds 33.
    ["66 emoji", "👍".repeat(66), "UCS-2", 2],
    ["67 emoji", "👍".repeat(67), "UCS-2", 3],
    ["an emoji in a short text", `${"a".repeat(69)}👍`, "UCS-2", 2],
  ])("%s", (_, text, alphabet, parts) => {
    expect(segmentsOf(text)).toMatchObject({ alphabet, parts });
  });

  test("Danish letters are cheap; marks that phones put in are not, and are named", () => {
    expect(segmentsOf("æøå ÆØÅ é ü ä ö")).toMatchObject({ alphabet: "GSM-7", culprits: [] });
    expect(segmentsOf("Zoë’s – ’vvs’")).toMatchObject({ alphabet: "UCS-2", culprits: ["ë", "’", "–"] });
    expect(segmentsOf(basic + extension).alphabet).toBe("GSM-7");
  });
});

const among = (text: string) => fc.constantFrom(...text);
const message = (signs: fc.Arbitrary<string>, most: number) =>
  fc.array(signs, { minLength: 1, maxLength: most }).map((all) => all.join(""));

describe("an independent counter agrees", () => {
  const agrees = (text: string) => {
    const oracle = new SegmentedMessage(text, "auto", false);
    expect(segmentsOf(text)).toMatchObject({ alphabet: oracle.getEncodingName(), parts: oracle.segmentsCount });
  };

  test("about the cheap alphabet and its pairs", () => {
    fc.assert(fc.property(message(fc.oneof(among(basic), among(extension)), 700), agrees), { numRuns: 300 });
  });

  test("about everything else", () => {
    // Signs that stand alone: what joins with its neighbour is cut by some networks and not by others.
    const signs = fc.oneof(
      { weight: 6, arbitrary: among(basic) },
      among("ëŭ’–čж日"),
      fc.constantFrom("👍", "🔧", "🌡", "𝄞"),
    );
    fc.assert(fc.property(message(signs, 400), agrees), { numRuns: 300 });
  });
});

describe("the same for less", () => {
  test("quotes, dashes, dots and spaces of word processors become plain; letters lose marks that cost", () => {
    expect(transliterated("“Vi kommer kl. 10–12…” sagde Zoë\u00a0Č’s")).toBe('"Vi kommer kl. 10-12..." sagde Zoe C\'s');
    expect(transliterated("æøå ÆØÅ é ü €")).toBe("æøå ÆØÅ é ü €");
    // Written as a letter and a mark, as some keyboards do.
    expect(transliterated("A\u030a e\u0301")).toBe("Å é");
    expect(transliterated("👍 日")).toBe("👍 日");
  });

  test("an emoji that would triple the price is named with what the text costs without it", () => {
    const text = `${"a".repeat(150)} 👍`;
    expect([segmentsOf(text).parts, cheaper(text)]).toEqual([3, { text: "a".repeat(150), parts: 1 }]);
    expect(cheaper(`${"a".repeat(70)} 👨‍👩‍👧 ❤️ 🇩🇰 3️⃣`)).toEqual({ text: `${"a".repeat(70)} 3`, parts: 1 });
  });

  test("nothing is suggested that costs as much, or says nothing", () => {
    expect(cheaper("Hi 👍")).toBeNull();
    expect(cheaper("👍".repeat(80))).toBeNull();
    expect(cheaper("日".repeat(80))).toBeNull();
    expect(cheaper("a".repeat(500))).toBeNull();
  });

  test("what is suggested is never dearer, never empty, and nothing is left to suggest about it", () => {
    const signs = fc.oneof({ weight: 5, arbitrary: among(basic) }, among("ë’–…“”•čж"), fc.constantFrom("👍", "❤️"));
    fc.assert(
      fc.property(message(signs, 300), (text) => {
        const advice = cheaper(text);
        expect(segmentsOf(transliterated(text)).culprits.length).toBeLessThanOrEqual(segmentsOf(text).culprits.length);
        if (!advice) return;
        expect(advice.parts).toBeLessThan(segmentsOf(text).parts);
        expect(segmentsOf(advice.text).parts).toBe(advice.parts);
        expect(transliterated(advice.text)).toBe(advice.text);
        expect(advice.text.trim()).not.toBe("");
      }),
      { numRuns: 300 },
    );
  });
});
