/** Two firms' Chatwoot: customers write, change their minds and take words back, staff make notes; and a network that carries the webhooks. */
import {
  contact,
  conversation,
  deletion,
  edit,
  type Json,
  message,
  signature,
  type Talk,
} from "#test/inbox/chatwoot.ts";
import type { Move, Sim, SimTenant } from "./sim.ts";
import { vocabulary } from "./vocabulary.ts";

export type Told =
  /** Without a version of its own, an edit counts as of when it was sent. */
  | { kind: "message"; message: number; version?: number; text: string; private: boolean; deleted: boolean }
  | { kind: "conversation" }
  | { kind: "contact" };

/** A webhook as Chatwoot made it: what it says, and the snapshots inside. */
export type Webhook = {
  tenant: SimTenant;
  delivery: string;
  body: string;
  told: Told;
  /** Version and status of the conversation, when it is told along. */
  held?: { conversation: number; version: number; status: string };
};

type Person = { id: number; name: string };
type Held = { id: number; person: Person; version: number; status: string };
type Said = { id: number; held: Held; text: string; private: boolean; version: number; deleted: boolean; made: Json };

export type Desk = {
  tenant: SimTenant;
  secret: string;
  people: Person[];
  conversations: Held[];
  messages: Said[];
  /** On their way, in the order they were made. */
  transit: Webhook[];
  /** Answered with 2xx, by delivery id. */
  accepted: Map<string, string>;
  /** All that was ever sent under its id. */
  sent: Map<string, Webhook>;
};

export const deskOf = (tenant: SimTenant): Desk => ({
  tenant,
  secret: tenant.source.secret,
  people: [],
  conversations: [],
  messages: [],
  transit: [],
  accepted: new Map(),
  sent: new Map(),
});

/** Said in a forged or replayed webhook, and never anywhere else. */
export const intruder = "indtrængende";

const statuses = ["open", "resolved", "pending"];

/** How often customers do what, and how much they have to say. */
export type Habits = { write: number; change: number; takeBack: number; turn: number; rename: number; most: number };
export const usualHabits: Habits = { write: 3, change: 2, takeBack: 0.6, turn: 0.5, rename: 0.3, most: 1e6 };

export function customers(sim: Sim, desk: Desk, habits: Habits): Move[] {
  const { rng } = sim;
  const { tenant } = desk;
  let count = desk.messages.length * 10;
  const talkOf = (held: Held): Talk => ({ account: tenant.accountId, conversation: held.id, contact: held.person.id });
  const version = (held: { version: number }) => {
    held.version = Math.max(sim.time, held.version + 1);
    return held.version;
  };
  const snapshot = (held: Held) =>
    conversation(talkOf(held), {
      updated_at: held.version / 1000,
      status: held.status,
      meta: { sender: { ...contact(talkOf(held), { name: held.person.name }), type: "contact" } },
    });
  const uuid = () => `dlv-${sim.seed}-${tenant.accountId}-${desk.sent.size + 1}-${rng.below(1e9)}`;
  const send = (payload: Json, told: Told, held?: Held) => {
    const along = held && { held: { conversation: held.id, version: held.version, status: held.status } };
    const webhook = { tenant, delivery: uuid(), body: JSON.stringify(payload), told, ...along };
    desk.transit.push(webhook);
    sim.trace(`${tenant.word}: ${String(payload["event"])} ${JSON.stringify(told)}`);
  };
  const tell = (said: Said, payload: Json, of?: number) => {
    const { id, text, private: hidden, deleted } = said;
    const told = { kind: "message" as const, message: id, text, private: hidden, deleted };
    send(payload, of === undefined ? told : { ...told, version: of }, said.held);
  };
  /** Chatwoot tells a message's own version only along with its conversation's newest message. */
  const retell = (said: Said, make: (at: Talk, of: Json, version: string) => Json) => {
    const of = version(said);
    const payload = make(talkOf(said.held), said.made, new Date(of).toISOString());
    const isNewest = said === desk.messages.findLast(({ held }) => held === said.held);
    const nested = (payload["conversation"] as Json)["messages"];
    version(said.held);
    const along = { ...snapshot(said.held), messages: isNewest ? nested : [] };
    tell(said, { ...payload, conversation: along }, isNewest ? of : undefined);
  };
  const words = () => {
    count += 1;
    const again = desk.messages.length > 0 && rng.chance(0.15);
    if (again) return rng.pick(desk.messages).text;
    return `${tenant.word} ${rng.pick(vocabulary)} ${rng.pick(vocabulary)} ${rng.pick(vocabulary)} ord${count}x${rng.below(1e6)}`;
  };
  const open = (): Held => {
    const known = desk.people.length > 0 && rng.chance(0.4);
    const id = tenant.accountId * 1000 + desk.people.length + 1;
    const person = known ? rng.pick(desk.people) : { id, name: `Kunde ${tenant.word} ${id}` };
    if (!known) desk.people.push(person);
    const held = { id: desk.conversations.length + 1, person, version: sim.time, status: "open" };
    desk.conversations.push(held);
    return held;
  };
  const write = () => {
    const held = desk.conversations.length === 0 || rng.chance(0.25) ? open() : rng.pick(desk.conversations);
    version(held);
    const id = tenant.accountId * 1000 + desk.messages.length + 1;
    const said: Said = { id, held, text: words(), private: rng.chance(0.2), version: 0, deleted: false, made: {} };
    said.made = message(talkOf(held), {
      id,
      content: said.text,
      private: said.private,
      message_type: said.private || rng.chance(0.3) ? "outgoing" : "incoming",
      created_at: new Date(sim.time).toISOString(),
      conversation: snapshot(held),
      sender: contact(talkOf(held), { name: held.person.name }),
    });
    desk.messages.push(said);
    tell(said, said.made, 0);
  };
  const change = (said: Said) => {
    said.text = words();
    retell(said, (at, of, when) => edit(at, of, { content: said.text, version: when }));
  };
  const takeBack = (said: Said) => {
    said.deleted = true;
    retell(said, deletion);
  };
  const turn = (held: Held) => {
    held.status = rng.pick(statuses);
    version(held);
    send({ ...snapshot(held), event: "conversation_status_changed" }, { kind: "conversation" }, held);
  };
  const rename = (person: Person) => {
    count += 1;
    person.name = `Kunde ${tenant.word} ${person.id} nr${count}`;
    const at = { account: tenant.accountId, conversation: 0, contact: person.id };
    const payload = { ...contact(at, { name: person.name }), account: { id: tenant.accountId } };
    send({ ...payload, event: "contact_updated" }, { kind: "contact" });
  };
  const living = desk.messages.filter(({ deleted }) => !deleted);
  const some = <T>(list: readonly T[], weight: number, act: (one: T) => void): Move[] =>
    list.length > 0 ? [{ weight, run: () => act(rng.pick(list)) }] : [];
  return [
    ...(desk.messages.length < habits.most ? [{ weight: habits.write, run: write }] : []),
    ...some(living, habits.change, change),
    ...(living.length > 1 ? some(living, habits.takeBack, takeBack) : []),
    ...some(desk.conversations, habits.turn, turn),
    ...some(desk.people, habits.rename, rename),
  ];
}

type Post = { delivery: string; body: string; secret: string; at: number };

/** One POST to the tenant's door. */
function post(sim: Sim, { tenant }: Desk, sent: Post, heard: Parameters<Sim["ask"]>[2]): void {
  const timestamp = String(Math.floor(sent.at / 1000));
  const headers = {
    "content-type": "application/json",
    "x-chatwoot-delivery": sent.delivery,
    "x-chatwoot-timestamp": timestamp,
    "x-chatwoot-signature": signature(sent.secret, timestamp, sent.body),
  };
  const path = `/v1/hooks/chatwoot/${tenant.source.id}`;
  sim.ask(`webhook ${sent.delivery}`, { path, init: { method: "POST", headers, body: sent.body } }, heard);
}

const unheard = () => {};
const mostMinutes = 6;

/** The network between: what it loses, repeats, overtakes, forges. */
export function carry(sim: Sim, desk: Desk): Move[] {
  const { faults, rng } = sim;
  const { transit, tenant } = desk;
  const [first] = transit;
  if (!first) return [];
  const isTampering = (kind: Parameters<typeof faults.strikes>[0], probability: number) => {
    const struck = faults.strikes(kind, probability);
    if (struck) sim.trace(`${tenant.word}: ${kind}`);
    return struck;
  };
  const forgery = (webhook: Webhook) =>
    webhook.body.replaceAll(/"content":"[^"]*"/g, `"content":"${tenant.word} ${intruder}"`);
  const send = () => {
    const overtaken = transit.length > 1 && isTampering("webhook.overtaken", 0.4);
    const webhook = overtaken ? rng.pick(transit.slice(1)) : first;
    transit.splice(transit.indexOf(webhook), 1);
    const { delivery, body } = webhook;
    const genuine = { delivery, body, secret: desk.secret, at: sim.time };
    if (isTampering("webhook.lost", 0.06)) return;
    if (isTampering("webhook.cut_off", 0.03)) return post(sim, desk, { ...genuine, body: body.slice(0, -9) }, unheard);
    if (isTampering("webhook.forged", 0.05)) {
      const forged = { delivery: `${delivery}-forged`, body: forgery(webhook), secret: "a-secret-that-was-guessed" };
      post(sim, desk, { ...forged, at: sim.time }, refused(sim, "a forged webhook"));
    }
    if (isTampering("webhook.old_signature", 0.05)) {
      const old = {
        ...genuine,
        delivery: `${delivery}-old`,
        body: forgery(webhook),
        at: sim.time - mostMinutes * 60_000,
      };
      // Its bytes were signed once: a clock that is off by less than the window does not make it new.
      post(sim, desk, { ...old, at: sim.time - 2 * mostMinutes * 60_000 }, refused(sim, "an old signature"));
    }
    if (isTampering("webhook.repeated", 0.15)) transit.push(webhook);
    if (isTampering("webhook.second_sender", 0.1)) {
      const second = { ...webhook, delivery: `${delivery}-bot` };
      if (!desk.sent.has(second.delivery)) transit.push(second);
    }
    desk.sent.set(delivery, webhook);
    post(sim, desk, genuine, (answer) => {
      if (!answer || answer.status >= 300) return;
      const { outcome } = JSON.parse(answer.body) as { outcome: string };
      if (!desk.accepted.has(delivery)) desk.accepted.set(delivery, outcome);
      // A duplicate by content leaves no row of its own: only an id that is on record can be used twice.
      if (outcome !== "stored" || !isTampering("webhook.replayed_with_other_body", 0.15)) return;
      const replayed = {
        ...genuine,
        body: forgery(webhook).replace("{", '{"twice":1,'),
        secret: desk.secret,
        at: sim.time,
      };
      post(sim, desk, replayed, unheard);
    });
  };
  return [{ weight: 5, run: send }];
}

/** Nothing that was not proven may be answered with success. */
const refused = (sim: Sim, what: string) => (answer: { status: number } | undefined) => {
  if (answer && answer.status < 300) sim.accuse(`I1: ${what} was answered with ${answer.status}`);
};
