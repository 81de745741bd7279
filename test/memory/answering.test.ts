// Plain questions about plain conversations: what was said is found, what was not is not made up, each reader his own.
import { beforeAll, describe, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { remember, type Said } from "./remember.ts";

let w: World;

const talk = (contact: number, name: string) => {
  let day = 1;
  return (text: string, more: Partial<Said> = {}): Said => {
    day += 1;
    return {
      text,
      contact,
      conversation: contact,
      name,
      at: `2026-10-${String(day).padStart(2, "0")}T08:00:00Z`,
      ...more,
    };
  };
};
const [alice, bob, mette] = [talk(1, "Alice Jensen"), talk(2, "Bob Smith"), talk(3, "Mette Holm")];
const danish = { language: "danish" as const };
const note = { visibility: 2 as const };

beforeAll(async () => {
  w = await world();
  await remember(w.neon, w.a, [
    alice("Hi, my washing machine stops in the middle of the program. It's a Bosch WAN28."),
    alice("Sorry to hear that. We can come on Monday 5 October between 9 and 11."),
    alice("Monday is perfect, thanks. The door code is 4711."),
    alice("The repair will cost DKK 1,250 including a new pump."),
    alice("Margin on Alice's repair is 40 percent, do not give any discount.", note),
    alice("Your machine is repaired. The warranty on the pump is two years."),
    bob("My dryer makes a loud noise and smells burnt."),
    bob("Our technician Peter will visit you on Wednesday at 14:00."),
    bob("Can we move it to Thursday instead?"),
    bob("Yes, Thursday at 10:00 works for Peter."),
    bob("The repair costs DKK 890."),
    bob("I'll pay by bank transfer next week."),
    mette("Hej, opvaskemaskinen lækker vand ud på gulvet.", danish),
    mette("Vi kan komme fredag kl. 13. Passer det?", danish),
    mette("Ja, det passer fint. Nøglen ligger under måtten.", danish),
    mette("Pakningen var utæt, og vi har skiftet den. Prisen er 650 kr.", danish),
    mette("Kunden skylder os stadig 2.000 kr. fra sidste år.", { ...danish, ...note }),
  ]);
});

const ask = async (question: string, reader: "staff" | number) => {
  const audience = reader === "staff" ? { kind: "staff" } : { kind: "contact", id: String(reader) };
  const answer = await w.fetch("/v1/ask", { key: w.a.apiKey, json: { question, audience } });
  const { status, sentences } = (await answer.json()) as { status: string; sentences: { text: string }[] };
  return { status, text: sentences.map(({ text }) => text).join(" | ") };
};

describe("said", () => {
  test.each<[string, "staff" | number, string]>([
    ["What model is Alice's washing machine?", "staff", "WAN28"],
    ["When does the technician come to Alice?", "staff", "Monday 5 October"],
    ["What is the door code at Alice Jensen's?", "staff", "4711"],
    ["How much does the repair cost?", 1, "1,250"],
    ["How much does the repair cost?", 2, "890"],
    ["What does Alice pay for the repair?", "staff", "1,250"],
    ["What is our margin on Alice's repair?", "staff", "40 percent"],
    ["How long is the warranty on the pump?", 1, "two years"],
    ["When will Peter visit Bob?", "staff", "Thursday at 10:00"],
    ["When is my visit?", 2, "Thursday at 10:00"],
    ["When are you coming?", 1, "Monday 5 October"],
    ["Who visits Bob Smith?", "staff", "Peter"],
    ["What is wrong with Bob's dryer?", "staff", "loud noise"],
    ["How will Bob pay?", "staff", "bank transfer"],
    ["Is the machine repaired?", 1, "Your machine is repaired."],
    ["Hvad fejler Mettes opvaskemaskine?", "staff", "lækker vand"],
    ["Hvor ligger nøglen hos Mette Holm?", "staff", "under måtten"],
    ["Hvornår kommer I?", 3, "fredag kl. 13"],
    ["Hvor meget skylder Mette os?", "staff", "2.000 kr."],
  ])("%s (%s)", async (question, reader, expected) => {
    const { text } = await ask(question, reader);
    expect(text).toContain(expected);
  });
});

describe("never said, or not to this reader", () => {
  test.each<[string, "staff" | number]>([
    ["What is the margin on my repair?", 1],
    ["Hvor meget skylder jeg jer?", 3],
    ["What is Bob's phone number?", "staff"],
    ["Does Alice have a dog?", "staff"],
    ["What did Bob pay for the heat pump?", "staff"],
    ["When does the boiler get replaced?", "staff"],
    ["What is the colour of Alice's car?", "staff"],
    ["Hvad er adressen på kontoret?", "staff"],
    ["What is the price of a new dryer?", "staff"],
    ["What is the door code?", 2],
    ["When does Peter come?", 3],
    ["Who am I?", "staff"],
  ])("%s (%s)", async (question, reader) => {
    expect(await ask(question, reader)).toEqual({ status: "insufficient_evidence", text: "" });
  });
});
