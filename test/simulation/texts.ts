/** Customers who answer by SMS: some say STOP, some START, some only that Thursday suits them. Twilio tells of each once. */
import { twilioSignature } from "#test/kit/providers.ts";
import { publicUrl } from "#test/kit/world.ts";
import { type Firm, type Person, twilioToken } from "./firm.ts";
import type { Answer, Move, Sim } from "./sim.ts";

const stops = ["STOP", "stop!", "Afmeld"];
const starts = ["START", "Tilmeld", "YES"];
const others = ["HELP", "please don't text me again", "Tak, torsdag passer fint", "Hvornår kommer I?"];

type Text = { sid: string; person: Person; body: string; began?: number };

/** What the customers may rely on, as far as they were answered. Times are those at which we were told, in milliseconds. */
export type Wishes = {
  /** Their STOP was acknowledged, and nothing was said since that might take it back. */
  silent: Set<string>;
  /** The newest text of theirs that was acknowledged. */
  wrote: Map<string, number>;
  transit: Text[];
  started: Map<string, number>;
};

export const wishes = (): Wishes => ({ silent: new Set(), wrote: new Map(), transit: [], started: new Map() });

/** To one of the provider's addresses at us, proven as it proves itself. */
export function tellAs(
  sim: Sim,
  { label, path, form }: { label: string; path: string; form: Record<string, string> },
  heard: (answer: Answer | undefined) => void,
): void {
  const body = new URLSearchParams(form);
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "x-twilio-signature": twilioSignature(twilioToken, publicUrl + path, body),
  };
  sim.ask(label, { path, init: { method: "POST", headers, body: body.toString() } }, (answer) => {
    if (answer && answer.status >= 400 && answer.status < 500)
      sim.accuse(`I1: what the provider proved was answered with ${answer.status}: ${answer.body}`);
    heard(answer);
  });
}

/** How often they write what. */
export type Moods = { stops: number; starts: number; others: number };

export function texts(sim: Sim, firm: Firm, { known, moods }: { known: Wishes; moods: Moods }): Move[] {
  const { rng } = sim;
  const write = (list: readonly string[]) => () => {
    firm.count += 1;
    const text = { sid: `SM${sim.seed}x${firm.count}`, person: rng.pick(firm.people), body: rng.pick(list) };
    known.transit.push(text);
    sim.trace(`${text.person.id} writes "${text.body}"`);
  };
  return [
    { weight: moods.stops, run: write(stops) },
    { weight: moods.starts, run: write(starts) },
    { weight: moods.others, run: write(others) },
    ...carryTexts(sim, firm, known),
  ];
}

export function carryTexts(sim: Sim, firm: Firm, known: Wishes): Move[] {
  const [first] = known.transit;
  if (!first) return [];
  const send = () => {
    const overtaken = known.transit.length > 1 && sim.faults.strikes("webhook.overtaken", 0.25);
    const text = overtaken ? sim.rng.pick(known.transit.slice(1)) : first;
    known.transit.splice(known.transit.indexOf(text), 1);
    if (sim.faults.strikes("webhook.lost", 0.05)) return;
    if (sim.faults.strikes("webhook.repeated", 0.1)) known.transit.push(text);
    hand(sim, firm, { known, text });
  };
  return [{ weight: 4, run: send }];
}

function hand(sim: Sim, { source, number }: Firm, { known, text }: { known: Wishes; text: Text }): void {
  const { sid, person, body } = text;
  text.began ??= sim.time;
  const { began } = text;
  if (starts.includes(body)) {
    known.silent.delete(person.id);
    known.started.set(person.id, sim.time);
  }
  const form = { MessageSid: sid, SmsStatus: "received", NumMedia: "0", Body: body, From: person.phone, To: number };
  tellAs(sim, { label: `text ${sid}`, path: `/v1/hooks/twilio/${source}`, form }, (answer) => {
    if (!answer || answer.status >= 300) return;
    known.wrote.set(person.id, Math.max(began, known.wrote.get(person.id) ?? 0));
    if (stops.includes(body) && (known.started.get(person.id) ?? -1) < began) known.silent.add(person.id);
  });
}
