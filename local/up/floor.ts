/** The demo's floor is planted through the API like anybody's: technicians, jobs, appointments, knowledge. Once. */
import { at, businessDay, dayOf } from "../business/calendar.ts";
import {
  type Act,
  caller,
  canaries,
  type Entry,
  entries,
  technicians,
  type When,
  type Work,
  works,
} from "../business/data/floor.ts";
import type { Floor } from "./state.ts";

type Ground = { url: string; apiKey: string; floor: Floor; save(): void; signal: AbortSignal };
type Made = { id: string; version: number; data: { id: string; name: string; start: string }[] };
/** By its key here, the id it was given. */
type Ids = ReadonlyMap<string, string>;

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;

/** Null, or what was refused. A start that is stopped half-way is gone on with by the next: each act has its own idempotency key. */
export async function plantFloor(ground: Ground): Promise<string | null> {
  if (ground.floor.planted) return null;
  const floor = new Planting(ground);
  await floor.plant().catch((error: unknown) => floor.refused.add(String(error)));
  if (ground.signal.aborted) return null;
  ground.floor.planted = true;
  ground.save();
  return floor.refused.size === 0 ? null : [...floor.refused].join(", ");
}

/** As every night: so that the page says from the first day whether they are answered right. */
export async function askCanaries(apiKey: string, { url, signal }: Pick<Ground, "url" | "signal">): Promise<void> {
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  await fetch(`${url}/v1/memory/canary-runs`, { method: "POST", headers, signal, body: "{}" }).catch(() => null);
}

class Planting {
  readonly refused = new Set<string>();
  readonly #ground: Ground;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  async plant(): Promise<void> {
    await this.#tellCancellations();
    const techs = await this.#technicians();
    const clients = await this.#clients();
    // One after the other, so that they have the same numbers every time.
    const taken: [Work, string][] = [];
    for (const work of works) {
      const job = await this.#takeIn(work, { techs, clients });
      if (job) taken.push([work, job]);
    }
    await Promise.all([...taken.map(([work, job]) => this.#carryOut(work, { job, techs })), this.#knowledge(clients)]);
  }

  /** The other notices are on unless somebody turns them off. */
  async #tellCancellations(): Promise<void> {
    const body = { event: "cancelled", version: 0, enabled: true };
    await this.#send("/v1/field/notices/rules", { key: "rule", method: "PATCH", body });
  }

  async #technicians(): Promise<Ids> {
    const ids = new Map<string, string>();
    for (const { key, name, phone, blocks } of technicians) {
      const made = await this.#send("/v1/field/techs", { key: `tech-${key}`, body: { name, phone } });
      if (!made) continue;
      ids.set(key, made.id);
      const week = `/v1/field/calendar/weeks/${made.id}`;
      await this.#send(week, { key: `week-${key}`, method: "PUT", body: { version: 0, blocks } });
    }
    return ids;
  }

  /** Everybody the conversations have told of, by name; a shortened demo knows fewer. */
  async #clients(): Promise<Ids> {
    const { name, phone } = caller;
    const body = { name, points: [{ kind: "phone", value: phone }] };
    await this.#send("/v1/people/contacts", { key: caller.key, body });
    const known = await this.#send("/v1/people/contacts?limit=100", { key: "", method: "GET" });
    return new Map(known?.data.map((one) => [one.name, one.id]));
  }

  async #takeIn(work: Work, { techs, clients }: { techs: Ids; clients: Ids }): Promise<string | undefined> {
    const { key, acts, tech, client, ...facts } = work;
    const person = clients.get(client);
    if (person === undefined) return undefined;
    const body = { ...facts, client: person, tech: tech && techs.get(tech) };
    return (await this.#send("/v1/field/jobs", { key: `job-${key}`, body }))?.id;
  }

  async #carryOut({ key, acts }: Work, { job, techs }: { job: string; techs: Ids }): Promise<void> {
    for (const [place, act] of acts.entries()) {
      const name = `${key}-${place}`;
      if (act.do === "book") await this.#book(act, { name, job, tech: techs.get(act.tech) ?? "" });
      else await this.#send(`/v1/field/jobs/${job}/${doors[act.do]}`, { key: name, body: this.#told(act) });
    }
  }

  #told(act: Exclude<Act, { do: "book" }>): Record<string, unknown> {
    switch (act.do) {
      case "part":
        return { name: act.name, quantity: act.quantity ?? 1, price_minor: act.price, currency: "DKK" };
      case "note":
        return { text: act.text, visibility: act.for ?? "internal" };
      case "cancel":
        return { reason: act.reason };
      case "move":
        return { to: act.to, tracking: act.tracking, scheduled_for: act.today && at(this.#today, act.today) };
    }
  }

  async #book({ when, confirmed }: Act & { do: "book" }, on: Booking): Promise<void> {
    const { name, job, tech } = on;
    const start = await this.#timeOf(when, on);
    if (start === undefined) return;
    // Somebody drives out whatever the hour.
    const reason = when === "call-out" ? { reason: "Call-out: no hot water since the morning" } : {};
    const body = { job, tech, start, ...reason };
    const made = await this.#send("/v1/field/schedule", { key: name, body });
    if (!made || !confirmed) return;
    const path = `/v1/field/schedule/${made.id}/confirm`;
    await this.#send(path, { key: `${name}-confirm`, body: { version: made.version } });
  }

  async #timeOf(when: When, { job, tech }: Booking): Promise<string | undefined> {
    if (when === "call-out") return new Date(Math.ceil((this.#now + 45 * MINUTE) / QUARTER) * QUARTER).toISOString();
    if (when !== "soonest") return at(businessDay(this.#today, when.day), when.time).toISOString();
    const asked = new URLSearchParams({ tech_id: tech, job, limit: "1" });
    return (await this.#send(`/v1/field/slots?${asked}`, { key: "", method: "GET" }))?.data[0]?.start;
  }

  async #knowledge(clients: Ids): Promise<void> {
    const written = await Promise.all(entries.map(async (entry) => [entry.key, await this.#write(entry)] as const));
    const ids = new Map(written);
    for (const { key, question, ...asked } of canaries) {
      const pk = "entry" in asked ? ids.get(asked.entry) : undefined;
      const source = pk
        ? { source: { table: "memory.kb_entries", pk }, words: "words" in asked ? asked.words : [] }
        : {};
      const stranger = clients.get("Amira Haddad") ?? clients.get(caller.name);
      const kept = "forbidden" in asked ? { expects: "insufficient_evidence", forbidden: asked.forbidden } : {};
      const audience = "forbidden" in asked ? { kind: "contact", id: stranger } : { kind: "staff" };
      const body = { question, audience, ...source, ...kept };
      await this.#send("/v1/memory/canaries", { key: `canary-${key}`, body });
    }
  }

  async #write({ key, state, ...words }: Entry): Promise<string | undefined> {
    const made = await this.#send("/v1/memory/knowledge", { key: `entry-${key}`, body: words });
    if (!made) return undefined;
    for (const step of state === "live" ? ["submit", "publish"] : ["submit"]) {
      const path = `/v1/memory/knowledge/${made.id}/${step}`;
      await this.#send(path, { key: `entry-${key}-${step}`, body: { version: made.version } });
    }
    return made.id;
  }

  get #now(): number {
    return Date.parse(this.#ground.floor.startedAt);
  }

  get #today(): number {
    return dayOf(new Date(this.#now));
  }

  /** What is refused is told and left: the rest of the floor stands without it. */
  async #send(path: string, { key, method = "POST", body }: Order): Promise<Made | undefined> {
    const { url, apiKey, signal } = this.#ground;
    const answer = await fetch(`${url}${path}`, {
      method,
      signal,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(method === "GET" ? {} : { "content-type": "application/json", "idempotency-key": `"demo-floor-${key}"` }),
      },
      ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
    });
    const told = (await answer.json()) as Made & { code?: string };
    if (answer.ok) return told;
    this.refused.add(`${key || path} (${told.code ?? answer.status})`);
    return undefined;
  }
}

type Order = { key: string; method?: "GET" | "POST" | "PUT" | "PATCH"; body?: unknown };
type Booking = { name: string; job: string; tech: string };

const doors = { move: "move", part: "parts", note: "notes", cancel: "cancel" } as const;
