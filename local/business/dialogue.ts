/** Puts a customer's topics on one timeline and lets the people speak: turns with their times, and which fact each turn holds. */
import { businessDay, type Day, type Language } from "./calendar.ts";
import type { Customer, Owned } from "./customers.ts";
import { job, toldAs } from "./jobs.ts";
import type { Conversation, Turn } from "./model.ts";
import { fill, type Line, type Slots } from "./phrases.ts";
import type { Inbox } from "./script.ts";
import type { Seeded } from "./seeded.ts";
import { type About, jobTopics, personTopics, siteTopics, type Topic } from "./topics.ts";
import { voiced, wrapped } from "./voices.ts";

/** `name` says what is known, `turn` where it was said; `slots` hold its values in either language. */
export type Fact = { name: string; about: About; turn: Turn; slots: (language: Language) => Slots };
export type Dialogue = { conversation: Conversation; facts: Fact[]; customer: Customer };
export type Plan = {
  customer: Customer;
  messages: number;
  from: Day;
  days: number;
  inbox: Inbox;
  invoices: () => string;
};

const MINUTE = 60_000;

/** Adds jobs on random days, and talk around them, until about the wanted number of messages is planned. */
function topics(random: Seeded, of: Plan): Topic[] {
  const { customer } = of;
  const told = new Set<string>();
  const out: Topic[] = [];
  let waiting: Owned[] = [];
  const anyDay = (): Day => businessDay(of.from, random.int(0, of.days));
  const count = (): number =>
    out.flatMap(({ lines }) => lines).reduce((sum, line) => sum + (line.isOptional ? 0.5 : 1), 0);
  for (let i = 1; count() < of.messages; i++) {
    if (waiting.length === 0 || random.chance(0.25)) waiting = random.shuffle(customer.owned);
    const owned = waiting.pop() ?? random.pick(customer.owned);
    const seed = {
      id: `${customer.person.key}.j${i}`,
      customer,
      owned,
      start: anyDay(),
      invoice: of.invoices(),
      told,
    };
    const made = job(random, seed);
    for (const act of made.acts) told.add(toldAs(act, owned));
    out.push(...jobTopics(random, made));
    if (random.chance(0.8)) out.push(...siteTopics(random, { job: made, told }));
    if (random.chance(0.75)) out.push(...personTopics(random, { customer, day: anyDay(), told }));
  }
  return out.sort((a, b) => a.at - b.at);
}

export function dialogue(random: Seeded, of: Plan): Dialogue {
  const { person } = of.customer;
  const id = `v${person.key.slice(1)}`;
  const turns: Turn[] = [];
  const facts: Fact[] = [];
  const statuses: { at: Date; status: "open" | "resolved" }[] = [];
  let clock = 0;
  let isResolved = false;
  for (const topic of topics(random, of)) {
    clock = Math.max(topic.at, clock + random.int(3, 20) * MINUTE);
    for (const line of topic.lines) {
      if (line.isOptional && random.chance(0.5)) continue;
      const spoken = speak(random, { line, topic, plan: of });
      const made: Turn = {
        key: `${id}:${turns.length + 1}`,
        conversation: id,
        seq: turns.length + 1,
        at: new Date(clock),
        ...spoken,
      };
      turns.push(made);
      facts.push(
        ...line.facts.map((fact) => ({
          name: fact === "life" ? topic.act : fact,
          about: topic.about,
          turn: made,
          slots: topic.slots,
        })),
      );
      if (isResolved && made.kind === "customer") statuses.push({ at: made.at, status: "open" });
      if (made.kind === "customer") isResolved = false;
      clock += random.int(1, made.kind === "customer" ? 45 : 25) * MINUTE;
    }
    if (topic.act === "done" && !isResolved) {
      statuses.push({ at: new Date(clock), status: "resolved" });
      isResolved = true;
    }
  }
  const conversation = { id, contact: person.key, inbox: of.inbox, language: person.language, turns, statuses };
  return { conversation, facts, customer: of.customer };
}

type Spoken = Omit<Turn, "key" | "conversation" | "seq" | "at">;

function speak(random: Seeded, of: { line: Line; topic: Topic; plan: Plan }): Spoken {
  const { line, topic, plan } = of;
  const { person, style } = plan.customer;
  const { language } = person;
  const kind = line.voice === "c" ? "customer" : line.voice === "n" ? "note" : "agent";
  const base = { contact: person.key, language, kind, isPrivate: kind === "note" } as const;
  const words = topic.slots(language);
  const slots = topic.about.job ? { ...words, ...moods(random, topic.about.job.fault[language]) } : words;
  const wording = random.pick(line.wordings);
  const tidy = (text: string): string => text.replace(/([.!?])\.(?=\s|$)/g, "$1").trim();
  if (kind !== "customer") {
    const said = tidy(capitalised(fill(wording, slots)));
    return {
      ...base,
      text:
        isVague(line, wording) && topic.about.job && random.chance(REGARDING)
          ? `${regarding(random, slots, language)} ${said}`
          : said,
    };
  }
  const isOpening = line.facts.includes("report");
  const text = tidy(fill(voiced(random, wording, { style, language }), slots));
  const letter = { style, language, inbox: plan.inbox, name: person.name, isOpening };
  const photo = /photo|billede/.test(wording) ? { attachment: { kind: "image" as const, name: "plate.jpg" } } : {};
  return { ...base, text: wrapped(random, style === "terse" ? text : capitalised(text), letter), ...photo };
}

/** With many machines to talk about, staff often say first which one they mean. */
const REGARDING = 0.5;
const isVague = (line: Line, wording: string): boolean =>
  line.facts.length > 0 && !/\{(asset|place|[tT]hePart|part|invoice)\}/i.test(wording);
const regarding = (random: Seeded, { label = "", asset = "", place = "" }: Slots, language: Language): string =>
  `${language === "en" ? random.pick(["About", "Regarding", "Re"]) : random.pick(["Ang.", "Vedr.", "Om"])} ${random.pick([label, asset])} ${place}:`;

const capitalised = (text: string): string => text.replace(/^\p{Ll}/u, (first) => first.toUpperCase());

const moods = (random: Seeded, fault: Readonly<Record<string, readonly string[]>>): Slots => ({
  does: random.pick(fault["does"] ?? [""]),
  more: random.pick(fault["more"] ?? [""]),
});
