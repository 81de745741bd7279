// The generator of a service business: the same for the same seed, and nobody told what is not his.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { business, type Order } from "#local/business/business.ts";
import { people } from "#local/business/customers.ts";
import { questionKinds, rows } from "#local/business/model.ts";
import { seeded } from "#local/business/seeded.ts";

const TOWN: Order = { seed: "test", customers: 12, months: 6, messages: 600, languages: ["en", "da"] };
const LONG: Order = { seed: "test", customers: 1, months: 12, messages: 450, languages: ["da"] };
const town = business(TOWN);
const long = business(LONG);
const turnsOf = (of: typeof town) => of.conversations.flatMap(({ turns }) => turns);

const orders = fc.record({
  seed: fc.string({ maxLength: 8 }),
  customers: fc.integer({ min: 1, max: 5 }),
  months: fc.integer({ min: 1, max: 14 }),
  messages: fc.integer({ min: 60, max: 260 }),
  languages: fc.constantFrom<Order["languages"]>(["en"], ["da"], ["en", "da"]),
  trade: fc.constantFrom("heat" as const, "repair" as const),
});

test("the same seed gives the same bytes, another seed another business", () => {
  expect(JSON.stringify(business(TOWN))).toBe(JSON.stringify(town));
  expect(JSON.stringify(business({ ...TOWN, seed: "other" }).conversations)).not.toBe(
    JSON.stringify(town.conversations),
  );
});

test("it begins when it is told to, whatever today is", () => {
  const first = business({ ...LONG, from: new Date("2031-03-03T00:00:00Z") }).conversations[0]?.turns[0];
  expect(first?.at.toISOString()).toMatch(/^2031-0[34]/);
  expect(long.conversations[0]?.turns[0]?.at.toISOString()).toMatch(/^2025-01/);
});

describe("whatever is ordered", () => {
  test("every question's evidence exists, in reach of its asker and under its filter", () => {
    fc.assert(
      fc.property(orders, (order) => {
        const made = business(order);
        const byKey = new Map(rows(made).map((row) => [row.key, row]));
        for (const { text, kind, evidence, answerIncludes, audience, contact } of made.questions) {
          expect(text).not.toMatch(/[{}]|undefined|NaN/);
          expect(evidence.length === 0).toBe(kind === "unanswerable");
          const found = evidence.map((key) => byKey.get(key));
          const said = found.map((row) => row?.text.toLowerCase()).join("\n");
          for (const row of found) {
            expect(row, text).toBeDefined();
            if (contact) expect(row?.contact).toBe(contact);
            if (audience.kind === "contact") expect([row?.contact, row?.isPrivate]).toEqual([audience.contact, false]);
          }
          for (const value of answerIncludes) expect(said, text).toContain(value.toLowerCase());
        }
      }),
      { numRuns: 25 },
    );
  });

  test("turns are numbered and in order, each said by somebody, none with a hole in it", () => {
    fc.assert(
      fc.property(orders, (order) => {
        for (const { id, contact, turns } of business(order).conversations) {
          expect(turns.map(({ seq }) => seq)).toEqual(turns.map((_, i) => i + 1));
          for (const [i, turn] of turns.entries()) {
            expect(turn.key).toBe(`${id}:${turn.seq}`);
            expect(turn.contact).toBe(contact);
            expect(turn.text).not.toMatch(/[{}]|undefined|NaN|^\s*$/);
            expect(turn.at.getTime()).toBeGreaterThanOrEqual(turns[i - 1]?.at.getTime() ?? 0);
            expect(turn.isPrivate).toBe(turn.kind === "note");
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

test("private facts are asked for by staff only, and a customer who asks is to get nothing", () => {
  const notes = new Set(
    turnsOf(town)
      .filter(({ isPrivate }) => isPrivate)
      .map(({ key }) => key),
  );
  expect(notes.size).toBeGreaterThan(5);
  const onNotes = town.questions.filter(({ evidence }) => evidence.some((key) => notes.has(key)));
  expect(onNotes.length).toBeGreaterThan(0);
  expect(onNotes.every(({ audience }) => audience.kind === "staff")).toBe(true);
});

test("no question of a customer repeats an amount that only a private note holds", () => {
  const amounts = (text: string): string[] => text.match(/DKK [\d,]+|[\d.]+ kr\./g) ?? [];
  const open = new Set(
    turnsOf(town)
      .filter(({ isPrivate }) => !isPrivate)
      .flatMap(({ text, editedTo }) => amounts(editedTo ?? text)),
  );
  const asked = town.questions
    .filter(({ audience }) => audience.kind === "contact")
    .flatMap(({ text }) => amounts(text));
  expect(asked.filter((amount) => !open.has(amount))).toEqual([]);
});

test("people share no telephone number and no address, and all of them are invented", () => {
  const crowd = people(
    seeded("crowd"),
    Array.from({ length: 800 }, (_, i) => (i % 2 ? "en" : "da")),
  );
  expect(new Set(crowd.map(({ phone }) => phone)).size).toBe(800);
  expect(new Set(crowd.map(({ email }) => email)).size).toBe(800);
  for (const { phone, email } of crowd) {
    expect(phone).toMatch(/^\+45 20( \d\d){3}$|^\+44 7700 900\d{3}$/);
    expect(email).toMatch(/@example\.(dk|com)$/);
  }
});

test("both languages are spoken, everyone in his own", () => {
  const turns = turnsOf(town);
  const danish = turns.filter(({ language }) => language === "da");
  expect(danish.length / turns.length).toBeGreaterThan(0.3);
  expect(danish.length / turns.length).toBeLessThan(0.7);
  expect(danish.filter(({ text }) => /\b(the|please|thanks|invoice)\b/i.test(text)).length).toBe(0);
});

test("about as many messages come as were ordered, and questions of every kind", () => {
  expect(turnsOf(town).length).toBeGreaterThan(480);
  expect(turnsOf(town).length).toBeLessThan(780);
  expect(turnsOf(long).length).toBeGreaterThan(420);
  expect(turnsOf(long).length).toBeLessThan(520);
  const kinds = new Set([...town.questions, ...long.questions].map(({ kind }) => kind));
  expect([...questionKinds].filter((kind) => !kinds.has(kind))).toEqual([]);
  expect(new Set(long.questions.map(({ text }) => text)).size).toBe(long.questions.length);
});

test("prices that were typed wrong are edited, and some messages are taken away", () => {
  const made = ["a", "b", "c"].flatMap((seed) => turnsOf(business({ ...TOWN, seed })));
  const edited = made.filter(({ editedTo }) => editedTo !== undefined);
  expect(edited.length).toBeGreaterThan(0);
  for (const { text, editedTo, at, editedAt } of edited) {
    expect(editedTo).not.toBe(text);
    expect(editedAt?.getTime()).toBeGreaterThan(at.getTime());
  }
  expect(made.filter(({ deletedAt }) => deletedAt !== undefined).length).toBeGreaterThan(0);
});

test("a superseded fact is asked for at its new place only", () => {
  const byKey = new Map(rows(long).map((row) => [row.key, row]));
  const moved = long.questions.filter(({ text }) =>
    /^Hvad er dørkoden .* nu\?$|^Hvor ligger nøglen .* nu\?$/.test(text),
  );
  for (const { evidence } of moved) expect(byKey.get(evidence[0] ?? "")?.text).toMatch(/ny|nu|flyttet|skiftet/i);
});

test("a conversation that was resolved is open again once the customer writes", () => {
  for (const { statuses, turns } of town.conversations)
    for (const [i, { status, at }] of statuses.entries()) {
      expect(status).toBe(i % 2 === 0 ? "resolved" : "open");
      if (status === "open")
        expect(turns.some((turn) => turn.kind === "customer" && turn.at.getTime() === at.getTime())).toBe(true);
    }
});
