/** A whole service business from a seed: the same seed gives the same bytes; pure, so that it runs anywhere. */
import { type Day, dayOf, type Language } from "./calendar.ts";
import { customer, people, type Sort, type Trade } from "./customers.ts";
import { type Dialogue, dialogue } from "./dialogue.ts";
import type { Business, Turn } from "./model.ts";
import { questions } from "./questions.ts";
import { type Seeded, seeded } from "./seeded.ts";

/** `messages` is about how many turns all customers together get; `asked` how many questions, one for eight turns when absent. */
export type Order = {
  seed: string;
  customers: number;
  months: number;
  messages: number;
  languages: readonly Language[];
  trade?: Trade;
  from?: Date;
  asked?: number;
};

const NAMES: Record<Trade, string> = { heat: "Nordvarme Service", repair: "Hjul & Hvidt Reparation" };
const FROM = new Date("2025-01-06T08:00:00Z");
const BUSINESS_DAYS_A_MONTH = 21;
const FIRMS: readonly Sort[] = ["landlord", "hotel", "council", "cafes"];
const MINUTE = 60_000;

export function business(order: Order): Business {
  const random = seeded(`business ${order.seed}`);
  const trade = order.trade ?? random.pick(["heat", "repair"] as const);
  const spoken = Array.from({ length: order.customers }, (_, i) => order.languages[i % order.languages.length] ?? "en");
  const known = people(random.fork("people"), spoken);
  const invoices = numbers(random.int(3000, 7000));
  const from: Day = dayOf(order.from ?? FROM);
  const share = order.messages / order.customers;
  const dialogues = known.map((person) => {
    const own = random.fork(person.key);
    const sort = share > 150 ? own.pick(FIRMS) : own.chance(0.2) ? own.pick(FIRMS) : "home";
    const sites = share > 150 ? own.int(9, 12) : own.int(2, 4);
    const made = customer(own.fork("customer"), { person, sort, trade, sites });
    const messages = order.customers === 1 ? share : share * (0.5 + own.next());
    const inbox = own.pick(["chat", "mail", "sms"] as const);
    return dialogue(own.fork("talk"), {
      customer: made,
      messages,
      from,
      days: order.months * BUSINESS_DAYS_A_MONTH,
      inbox,
      invoices,
    });
  });
  for (const told of dialogues) mishaps(random.fork(`mishaps ${told.conversation.id}`), told);
  const asked = questions(random.fork("questions"), {
    facts: dialogues.flatMap(({ facts }) => facts),
    count: order.asked ?? Math.round(order.messages / 8),
    isOneCustomer: order.customers === 1,
  });
  return {
    name: NAMES[trade],
    people: known,
    conversations: dialogues.map(({ conversation }) => conversation),
    questions: asked,
  };
}

/** Numbers in a row, as invoices have them. */
function numbers(first: number): () => string {
  let next = first;
  return () => String(next++);
}

/** Some prices were first typed wrong and then edited; now and then a customer's message is taken away again. */
function mishaps(random: Seeded, { facts, conversation }: Dialogue): void {
  const held = new Set(facts.map(({ turn }) => turn.key));
  for (const { name, turn, slots } of facts) {
    if ((name !== "price" && name !== "fee") || turn.editedTo || !random.chance(0.1)) continue;
    const right = slots(turn.language)[name] ?? "";
    edit(
      turn,
      turn.text.replace(
        right,
        right.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 5) % 10)),
      ),
    );
  }
  for (const turn of conversation.turns)
    if (turn.kind === "customer" && !held.has(turn.key) && random.chance(0.008))
      turn.deletedAt = new Date(turn.at.getTime() + 9 * MINUTE);
}

function edit(turn: Turn, wrong: string): void {
  turn.editedTo = turn.text;
  turn.editedAt = new Date(turn.at.getTime() + 6 * MINUTE);
  turn.text = wrong;
}
