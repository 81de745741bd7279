// What the rules understand of the acceptance set, kind by kind: not less than the floor, and exactly what the docs say.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Extract, titleNorm } from "#brain/assistant/understand/extract.ts";
import { understand } from "#brain/assistant/understand/understand.ts";
import { expected, kinds, precision, recall, scoreOf, spokenOn, understood, utterances } from "./utterances.ts";

const parts = ["tuned", "held out", "fresh"] as const;
const read = utterances.map((one) => {
  const extract = Extract().parse(understand(one.said, { today: spokenOn }));
  return { ...one, wanted: expected(one.means), got: understood(extract) };
});

type Read = (typeof read)[number];
const isRight = ({ wanted, got }: Read) =>
  kinds.every((kind) => JSON.stringify([...wanted[kind]].sort()) === JSON.stringify([...got[kind]].sort()));

function measured(part: (typeof parts)[number]) {
  const own = read.filter((one) => one.part === part);
  return { all: own.length, right: own.filter(isRight).length, scores: scoreOf(own) };
}

const percent = (part: number) => `${Math.round(100 * part)} %`;

/** The table of docs/assistant.md. */
function table(): string[] {
  const all = parts.map(measured);
  const cells = kinds.map(
    (kind) =>
      `| ${kind} | ${all.map(({ scores }) => `${percent(precision(scores[kind]))} / ${percent(recall(scores[kind]))}`).join(" | ")} |`,
  );
  return [...cells, `| whole lines | ${all.map(({ right, all: n }) => `${right} of ${n}`).join(" | ")} |`];
}

describe("the acceptance set", () => {
  test("is what it claims to be: half in Danish, a third of the first lines held out", () => {
    expect(utterances.length).toBeGreaterThanOrEqual(150);
    expect(utterances.map(({ n }) => n)).toEqual(utterances.map((_, i) => i + 1));
    expect(utterances.filter(({ language }) => language === "da").length * 2).toBe(utterances.length);
    const first = utterances.slice(0, 162);
    expect(first.filter(({ part }) => part === "held out").map(({ n }) => n)).toEqual(
      first.map(({ n }) => n).filter((n) => n % 3 === 0),
    );
  });

  test("precision / recall by kind are what docs/assistant.md says", () => {
    console.log(["rules, precision / recall: tuned | held out | fresh", ...table()].join("\n"));
    const page = readFileSync(new URL("../../docs/assistant.md", import.meta.url), "utf8");
    for (const line of table()) expect(page).toContain(line);
  });

  test("no kind falls below its floor", () => {
    for (const part of ["tuned", "held out"] as const) {
      const { right, all, scores } = measured(part);
      expect([part, right / all]).toEqual([part, expect.toSatisfy((share: number) => share >= 0.95)]);
      for (const kind of kinds.filter((name) => name !== "question")) {
        // Changes told in passing ("we are not doing the fence anymore") are asked about: recall knows it.
        const least = kind === "status" && part === "tuned" ? 0.75 : 0.9;
        expect([part, kind, precision(scores[kind]) >= 0.9, recall(scores[kind]) >= least]).toEqual([
          part,
          kind,
          true,
          true,
        ]);
      }
    }
    const { right, all } = measured("fresh");
    expect(right / all).toBeGreaterThanOrEqual(0.65);
  });

  test("small talk and questions never become anything", () => {
    const quiet = read.filter(({ means, part }) => means === "nothing" && part !== "fresh");
    expect(quiet.length).toBeGreaterThan(12);
    for (const { said } of quiet) {
      const { version: _, ...extract } = understand(said, { today: spokenOn });
      expect([said, Object.values(extract).flat()]).toEqual([said, []]);
    }
  });
});

test.each([
  ["We are no longer painting the hall", "paint the hall = archived"],
  ["vi skal alligevel ikke male garagen", "male garagen = archived"],
  ["We don't need the ladder anymore", "the ladder = archived"],
  ["I am painting the hall after all", ""],
  ["vi kan ikke finde nøglerne længere", ""],
  ["the van does not start anymore", ""],
])("dropped in passing: %s → %s", (said, wanted) => {
  expect(understood(understand(said, { today: spokenOn })).status.join()).toBe(wanted);
});

describe("whatever is said", () => {
  test("is read without failing, within the limits, twice the same", () => {
    const word = fc.constantFrom(...utterances.flatMap(({ said }) => said.split(" ")));
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc
        .array(
          fc.oneof(word, fc.constantFrom("\n", ";", ".", "!!!", "31/2", "99/99/9999", "haha".repeat(40), "uge 99")),
          {
            maxLength: 60,
          },
        )
        .map((w) => w.join(" ")),
    );
    fc.assert(
      fc.property(text, (said) => {
        const extract = understand(said, { today: spokenOn });
        expect(Extract().safeParse(extract).error).toBeUndefined();
        expect(understand(said, { today: spokenOn })).toEqual(extract);
      }),
      { numRuns: 150 },
    );
  });

  test("forty tasks in one message are twenty-five and a question about the rest", () => {
    const said = Array.from({ length: 40 }, (_, i) => `- call customer ${i + 1}`).join("\n");
    const { tasks, questions } = understand(said, { today: spokenOn });
    expect([tasks.length, questions.length]).toEqual([25, 5]);
    expect(questions[0]).toEqual({ kind: "unreadable", about: "call customer 26" });
  });

  test("two titles are the same but for case, spaces and the full stop, and not for an accent or a word", () => {
    expect(titleNorm("  Call  the Plumber. ")).toBe(titleNorm("call the plumber"));
    expect(titleNorm("Ring til VVS’eren")).toBe("ring til vvs'eren");
    expect(titleNorm("Kør bilen")).not.toBe(titleNorm("Kor bilen"));
  });
});
