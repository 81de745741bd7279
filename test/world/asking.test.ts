// Asking what is known: facts beside passages, for each reader his own, with the words they rest on.
import { beforeAll, describe, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { contactId, type Remembered, remember } from "#test/memory/remember.ts";
import { entered, money, saying } from "./saying.ts";

type Answer = {
  id: string;
  status: string;
  sentences: { text: string; citations: string[] }[];
  citations: { id: string; version: number; source: { table: string; pk: string }; quote: string }[];
};

let w: World;
let a: ReturnType<typeof saying>;
/** What a model was shown. */
const prompts: string[] = [];
let said = "{}";

const ann = () => `contact:${contactId(w.a, 1)}`;
const audienceOf = (reader: string) => {
  const [kind, ...id] = reader.split(":");
  return id.length > 0 ? { kind, id: id.join(":") } : { kind };
};

beforeAll(async () => {
  w = await world({
    now: "2026-05-01T08:00:00.000Z",
    language: {
      provider: "stand-in",
      model: "says-what-it-is-told",
      complete: async ({ user }) => {
        prompts.push(user);
        return { text: said };
      },
    },
  });
  a = saying(w);
});

async function ask(question: string, reader: string, more: Record<string, unknown> = {}): Promise<Answer> {
  const answer = await a.post("/ask", { question, audience: audienceOf(reader), ...more });
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body;
}
const text = ({ sentences }: Answer) => sentences.map((one) => one.text).join(" ");

describe("the yearly service", () => {
  let turns: Remembered[];
  const facts: Record<string, string> = {};

  beforeAll(async () => {
    turns = await remember(w.neon, w.a, [
      { text: "Hi Ann, as agreed your yearly service is 1,200 kr.", contact: 1, at: "2026-04-01T08:00:00Z" },
      {
        text: "Note: for Bob we go down to 1,450.",
        contact: 2,
        conversation: 2,
        visibility: 2,
        at: "2026-04-02T08:00:00Z",
      },
    ]);
    for (const [name, contact, kroner, evidence] of [
      ["Ann Berg", 1, 1200, turns[0]?.evidence],
      ["Bob Dahl", 2, 1450, turns[1]?.evidence],
    ] as const) {
      const subject = await a.post("/world/entities", { type: "Person", contact: contactId(w.a, contact), name });
      facts[name] = await a.fact({
        subject: subject.body.id,
        attribute: "service.yearly_price",
        value: money(kroner),
        value_type: "currency",
        visibility: "contact",
        contact: contactId(w.a, contact),
        provenance: { ...entered, evidence },
      });
    }
    const firm = await a.entity("Company", "Our own firm");
    const cost = { subject: firm, attribute: "service.yearly_price", value_type: "currency" };
    facts["list"] = await a.fact({ ...cost, value: money(1800), visibility: "public" });
    facts["floor"] = await a.fact({ ...cost, attribute: "service.yearly_price_floor", value: money(640) });
  });

  test("one question, four readers, four answers: each his own, and what they rest on where he may read it", async () => {
    const question = "What is the price of the yearly service?";
    const [technician, one, other, open] = await Promise.all(
      [`technician:${w.a.user}`, ann(), `contact:${contactId(w.a, 2)}`, "public"].map((reader) =>
        ask(question, reader),
      ),
    );
    expect(text(technician as Answer)).toMatch(/1200\.00 DKK|1450\.00 DKK|640\.00 DKK|1800\.00 DKK/);
    expect(technician?.sentences).toHaveLength(3);
    expect([text(one as Answer), text(other as Answer), text(open as Answer)]).toEqual([
      expect.stringContaining("1200.00 DKK"),
      expect.stringContaining("1450.00 DKK"),
      "Our own firm – Service yearly price: 1800.00 DKK.",
    ]);
    for (const [answer, hidden] of [
      [one, ["1450", "640", "1,450"]],
      [other, ["1200", "640", "1,450"]],
      [open, ["1200", "1450", "640"]],
    ] as const)
      for (const word of hidden) expect(JSON.stringify(answer)).not.toContain(word);
    // Ann may read the message her price was told in; Bob not the note about his.
    expect(one?.citations.map(({ source }) => source)).toEqual(
      expect.arrayContaining([
        { table: "world.facts", pk: facts["Ann Berg"] },
        { table: "inbox.cw_messages", pk: turns[0]?.pk },
      ]),
    );
    expect(other?.citations.map(({ source }) => source.table)).not.toContain("inbox.cw_messages");
    const shown = await a.get(`/memory/evidence/${open?.citations[0]?.id}`);
    expect(shown.body).toMatchObject({ source: { table: "world.facts", pk: facts["list"] }, visibility: "public" });
    for (const prompt of prompts.filter((one) => !one.includes("640"))) expect(prompt).not.toContain("1,450");
  });

  test("takes three requests, and again cites the same evidence", async () => {
    const before = await ask("What is the price of the yearly service?", "public");
    w.neon.resetStats();
    const after = await ask("What is the price of the yearly service?", "public");
    expect(w.neon.stats().requests).toBe(3);
    expect(after.citations).toEqual(before.citations);
  });

  test("what somebody is to be treated as not knowing, or holds for true by mistake, he is not answered", async () => {
    const question = "What is the yearly price floor?";
    expect((await ask(question, ann())).sentences.map((one) => one.text).join()).not.toContain("640");
    await a.put(`/world/facts/${facts["floor"]}/knowers`, { knower: ann(), status: "confirmed" });
    expect(text(await ask(question, ann()))).toContain("640.00 DKK");
    await a.put(`/world/facts/${facts["floor"]}/knowers`, {
      knower: ann(),
      status: "false_belief",
      believed_value: money(777),
    });
    expect(text(await ask(question, ann()))).not.toMatch(/640|777/);
    await a.put(`/world/facts/${facts["list"]}/knowers`, { knower: "public", status: "unknown" });
    expect((await ask("What is the price of the yearly service?", "public")).status).toBe("insufficient_evidence");
  });
});

describe("what is known", () => {
  test("where sources disagree, both are told; who settles it is believed", async () => {
    const subject = await a.entity("Company", "Harbour Cleaning");
    const hours = (value: string, source_ref: string) => ({
      subject,
      attribute: "opening_hours",
      value,
      visibility: "public",
      provenance: { source_type: "external", source_ref },
    });
    const first = await a.fact(hours("8-16", "crm"));
    const second = await a.fact(hours("9-17", "website"));
    const question = "What are the opening hours of Harbour Cleaning?";
    const torn = await ask(question, "public");
    expect(text(torn)).toMatch(/^Two sources say: .*(8-16.*9-17|9-17.*8-16)\.$/);
    expect(torn.citations.map(({ source }) => source.pk).sort()).toEqual([first, second].sort());
    // A model that tells one of them only is not heard.
    prompts.length = 0;
    said = JSON.stringify({ sentences: [{ text: "Harbour Cleaning opening hours: 9-17.", citations: ["E1"] }] });
    expect(text(await ask(question, "public"))).toMatch(/^Two sources say/);
    expect(prompts.join()).toContain("recorded: Harbour Cleaning");
    said = "{}";
    await a.fact({ ...hours("10-18", ""), provenance: entered });
    expect(text(await ask(question, "public"))).toBe("Harbour Cleaning – Opening hours: 10-18.");
  });

  test("as of a time and as known then, and no message of later", async () => {
    const subject = await a.entity("Property", "Lindevej 3");
    const rent = { subject, attribute: "rent.monthly", value_type: "currency", visibility: "public" };
    const beforeNow = () => new Date(w.clock.now().getTime() - 500).toISOString();
    const early = beforeNow();
    await a.fact({ ...rent, value: money(9000), valid_from: "2026-01-01T00:00:00Z" });
    const between = beforeNow();
    await a.fact({ ...rent, value: money(9500), valid_from: "2026-03-01T00:00:00Z" });
    const question = "What is the monthly rent of Lindevej 3?";
    expect(text(await ask(question, "public"))).toContain("9500.00");
    expect(text(await ask(question, "public", { as_of: "2026-02-01T00:00:00Z" }))).toContain("9000.00");
    expect(text(await ask(question, "public", { known_at: between }))).toContain("9000.00");
    expect(await ask(question, "public", { known_at: early })).toMatchObject({ status: "insufficient_evidence" });
    // A price that was told before it was written down is over; one that was told since stands beside it.
    const later = new Date(w.clock.now().getTime() + 60_000).toISOString();
    await remember(w.neon, w.a, [
      { text: "The monthly rent of Lindevej 3 is 8,800 kr.", contact: 3, conversation: 3, at: "2026-02-01T08:00:00Z" },
    ]);
    expect(text(await ask(question, "staff"))).not.toContain("8,800");
    await remember(w.neon, w.a, [
      { text: "The monthly rent of Lindevej 3 is now 9,900 kr.", contact: 3, conversation: 4, at: later },
    ]);
    expect(text(await ask(question, "staff"))).toMatch(/9500\.00 DKK\. .*9,900/);
  });

  test("what rests on a message that is gone answers nothing", async () => {
    const [turn] = await remember(w.neon, w.a, [{ text: "The gate opens with 4711.", contact: 5, conversation: 5 }]);
    const subject = await a.entity("Place", "Skovhuset");
    await a.fact({
      subject,
      attribute: "gate.opening_number",
      value: "4711",
      provenance: { source_type: "model_extracted", source_ref: "message", evidence: turn?.evidence },
    });
    const question = "What is the gate number at Skovhuset?";
    expect(text(await ask(question, "staff"))).toContain("4711");
    await w.neon.query("update shared.evidence_items set withdrawn_at = now() where project_id = $1 and id = $2", [
      w.a.project,
      turn?.evidence,
    ]);
    expect((await ask(question, "staff")).status).toBe("insufficient_evidence");
  });
});
