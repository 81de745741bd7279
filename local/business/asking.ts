/** How a fact is asked for: what names its subject, which wordings exist, and which values a right answer holds. */
import type { Language } from "./calendar.ts";
import { asks, reversed, vias } from "./data/questions.ts";
import type { Fact } from "./dialogue.ts";
import { monthOf } from "./jobs.ts";
import { fill, wordings } from "./phrases.ts";
import { lives } from "./topics.ts";

export type Nearness = "close" | "far";
export type Subject = "job" | "machine" | "place" | "person";

const MACHINE = new Set(["serial", "model", "noteMood"]);
const PLACE = new Set(["key", "key2", "gate", "gate2", "pet", "parking", "person", "person2", "hours", "stopcock"]);
const PERSON = new Set(["notePay", "fee", "fee2", "mailto", "away", "prefer"]);

export const subjectOf = (name: string): Subject => {
  if (MACHINE.has(name)) return "machine";
  if (PLACE.has(name)) return "place";
  return PERSON.has(name) || name.startsWith("life:") ? "person" : "job";
};

/** Facts of one class answer the same question, so that two of them on one subject would compete. */
const CLASS: Readonly<Record<string, string>> = {
  newPrice: "price",
  oldPrice: "price",
  slot2: "slot",
  eta2: "eta",
  key2: "key",
  gate2: "gate",
  person2: "person",
  fee2: "fee",
};
export const classOf = (name: string): string => CLASS[name] ?? name;
/** What was overtaken by which fact. */
export const overtakenBy: Readonly<Record<string, string>> = {
  slot: "slot2",
  eta: "eta2",
  key: "key2",
  gate: "gate2",
  person: "person2",
  fee: "fee2",
};
export const isOvertaking = (name: string): boolean => name in CLASS;

export function subjectId(fact: Fact): string {
  const { customer, site, owned, job } = fact.about;
  const ids = { job: job?.id, machine: owned?.id, place: site?.id, person: customer.person.key };
  return ids[subjectOf(fact.name)] ?? "";
}

type Forms = Record<Nearness, readonly string[]>;
const parsed = (text: string): ReadonlyMap<string, Forms> =>
  new Map(
    text
      .trim()
      .split("\n")
      .map((row) => {
        const colon = row.indexOf(": ");
        const [close = "", far = ""] = row.slice(colon + 2).split("||");
        const split = (part: string) => (part.trim() ? wordings(part) : []);
        return [row.slice(0, colon), { close: split(close), far: split(far) }];
      }),
  );
const forms = parsed(asks);
const backward = parsed(reversed);

/** The wordings for a fact; none for what nobody would ask. */
export function wordingsOf(name: string, language: Language): Forms | undefined {
  if (!name.startsWith("life:")) return forms.get(`${language} ${name}`);
  const words = lives.find((told) => `life:${told.name}` === name)?.words[language];
  return words && { close: words["ask"] ?? [], far: words["far"] ?? [] };
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  ...{ advice: ["tip"], slot: ["day", "time"], slot2: ["date2"], newPrice: ["price"] },
  ...{ eta: ["etaDate"], eta2: ["eta2Date"], done: ["extra"], warranty: ["years"], due2: ["newDueDate"] },
  ...{ complaint: ["wrong"], model: ["make"], away: ["deputy"], noteMargin: ["cost"], notePay: ["debt"] },
  ...{ noteMood: ["asset"], key: ["keySpot"], key2: ["keySpot2"], mailto: ["email"] },
};
/** What is asked for when the fact itself is given. */
const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  ...{ invoice: ["asset", "thePart", "dueDate"], serial: ["make"], pet: ["place"], away: ["away1"] },
  ...{ person: ["personPhone"], person2: ["person2Phone"] },
};

/** A question that gives the fact and asks whom or what it is about, when the turn itself says so. */
export function askBackward(
  fact: Fact,
  of: { nearness: Nearness; language: Language; isOneCustomer: boolean },
): { texts: string[]; answer: string[] } | undefined {
  const templates = backward.get(`${of.language} ${fact.name}`)?.[of.nearness] ?? [];
  const slots = fact.slots(fact.turn.language);
  const known = SUBJECTS[fact.name] ?? ["place", "asset", "thePart", "part"];
  const answer = spoken(
    fact,
    known.map((name) => slots[name] ?? ""),
  );
  if (templates.length === 0 || answer.length === 0) return undefined;
  const who = whoOf(fact, of);
  const filling = { ...fact.slots(of.language), name: who, first: who };
  return { texts: templates.map((template) => fill(template, filling)), answer };
}

/** What the evidence says word for word; a right answer holds at least one of these. */
export function answerOf(fact: Fact): string[] {
  const slots = fact.slots(fact.turn.language);
  const small = lives.find(({ name }) => `life:${name}` === fact.name)?.answer;
  const own = small
    ?.split("|")
    .find((part) => part.startsWith(`${fact.turn.language}:`))
    ?.slice(3);
  const values = small
    ? [fill(own ?? small, slots)]
    : (VALUES[fact.name] ?? [fact.name]).map((name) => slots[name] ?? "");
  return spoken(fact, values);
}

function spoken({ turn }: Fact, values: readonly string[]): string[] {
  const said = (turn.editedTo ?? turn.text).toLowerCase();
  return values.filter((value) => value && said.includes(value.toLowerCase()));
}

const CASE: Record<Language, string> = { en: "the case about", da: "sagen med" };
const CUSTOMER: Record<Language, string> = { en: "the customer", da: "kunden" };
const JOB: Record<Language, string> = { en: "the job", da: "opgaven" };
const INVOICE: Record<Language, string> = { en: "invoice", da: "faktura" };
const PART_OF: Record<Language, string> = { en: "the part for", da: "delen til" };
/** What people ask about a part rather than about a fault. */
const BY_PART = new Set(["price", "newPrice", "oldPrice", "eta", "eta2", "warranty", "noteMargin"]);
const IN: Record<Language, string> = { en: "in", da: "i" };

const dated = (name: string, month: string): string[] => (month ? [name, `${name} ${month}`] : [name]);

/** Names for the subject of a fact, the one with a month last. */
export function namesOf(fact: Fact, language: Language, nearness: Nearness): string[] {
  const slots = fact.slots(language);
  const { job, owned, site, customer } = fact.about;
  const place = site?.name[language] ?? "";
  switch (subjectOf(fact.name)) {
    case "machine":
      return [`${owned?.machine.noun[language]} ${place}`];
    case "place":
      return [place];
    case "person":
      return [customer.person.name];
    case "job": {
      if (fact.name === "due2") return [`${INVOICE[language]} ${slots["invoice"]}`];
      const month = job ? `${IN[language]} ${monthOf(job.start, language)}` : "";
      if (nearness === "far") return dated(`${CASE[language]} ${slots["far"]} ${place}`, month);
      if (BY_PART.has(fact.name)) return dated(`${slots["thePart"]} ${place}`, month);
      return [`${JOB[language]} ${place}`, `${slots["asset"]} ${place}`, ...dated(`${slots["label"]} ${place}`, month)];
    }
  }
}

const via = new Map(
  vias
    .trim()
    .split("\n")
    .map((row) => [row.slice(0, row.indexOf(": ")), row.slice(row.indexOf(": ") + 2)]),
);

/** How the subject of another fact is named by this one ("the job billed on invoice 4711"). */
export const viaOf = (fact: Fact, subject: Subject, language: Language): string | undefined => {
  const found = via.get(`${language} ${fact.name} ${subject}`);
  return found && fill(found, fact.slots(language));
};

/** Who has one customer only says "the customer"; nobody repeats the full name then. */
export const whoOf = (fact: Fact, of: { isOneCustomer: boolean; language: Language }): string =>
  of.isOneCustomer ? CUSTOMER[of.language] : fact.about.customer.person.name;

export function ask(template: string, fact: Fact, of: { subject: string; language: Language; who: string }): string {
  const { subject, language } = of;
  const part = subject.startsWith(fact.slots(language)["thePart"] ?? "-") ? subject : `${PART_OF[language]} ${subject}`;
  return fill(template, {
    ...fact.slots(language),
    job: subject,
    part,
    machine: subject,
    place: subject,
    name: of.who,
    first: of.who,
  });
}
