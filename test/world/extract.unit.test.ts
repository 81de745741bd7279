// What the rules read out of what people write: measured on the table in docs/world-utterances.md, and what must never happen.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Proposal, proposalsIn } from "#brain/world/extract/rules.ts";

const page = readFileSync(new URL("../../docs/world-utterances.md", import.meta.url), "utf8");
const lines = [...page.matchAll(/^\| (\d+) \| (tuned|held out|fresh) \| (en|da) \| (.+?) \| ([^|]+) \|$/gm)].map(
  ([, n, part, , said = "", means = ""]) => ({ n, part, said, means: means.trim() }),
);

const saidOn = "2026-11-16";
const shown = ({ attribute, value, value_type, unit }: Proposal): string => {
  const { amount_minor, currency } = value as { amount_minor: number; currency: string };
  const said = value_type === "currency" ? `${(amount_minor / 100).toFixed(2)} ${currency}` : String(value);
  return `${attribute} = ${said}${unit ? ` ${unit}` : ""}`;
};

function measured(part: string) {
  const tally = { right: 0, wrong: [] as string[], missed: [] as string[] };
  for (const { n, said, means } of lines.filter((line) => line.part === part)) {
    const found = proposalsIn(said, saidOn).map(shown);
    const wanted = means === "nothing" ? [] : means.split(" · ");
    tally.right += found.filter((one) => wanted.includes(one)).length;
    tally.wrong.push(...found.filter((one) => !wanted.includes(one)).map((one) => `${n}: ${one}`));
    tally.missed.push(...wanted.filter((one) => !found.includes(one)).map((one) => `${n}: ${one}`));
  }
  const { right, wrong, missed } = tally;
  return { ...tally, precision: right / (right + wrong.length), recall: right / (right + missed.length) };
}

describe("the table", () => {
  test("is whole", () => {
    expect(lines.length).toBeGreaterThanOrEqual(60);
    expect(lines.map(({ n }) => Number(n))).toEqual(lines.map((_, i) => i + 1));
    expect(lines.filter(({ part }) => part === "held out").length).toBe(22);
  });

  // So much is said in docs/world.md.
  test.each([
    ["tuned", 1, 1],
    ["held out", 1, 1],
    ["fresh", 0.75, 0.75],
  ])("%s: what is proposed is right, and little is missed", (part, precision, recall) => {
    const { wrong, missed, ...found } = measured(part);
    expect({ wrong, missed, precise: found.precision >= precision, complete: found.recall >= recall }).toMatchObject({
      precise: true,
      complete: true,
    });
  });
});

test("every quote stands in the text word for word, whatever the text", () => {
  const pieces = fc.constantFrom(
    ...[
      "We charge 450 kr an hour",
      "prisen er 1.200 kr",
      "my rent is",
      "they promised",
      ".",
      "?",
      "\n",
      " ",
      "kr.",
      "1,2",
      "ring på 20 30 40 50",
      "æ",
    ],
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(pieces, fc.string({ unit: "grapheme", maxLength: 20 })), { maxLength: 15 }),
      (parts) => {
        const text = parts.join(" ");
        for (const { quote, attribute, value_type, value } of proposalsIn(text, saidOn)) {
          expect(text).toContain(quote);
          expect(attribute).toMatch(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/);
          if (value_type === "currency") expect((value as { amount_minor: number }).amount_minor).toBeTypeOf("number");
        }
      },
    ),
    { numRuns: 300 },
  );
});
