// What both sides of a rehearsal say without a model: by rules that are the same in both languages, from the pack alone.
import { expect, test } from "vitest";
import { namedDa, namedEn } from "#brain/world/plain-words.ts";
import { coachReply } from "#brain/world/rehearsal/coach.ts";
import { counterpartyReply } from "#brain/world/rehearsal/counterparty.ts";
import { type Pack, type PackFact, packOf, type Style } from "#brain/world/rehearsal/pack.ts";
import { wordsFor } from "#brain/world/rehearsal/words.ts";

const kroner = (amount_minor: number) => ({ amount_minor, currency: "DKK" });

const fact = (attribute: string, given: Partial<PackFact>): PackFact => ({
  fact: `fct_${attribute}`,
  subject: "ent_firm",
  attribute,
  value: kroner(79_500),
  value_type: "currency",
  unit: "per hour",
  statement: "Nordvarme – Price hourly: 795.00 DKK per hour",
  status: "confirmed",
  confidence: 1,
  session_only: false,
  source: { type: "user_entered", ref: "form", evidence: null, version: null },
  ...given,
});

type Given = {
  style?: Style;
  facts?: PackFact[];
  says?: string[];
  channel?: Pack["channel"];
  template?: string | null;
};

const pack = ({ style = "tough", facts = [], says = [], channel = "roleplay", template = "price" }: Given): Pack =>
  packOf({
    session: "rhs_1",
    style,
    template,
    channel,
    knower: "entity:ent_mads",
    parties: [
      { entity: "ent_firm", part: "self" },
      { entity: "ent_mads", part: "counterparty" },
    ],
    as_of: "2026-05-01T08:00:00Z",
    known_at: "2026-05-01T08:00:00Z",
    upto: says.length,
    facts,
    transcript: says.map((text, i) => ({ n: i + 1, id: `msg_${i + 1}`, role: "user", channel: "roleplay", text })),
  });

const counterparty = async (given: Given) => {
  const one = pack(given);
  return counterpartyReply(one, await wordsFor(one));
};
const coach = async (given: Given) => {
  const one = pack({ channel: "coach", ...given });
  return coachReply(one, await wordsFor(one));
};

const here = { source: { type: "user_entered", ref: "message:msg_1", evidence: null, version: null } };

test("who is spoken to in Danish answers in Danish, with Danish amounts, and asks for what is missing", async () => {
  const says = ["Hej Mads, vores timepris er 795 kr. nu."];
  expect(await counterparty({ says, facts: [fact("price.hourly", here)] })).toBe(
    "Så det er dér, du står: timepris 795 kr. i timen. Du har ikke sagt et ord om fristen?",
  );
  expect(await counterparty({ says: ["Our hourly price is 795 kr now."], facts: [fact("price.hourly", here)] })).toBe(
    "So that is where you stand: hourly price 795.00 DKK per hour. You have not said a word about the deadline?",
  );
});

test("a Danish question finds what is written down under an English name, and what he believes is said as he believes it", async () => {
  const believed = fact("price.hourly", { status: "false_belief", value: kroner(74_550), unit: null });
  const says = ["Kender du vores pris?"];
  expect(await counterparty({ says, style: "neutral", facts: [believed], template: null })).toBe(
    "Det, jeg har her, er: timepris 745,50 kr. Hvad vil du gerne have fra mig?",
  );
  expect(await counterparty({ says: ["Hvad siger du til vores garanti?"], style: "busy", facts: [believed] })).toBe(
    "Det aner jeg ikke. Hurtigt, hvad med fristen?",
  );
});

test("what follows an attribute's head stands before it only where it says which one", () => {
  expect(["rent.monthly", "visit.hour", "price", "opening_hours"].map(namedEn)).toEqual([
    "monthly rent",
    "visit hour",
    "price",
    "opening hours",
  ]);
  expect(["rent.monthly", "price.hourly", "visit.hour", "notice_period"].map(namedDa)).toEqual([
    "månedlig husleje",
    "timepris",
    "visit hour",
    "notice period",
  ]);
});

test("the coach speaks the language of the talk and begins with what it is about", async () => {
  const facts = [
    fact("opening_hours", {
      value: "8 til 16",
      value_type: "string",
      unit: null,
      statement: "Nordvarme – Opening hours: 8 til 16",
    }),
    fact("price.lowest", { value: kroner(1_260_000), unit: "per year" }),
  ];
  expect(await coach({ says: ["Jeg vil gerne tale med dig om aftalen."], facts })).toBe(
    [
      "Modparten er hård: bevar roen, giv din grund først, og lad en pause stå.",
      "Det har du ikke brugt endnu: laveste pris 12.600 kr. om året.",
      "Der vides intet om fristen: få det på plads, før du siger ja.",
      "Hvad du skriver her, bliver mellem os.",
    ].join("\n"),
  );
  expect(await coach({ facts: [], style: "polite" })).toContain("You have not begun");
});

test("the newest line that says its language counts, and every manner has its own words in both", async () => {
  expect(await counterparty({ says: ["Jeg vil gerne tale om prisen.", "OK 795"] })).toContain("prisen");
  expect(await counterparty({ says: ["Jeg vil gerne tale om prisen.", "What do you want from me?"] })).toContain(
    "price",
  );
  const styles: Style[] = ["polite", "neutral", "tough", "busy", "defensive"];
  for (const says of [["Jeg ved det ikke, hvad med dig?"], ["I do not know, what about you?"]]) {
    const said = await Promise.all(styles.map((style) => counterparty({ says, style })));
    expect(new Set(said).size).toBe(styles.length);
  }
});
