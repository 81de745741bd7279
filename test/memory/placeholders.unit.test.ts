// Personal values become placeholders before a text leaves for a model.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withPlaceholders } from "#brain/memory/placeholders.ts";

describe("what becomes a placeholder", () => {
  test.each([
    ["Ring til Mette på +45 20 30 40 50 efter kl. 16", "Ring til Mette på <phone> efter kl. 16"],
    ["20304050 eller 2030 4050, tak", "<phone> eller <phone>, tak"],
    ["20-30-40-50", "<phone>"],
    ["call 0045-20304050 now", "call <phone> now"],
    ["+44 (0)20 7946 0958 is the office", "<phone> is the office"],
    ["(555) 123-4567 or 555-123-4567", "<phone> or <phone>"],
    ["Kalla 070-123 45 67.", "Kalla <phone>."],
    ["mail ole.hansen+bad@example.dk and o@example.co.uk!", "mail <email> and <email>!"],
    ["<ole@example.com>", "<<email>>"],
    ["IBAN DK50 0040 0440 1162 43 til depositum", "IBAN <number> til depositum"],
    ["GB29NWBK60161331926819", "<number>"],
    ["cpr 010190-1234 og 0101901234", "cpr <number> og <phone>"],
    ["card 4111 1111 1111 1111 exp 12/28", "card <number> exp 12/28"],
    ["EAN 5798000000001", "EAN <number>"],
    ["٢٠٣٠٤٠٥٠", "<phone>"],
  ])("%s", (text, expected) => {
    expect(withPlaceholders(text)).toBe(expected);
  });
});

describe("what stays", () => {
  test.each([
    "Mette Sørensen, Åboulevarden 12, 2. tv, 8000 Aarhus C",
    "on 2026-11-21 at 14:30, or 21.11.2026, or 1/2/26",
    "mellem 08.30-10.15 eller 10-12",
    "12.500,00 kr, 1.250.000 kr, $1,250.50",
    "model WH-1000 XM4, error E24, 3 x 400 W, 2025/26",
    "invoice 104233 of 3 items",
    "price @ 20 per hour",
  ])("%s", (text) => {
    expect(withPlaceholders(text)).toBe(text);
  });
});

const digitsOf = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: length, maxLength: length });
const words = fc.string({ unit: fc.constantFrom(..."abc æøåÉß,.!?\n"), maxLength: 20 });
/** Text in which numbers, addresses and punctuation touch each other in every way. */
const messy = fc
  .array(
    fc.oneof(
      words,
      digitsOf(4),
      digitsOf(9),
      fc.constantFrom("+", "(", ")", "-", " ", ".", "/", ":", "@", "00", "DK50"),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

describe("for any text", () => {
  test("a phone number leaves no group of its digits behind, however it is written", () => {
    const shape = fc.constantFrom([8], [2, 2, 2, 2], [4, 4], [2, 3, 3], [3, 2, 3]);
    const phone = fc
      .tuple(
        fc.constantFrom("", "+45 ", "0045 ", "+45", "(+45) "),
        shape,
        fc.constantFrom(" ", "-", ".", "\u00a0"),
        digitsOf(8),
      )
      .map(([prefix, sizes, separator, digits]) => {
        const ends = sizes.map((_, i) => sizes.slice(0, i + 1).reduce((sum, size) => sum + size, 0));
        return prefix + ends.map((end, i) => digits.slice(end - (sizes[i] ?? 0), end)).join(separator);
      });
    fc.assert(
      fc.property(words, phone, words, (before, number, after) => {
        const done = withPlaceholders(`${before} ${number} ${after}`);
        expect(done.replace(/\D/g, "").length).toBeLessThan(3);
        expect(done).toContain("<phone>");
      }),
      { numRuns: 500 },
    );
  });

  test("no seven digits in a row and no address remain", () => {
    fc.assert(
      fc.property(messy, (text) => {
        const done = withPlaceholders(text);
        expect(done).not.toMatch(/\d{7}/);
        expect(done).not.toMatch(/[a-z0-9]@[a-z0-9]/i);
      }),
      { numRuns: 1000 },
    );
  });

  test("doing it twice is doing it once", () => {
    fc.assert(
      fc.property(messy, (text) => {
        const once = withPlaceholders(text);
        expect(withPlaceholders(once)).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });

  test("text without digits and addresses is left alone", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        fc.pre(!/\p{Nd}|@/u.test(text));
        expect(withPlaceholders(text)).toBe(text);
      }),
    );
  });
});
