// Rules of the planner's memory: what fits a budget, what a day is made of, what a question is about, what a model may speak of.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { subjectOf, wantedIn } from "#brain/assistant/asked.ts";
import { appliedOf, contextRule, fitted, type Parts, tokensOf } from "#brain/assistant/budget.ts";
import { type Fact, merged, plainSummary } from "#brain/assistant/facts.ts";
import { withinOffered } from "#brain/assistant/model.ts";
import { Extract } from "#brain/assistant/understand/extract.ts";

describe("a budget", () => {
  const text = fc.string({ maxLength: 300 });
  const parts: fc.Arbitrary<Parts> = fc.record({
    policy: text,
    summary: fc.option(text, { nil: null }),
    turns: fc.array(text, { maxLength: 8 }),
    entities: fc.array(text, { maxLength: 25 }),
    query: text,
  });
  const budget = fc.integer({ min: 1, max: 5000 });

  test("is kept unless policy and query alone are more; these stay; turns go first, then entities, then the summary", () => {
    fc.assert(
      fc.property(parts, budget, (given, requested) => {
        const { budget: told, kept, trimmed } = fitted(given, requested);
        expect(told).toMatchObject({ requested, applied: Math.min(3000, Math.max(64, requested)) });
        const always = tokensOf(given.policy) + tokensOf(given.query);
        const sum = (texts: string[]) => texts.reduce((all, one) => all + tokensOf(one), 0);
        const turns = given.turns.slice(given.turns.length - kept.turns);
        const entities = given.entities.slice(0, kept.entities);
        const summary = kept.summary > 0 ? [given.summary ?? ""] : [];
        expect(told.estimated_used).toBe(always + sum(turns) + sum(entities) + sum(summary));
        expect(told.estimated_used).toBeLessThanOrEqual(Math.max(told.applied, always));
        if (trimmed.entities > 0) expect(kept.turns).toBe(0);
        if (trimmed.summary > 0) expect([kept.turns, kept.entities]).toEqual([0, 0]);
        // Nothing more is left out than must be: with the last one left out it would have been too much.
        const [lost] = [
          trimmed.summary > 0 ? given.summary : null,
          trimmed.entities > 0 ? given.entities[kept.entities] : null,
          trimmed.turns > 0 ? given.turns[given.turns.length - kept.turns - 1] : null,
        ].filter((one) => one !== null);
        if (lost !== undefined) expect(told.estimated_used + tokensOf(lost)).toBeGreaterThan(told.applied);
        expect(kept.turns + trimmed.turns).toBe(given.turns.length);
        expect(fitted(given, requested)).toEqual(fitted(structuredClone(given), requested));
      }),
    );
  });

  test("is never more than three thousand, nor less than sixty-four", () => {
    expect([appliedOf(1), appliedOf(64), appliedOf(500), appliedOf(90_000)]).toEqual([64, 64, 500, 3000]);
    const long = { policy: "p".repeat(30), query: "q".repeat(9000), summary: "s", turns: ["t"], entities: ["e"] };
    expect(fitted(long, 64)).toMatchObject({
      budget: { applied: contextRule.least, estimated_used: 3010 },
      kept: { turns: 0, entities: 0, summary: 0 },
    });
  });
});

describe("facts", () => {
  const fact = (kind: Fact["kind"], ref_id: string, more: Partial<Fact> = {}): Fact => ({
    kind,
    ref_type: "task",
    ref_id,
    title: ref_id,
    ...more,
  });

  test("of a day are the last of each thing; what was made in it and moved is still new", () => {
    const morning = [fact("made", "a", { due_date: "2026-11-20" }), fact("made", "b"), fact("changed", "c")];
    const evening = [fact("changed", "a", { due_date: "2026-11-27" }), fact("done", "b"), fact("dropped", "c")];
    expect(merged([morning, evening]).map(({ kind, ref_id, due_date }) => [kind, ref_id, due_date])).toEqual([
      ["made", "a", "2026-11-27"],
      ["done", "b", undefined],
      ["dropped", "c", undefined],
    ]);
    expect(merged([[fact("done", "a")], [fact("changed", "a")]])).toMatchObject([{ kind: "changed" }]);
  });

  test("are said in plain words, each by its name", () => {
    const link = { ref_type: "link", link_type: "blocks", to_title: "Paint the hall" } as const;
    expect(
      plainSummary([
        fact("made", "Buy paint", { due_date: "2026-11-20" }),
        fact("made", "Fewer leaks", { ref_type: "goal" }),
        fact("done", "Call Lund"),
        fact("linked", "Buy paint", link),
        fact("question", "the thing", { ref_type: "inbox_item" }),
      ]),
    ).toBe(
      "Tasks: Buy paint (due 2026-11-20). Goals: Fewer leaks. Done: Call Lund. Linked: Buy paint blocks Paint the hall. Asked back about: “the thing”.",
    );
    expect(plainSummary([])).toBe("Nothing was written down.");
    const many = Array.from({ length: 15 }, (_, i) => fact("done", `D${i}`));
    expect(plainSummary(many)).toContain("D11 and 3 more.");
  });
});

test.each([
  ["What did I get done this week?", "done"],
  ["What have I finished?", "done"],
  ["Hvad nåede jeg i denne uge?", "done"],
  ["Hvad har jeg lavet i dag?", "done"],
  ["What have I actually done this week?", "done"],
  ["Hvad har vi så nået?", "done"],
  ["What do I have to get done today?", "today"],
  ["What do I have to do now?", "today"],
  ["Did I say anything about the fence?", null],
  ["What about the first floor?", null],
  ["What about today?", "today"],
  ["What are my goals?", "goals"],
  ["Hvad er mine mål?", "goals"],
  ["Any problems?", "problems"],
  ["Hvilke problemer er der?", "problems"],
  ["What should I get done today?", "today"],
  ["What is due this week?", "due"],
  ["Hvad skal jeg nå i dag?", "today"],
  ["What do I do next?", "next"],
  ["What about the fence?", null],
  ["Hvad med hegnet?", null],
])("%s is about %s", (text, about) => expect(subjectOf(text)).toBe(about));

test("a search asks for one of its words when it says that it searches, and otherwise for all of them", () => {
  expect(wantedIn("What about the fence and the gate?")).toEqual({ stems: ["fenc", "gat"], least: 1 });
  expect(wantedIn("Hvad med hegnet?")).toEqual({ stems: ["hegn"], least: 1 });
  expect(wantedIn("Why is the sky blue?")).toMatchObject({ stems: ["sky", "blu"], least: 2 });
  expect(wantedIn("What about it?").stems).toEqual([]);
});

test("a model may change and link what it was shown; of anything else it is asked", () => {
  const read = Extract().parse({
    version: "extract.v1",
    tasks: [{ ref: "t1", title: "Buy paint" }],
    goals: [],
    problems: [],
    links: [
      { from: { ref: "t1" }, type: "blocks", to: { title: "PAINT the hall." } },
      { from: { ref: "t1" }, type: "related", to: { title: "Made up" } },
    ],
    changes: [
      { target: { title: "Paint the hall" }, status: "done" },
      { target: { title: "Colleague's secret" }, status: "archived" },
      { target: { position: 1 }, status: "done" },
    ],
    questions: [],
  });
  const within = withinOffered(read, ["Paint the hall"]);
  expect(within.links).toHaveLength(1);
  expect(within.changes.map(({ target }) => target)).toEqual([{ title: "Paint the hall" }, { position: 1 }]);
  expect(within.questions).toEqual([
    { kind: "unclear", about: "Colleague's secret" },
    { kind: "unclear", about: "Made up" },
  ]);
  expect(withinOffered(read, ["Paint the hall", "made up", "colleague's secret"])).toBe(read);
});
