// What a line states, and what an answer makes up.
import { expect, test } from "vitest";
import { heardIn } from "#brain/world/rehearsal/heard.ts";
import { coaches, inventedIn } from "#brain/world/rehearsal/invented.ts";
import { canonical, hashOf } from "#brain/world/rehearsal/pack.ts";

test.each([
  ["my rent is 1 400", "self", "rent", 1400],
  ["Well, my monthly rent is £1,400.50 now.", "self", "rent.monthly", { amount_minor: 140_050, currency: "GBP" }],
  ["Min husleje er 8.250 kr.", "self", "rent", { amount_minor: 825_000, currency: "DKK" }],
  ["vores timepris er 695,50 kroner", "self", "price.hourly", { amount_minor: 69_550, currency: "DKK" }],
  ["Your discount is only 5 %", "counterparty", "discount", 5],
  ["our deadline is 2026-06-01", "self", "deadline", "2026-06-01"],
  ["My start date is 3 May 2026.", "self", "start_date", "2026-05-03"],
  ["min startdato er 3. maj 2026", "self", "start_date", "2026-05-03"],
  ["My budget is 20 000 euros", "self", "budget", { amount_minor: 2_000_000, currency: "EUR" }],
])("%s", (text, about, key, value) => {
  expect(heardIn(text)).toMatchObject([{ about, key, value }]);
});

test.each([
  "Is my rent too high?",
  "my landlord is nice",
  "The rent is 1400",
  "my date is 31 February 2026 maybe 12345678901234567",
  "",
])("nothing is stated by: %s", (text) => {
  expect(heardIn(text).filter(({ value_type }) => value_type !== "number")).toEqual([]);
  expect(heardIn(text).map(({ value }) => value)).not.toContain("2026-02-31");
});

test("the last of several counts, and several are several", () => {
  expect(
    heardIn("My rent is 1200. My deposit is 3600. No, my rent is 1300.").map(({ key, value }) => [key, value]),
  ).toEqual([
    ["rent", 1300],
    ["deposit", 3600],
  ]);
});

const told = "Tom Vale – Rent: 1400.00 GBP\nmy rent is 1 400, until Friday\ndeadline";
test.each([
  ["So the rent is 1400. Why?", undefined],
  ["You want 1,400 until Friday, Tom?", undefined],
  ["I can do 1450.", "1450"],
  ["Come back on Monday.", "Monday"],
  ["That is what Karen said.", "Karen"],
  ["Pruitt will call you.", "Pruitt"],
  ["I want ten of them.", "ten"],
])("%s", (answer, found) => {
  expect(inventedIn(answer, told)).toBe(found);
});

test("advice is known from an answer", () => {
  for (const line of [
    "You should say no.",
    "Hint: wait.",
    "Du bør spørge om prisen.",
    "A better answer would be silence.",
  ])
    expect([line, coaches(line)]).toEqual([line, true]);
  for (const line of ["You should pay me.", "I ask you again.", "Du skal betale."])
    expect([line, coaches(line)]).toEqual([line, false]);
});

test("a pack has one form, whatever the order of its members", async () => {
  expect(canonical({ b: [1, { d: null, c: "é" }], a: 1.5 })).toBe('{"a":1.5,"b":[1,{"c":"é","d":null}]}');
  expect(await hashOf({ a: 1, b: 2 })).toBe(await hashOf({ b: 2, a: 1 }));
});
