// What a message to the bot wants, how days are written, and long answers cut into messages.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Intent, intentOf, tongueOfSaid } from "#brain/assistant/telegram/intent.ts";
import { parts } from "#brain/assistant/telegram/replies.ts";
import { dayIn } from "#brain/assistant/telegram/texts.ts";

const wants: [said: string, intent: Intent][] = [
  ["Call the plumber on Friday", { does: "say" }],
  ["Should we call the plumber?", { does: "ask", text: "Should we call the plumber?" }],
  ["Hvad med hegnet? Hvad venter?", { does: "ask", text: "Hvad venter?" }],
  ["Thanks!", { does: "say" }],
  ["/goals", { does: "ask", text: "goals" }],
  ["What is due?", { does: "ask", text: "What is due?" }],
  ["Hi! What should I do today?", { does: "ask", text: "What should I do today?" }],
  ["hvad skal jeg i dag", { does: "ask", text: "hvad skal jeg i dag" }],
  ["What about the fence?", { does: "ask", text: "What about the fence?" }],
  ["Hvad er mine mål?", { does: "ask", text: "Hvad er mine mål?" }],
  ["Hvad venter?", { does: "ask", text: "Hvad venter?" }],
  ["Call Bo. What is due?", { does: "say", asks: "What is due?" }],
  ["/today", { does: "ask", text: "today" }],
  ["/PLAN@omneuro_bot", { does: "ask", text: "today" }],
  ["/due", { does: "ask", text: "due" }],
  ["undo", { does: "undo" }],
  ["Fortryd!", { does: "undo" }],
  ["/undo", { does: "undo" }],
  ["Undo the bolts on Friday", { does: "say" }],
  ["/start", { does: "help" }],
  ["/start 0abc", { does: "link", code: "0abc" }],
  ["/link 0abc", { does: "link", code: "0abc" }],
  ["/unlink", { does: "unlink" }],
  ["/project", { does: "projects" }],
  ["/nonsense", { does: "unknown", name: "nonsense" }],
  ["/start with the roof", { does: "say" }],
];

test.each(wants)("%s", (said, intent) => {
  expect(intentOf(said)).toEqual(intent);
});

test("the language is that of the words, or of the telephone where there are none", () => {
  const tongues = [
    ["Ring til VVS'eren", "en"],
    ["Call Bo", "da"],
    ["2", "da"],
    ["/due", "da-DK"],
    ["/due", "de"],
  ] as const;
  expect(tongues.map(([said, language]) => tongueOfSaid(said, language))).toEqual([
    "danish",
    "english",
    "danish",
    "danish",
    "english",
  ]);
});

test("a day is written as people write it, with its year where it is another", () => {
  const now = new Date("2026-11-16T08:00:00Z");
  expect(dayIn("english", { day: "2026-11-27", now })).toBe("Friday 27 Nov");
  expect(dayIn("danish", { day: "2026-11-27", now })).toBe("fredag 27. nov.");
  expect(dayIn("english", { day: "2027-01-01", now })).toBe("Friday 1 Jan 2027");
});

test("parts hold every word in its order, none is too long or empty, and lines that fit stay whole", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 60 }).filter((text) => !text.includes("\n"));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const cuts = parts(lines.join("\n"), 40);
      for (const part of cuts) {
        expect(part.length).toBeLessThanOrEqual(40);
        expect(part.trim()).not.toBe("");
        expect(part.isWellFormed()).toBe(true);
      }
      const bare = (text: string) => text.replaceAll(/\s/g, "");
      expect(bare(cuts.join(""))).toBe(bare(lines.join("")));
      for (const fits of lines.filter((one) => one.trim() !== "" && one.length <= 40))
        expect(cuts.some((part) => part.split("\n").includes(fits))).toBe(true);
    }),
    { numRuns: 200 },
  );
  expect(parts("short")).toEqual(["short"]);
  expect(parts(`${"a".repeat(4095)}😀`)).toEqual(["a".repeat(4095), "😀"]);
});
