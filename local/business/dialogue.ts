/** Puts a customer's topics on one timeline and lets the people speak: turns with their times, and which fact each turn holds. */
import { businessDay, type Day, type Language } from "./calendar.ts";
import type { Customer, Owned } from "./customers.ts";
import { job, toldAs } from "./jobs.ts";
import type { Conversation, Turn } from "./model.ts";
import type { Slots } from "./phrases.ts";
import type { Inbox } from "./script.ts";
import type { Seeded } from "./seeded.ts";
import { type About, jobTopics, personTopics, siteTopics, type Topic } from "./topics.ts";
import { speak } from "./voices.ts";

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
  for (let i = 1; expected(out) < of.messages; i++) {
    if (waiting.length === 0 || random.chance(0.1)) waiting = random.shuffle(customer.owned);
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

/** How many turns the topics will give, when an optional line is spoken every second time. */
const expected = (topics: readonly Topic[]): number =>
  topics.reduce((sum, { lines }) => sum + lines.reduce((part, line) => part + (line.isOptional ? 0.5 : 1), 0), 0);

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
      const spoken = speak(random, { line, topic, inbox: of.inbox });
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
