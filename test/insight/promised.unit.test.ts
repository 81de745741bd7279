// Which sentences are promises, and by when: measured over a table, and what must never be one.
import fc from "fast-check";
import { expect, test } from "vitest";
import { promisesIn } from "#brain/insight/promised.ts";
import { wallOf } from "#brain/kernel/wall-time.ts";
import { utterances } from "./utterances.ts";

const said = { at: new Date("2026-11-23T09:00:00.000Z"), zone: "Europe/Copenhagen" };
const read = (text: string) =>
  promisesIn(text, said).map(({ what, due }) => `${what} ${wallOf(due, said.zone).slice(0, 16)}`);

test("of the sentences in the table, precision and recall are what the docs say", () => {
  const wrong: string[] = [];
  let [hits, claimed, wanted] = [0, 0, 0];
  for (const [text, promised] of utterances) {
    const found = read(text);
    claimed += found.length;
    wanted += promised ? 1 : 0;
    if (promised && found.length === 1 && found[0] === promised) hits += 1;
    else if (promised || found.length > 0) wrong.push(`${text} → ${found.join(", ") || "nothing"}`);
  }
  expect({ precision: hits / claimed, recall: (hits / wanted).toFixed(2) }).toEqual({ precision: 1, recall: "0.95" });
  // What rules do not read is missed, never read as something else.
  expect(wrong.every((line) => line.endsWith("→ nothing"))).toBe(true);
  expect(utterances.length).toBeGreaterThanOrEqual(50);
});

test("several in one message, each where it stands, the same one once", () => {
  const text = "Hej 👋 Vi kommer kl. 15, og jeg ringer i morgen. Vi kommer kl. 15!\nDu får tilbuddet på fredag.";
  const found = promisesIn(text, said);
  expect(found.map(({ what, from, to }) => [what, [...text].slice(from, to).join("")])).toEqual([
    ["come", "Hej 👋 Vi kommer kl. 15"],
    ["call", "jeg ringer i morgen."],
    ["send", "Du får tilbuddet på fredag."],
  ]);
});

test("the night that clocks go forward, an hour is an hour and nine o'clock is nine o'clock", () => {
  const eve = { at: new Date("2027-03-27T22:00:00.000Z"), zone: "Europe/Copenhagen" };
  const due = (text: string) => promisesIn(text, eve).map((one) => one.due.toISOString());
  expect(due("We come tomorrow at 9.")).toEqual(["2027-03-28T07:00:00.000Z"]);
  expect(due("I will be with you in 4 hours.")).toEqual(["2027-03-28T02:00:00.000Z"]);
});

test("no sentence that asks, that somebody else said or that hangs on something is a promise; nothing is due before it was said", () => {
  const promised = utterances.filter(([text, what]) => what !== null && !/[.!] /.test(text)).map(([text]) => text);
  const bare = (text: string) => text.replace(/[.!]$/, "");
  const wraps: ((text: string) => string)[] = [
    (text) => `${bare(text)}?`,
    (text) => `> ${text}`,
    (text) => `You wrote: "${text}"`,
    (text) => `If you like, ${text}`,
    (text) => `Hvis det passer: ${text}`,
    (text) => `Thanks.\n\nOn Mon, 23 Nov 2026 at 09:00, Mette wrote:\n${text}`,
  ];
  fc.assert(
    fc.property(fc.constantFrom(...promised), fc.constantFrom(...wraps), (text, wrap) => {
      expect(promisesIn(wrap(text), said)).toEqual([]);
    }),
    { numRuns: 100 },
  );
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...promised, "kl. 15", "?", "\n", "and ", "“", ">"), { maxLength: 6 }),
      (parts) => {
        const text = parts.join(" ");
        for (const { due, from, to } of promisesIn(text, said)) {
          expect(due.getTime()).toBeGreaterThan(said.at.getTime());
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual([...text].length);
        }
      },
    ),
    { numRuns: 100 },
  );
});
