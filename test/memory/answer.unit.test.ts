// The parts of the answerer that know no database: stems, sentences, what a question asks, what a sentence may say.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asked } from "#brain/memory/asked.ts";
import { cited } from "#brain/memory/citations.ts";
import { sentences } from "#brain/memory/sentences.ts";
import { isKin, stem } from "#brain/memory/stem.ts";
import { isSupported } from "#brain/memory/support.ts";
import { isSynonym } from "#brain/memory/synonyms.ts";

describe("stems", () => {
  test.each([
    ["boilers", "boiler"],
    ["delivered", "delivery"],
    ["varmepumperne", "varmepumpe"],
    ["lejet", "leje"],
    ["koster", "kostede"],
    ["prisen", "priser"],
    ["Bradley's", "Bradley"],
    ["running", "run"],
  ])("%s and %s are one word", (a, b) => {
    expect(stem(a)).toBe(stem(b));
  });

  test.each([
    ["price", "pride"],
    ["E04", "E07"],
    ["pumpe", "lampe"],
  ])("%s and %s are two", (a, b) => {
    expect(stem(a)).not.toBe(stem(b));
  });

  test("compounds are kin, accidents are not", () => {
    expect(isKin(stem("pumpen"), stem("varmepumpen"))).toBe(true);
    expect(isKin(stem("or"), stem("boiler"))).toBe(false);
    expect(isSynonym(stem("invoice"), stem("fakturaen"))).toBe(true);
    expect(isSynonym(stem("invoice"), stem("invoice2"))).toBe(false);
  });
});

describe("sentences", () => {
  test.each([
    ["Det bliver 2.150 kr. i alt. Er det ok?", ["Det bliver 2.150 kr. i alt.", "Er det ok?"]],
    ["We come at 8.30. Bring a key!", ["We come at 8.30.", "Bring a key!"]],
    ["Torsdag d. 3. maj kl. 10 passer.", ["Torsdag d. 3. maj kl. 10 passer."]],
    ["One line\nanother line", ["One line", "another line"]],
    ["Super! 🙏", ["Super!", "🙏"]],
    ["", []],
  ])("%j", (text, expected) => {
    expect(sentences(text)).toEqual(expected);
  });

  test("every sentence stands in the text word for word, in order, and no letter is lost", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        const found = sentences(text);
        let from = 0;
        for (const sentence of found) {
          const at = text.indexOf(sentence, from);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at + sentence.length;
        }
        expect(found.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
      }),
    );
  });
});

describe("what is asked", () => {
  test.each([
    ["How much is the new pump?", "money"],
    ["Hvad koster lejet?", "money"],
    ["When did he pay?", "time"],
    ["Hvornår kommer Emil?", "time"],
    ["Hvad er den nye leveringsdato?", "time"],
    ["How many filters does it take?", "count"],
    ["What is the serial number?", "code"],
    ["What does error E04 mean?", "meaning"],
    ["Who has the key?", "who"],
    ["How will he pay?", "none"],
    ["Which model is it?", "model"],
    ["What discount did she get?", "share"],
    ["Is the key with you?", "none"],
  ])("%s asks for %s", (question, kind) => {
    expect(asked(question, []).kind).toBe(kind);
  });

  test("codes must be met, names say whose matter it is, and so does what follows a preposition", () => {
    const { terms } = asked("What does E04 on Tom Bradley's boiler mean?", []);
    const of = (role: string) => terms.filter((term) => term.role === role).map((term) => term.stem);
    expect(of("focus")).toEqual(["e04"]);
    expect(of("subject")).toEqual([stem("tom"), stem("bradley"), stem("boiler")]);
    expect(terms.filter((term) => term.exact).map((term) => term.stem)).toEqual(["e04"]);
  });

  test("a rare word weighs more than a common one", () => {
    const { terms } = asked("Which sauna pump?", [
      { word: "sauna", passages: 1, total: 500 },
      { word: "pump", passages: 200, total: 500 },
    ]);
    expect((terms[0]?.weight ?? 0) > (terms[1]?.weight ?? 0)).toBe(true);
  });
});

describe("support", () => {
  const given = {
    evidence: "The pump is DKK 2,390, fitted by Karim on Tuesday at 14.30.",
    names: "Hannah Reid",
    question: "How much is the pump?",
  };
  test.each([
    ["The pump costs 2390 kroner.", true],
    ["Karim fits it at 14:30.", true],
    ["Hannah gets the pump on Tuesday.", true],
    ["The pump costs 2391 kroner.", false],
    ["The pump costs two thousand kroner.", false],
    ["Peter fits the pump.", false],
    ["The pump comes in May.", false],
    ["Call <phone> about the pump.", false],
    ["Bananas grow abroad these weeks.", false],
    ["Karim comes to fit the pump on Tuesday.", true],
    ["Pump to Karim.", true],
    ["Karim kommer med to pumper på tirsdag.", false],
    ["To pumper fra Karim.", false],
  ])("%s %s", (sentence, expected) => {
    expect(isSupported(sentence, given)).toBe(expected);
  });

  test("no number passes that the evidence does not hold", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (number) => {
        fc.pre(![2390, 1430].includes(number));
        expect(isSupported(`The pump is DKK ${number}.`, given)).toBe(false);
      }),
    );
  });
});

test("two quotes of one passage become one citation, word for word", () => {
  const source = {
    id: "c1",
    text: "First this. Then that. At last the rest.",
    source_table: "inbox.cw_messages",
    source_pk: "m1",
    conversation: "v1",
    seq: 1,
    contact: "p1",
    occurred_at: "2026-01-01T00:00:00+00:00",
    evidence_id: "evi_1",
    evidence_version: 2,
  };
  const answer = cited([
    { text: "Then that.", quotes: [{ source, quote: "Then that." }] },
    { text: "First this.", quotes: [{ source, quote: "First this." }] },
  ]);
  expect(answer.sentences.map(({ citations }) => citations)).toEqual([["evi_1"], ["evi_1"]]);
  expect(answer.citations).toMatchObject([
    { evidence_id: "evi_1", evidence_version: 2, quote: "First this. Then that." },
  ]);
  expect(() => cited([{ text: "x", quotes: [{ source, quote: "never said" }] }])).toThrow("not in its source");
});
