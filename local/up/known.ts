/** What the demo's firm knows is written down through the API like anybody's. Once. */
import { accounts, afterwards, entities, facts, offers, type Said, standings } from "../business/data/known.ts";

type Ground = { url: string; apiKey: string; signal: AbortSignal };
type Made = { id: string; version: number; data: { id: string; name: string | null }[] };
type Sent = { key: string; method?: "POST" | "PUT" | "PATCH"; body: unknown };

async function send({ url, apiKey, signal }: Ground, path: string, sent?: Sent): Promise<Made> {
  const answer = await fetch(`${url}/v1/${path}`, {
    method: sent ? (sent.method ?? "POST") : "GET",
    signal,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(sent ? { "content-type": "application/json", "idempotency-key": `"demo-known-${sent.key}"` } : {}),
    },
    ...(sent ? { body: JSON.stringify(sent.body) } : {}),
  });
  const told = (await answer.json()) as Made & { code?: string };
  if (!answer.ok) throw new Error(`${path} (${told.code ?? answer.status})`);
  return told;
}

const entered = (ref: string) => ({ source_type: "user_entered", source_ref: ref });

async function plant(ground: Ground): Promise<void> {
  const { data: people } = await send(ground, "people/contacts?limit=100");
  const ids = new Map<string, string>();
  const idOf = (key: string): string => ids.get(key) ?? "";
  for (const { key, type, name, person } of entities) {
    const contact = person && people.find((one) => one.name === name)?.id;
    const { id } = await send(ground, "world/entities", { key, body: { type, name, contact } });
    ids.set(key, id);
  }
  for (const { from, type, to } of standings) {
    const body = { from: idOf(from), type, to: idOf(to), provenance: entered("demo") };
    await send(ground, "world/relationships", { key: `${from}-${type}-${to}`, body });
  }
  const made = await state(ground, { said: facts, round: "fact", idOf });
  await offer(ground, { people, made, idOf });
  await state(ground, { said: afterwards, round: "afterwards", idOf });
}

type Stated = { said: readonly Said[]; round: string; idOf(key: string): string };

/** Ids by attribute. */
async function state(ground: Ground, { said, round, idOf }: Stated): Promise<Map<string, string>> {
  const made = new Map<string, string>();
  for (const [place, { of, type, since, from, knowers, ...rest }] of said.entries()) {
    // Different sources of one kind contradict each other; what one person enters replaces what he entered.
    const provenance = from ? { source_type: "external", source_ref: from } : entered("demo");
    const body = { ...rest, subject: idOf(of), value_type: type, valid_from: since, provenance };
    const fact = await send(ground, "world/facts", { key: `${round}-${place}`, body });
    made.set(rest.attribute, fact.id);
    for (const { knower, status, instead } of knowers ?? []) {
      const edge = { knower: `entity:${idOf(knower)}`, status, believed_value: instead };
      await send(ground, `world/facts/${fact.id}/knowers`, {
        key: `knows-${place}-${knower}`,
        method: "PUT",
        body: edge,
      });
    }
  }
  return made;
}

type Offering = { people: Made["data"]; made: Map<string, string>; idOf(key: string): string };

async function offer(ground: Ground, { people, made, idOf }: Offering): Promise<void> {
  const firms = new Map<string, string>();
  const personOf = (name: string) => people.find((one) => one.name === name)?.id;
  for (const { name, person, role, of } of accounts) {
    const { id } = await send(ground, "crm/accounts", { key: `account-${of}`, body: { name } });
    firms.set(name, id);
    const contact = personOf(person);
    if (contact) await send(ground, `crm/accounts/${id}/link`, { key: `speaks-${of}`, body: { contact, role } });
    const entity = await send(ground, `world/entities/${idOf(of)}`);
    const body = { version: entity.version, firm: id };
    await send(ground, `world/entities/${entity.id}`, { key: `firm-${of}-${entity.version}`, method: "PATCH", body });
  }
  for (const [place, { title, account, person, lines }] of offers.entries()) {
    const items = lines.map(({ description, quantity, kroner, discount, attribute }) => ({
      description,
      quantity,
      unit_price_minor: kroner * 100,
      discount_pct: discount ?? 0,
      vat_pct: 25,
      fact: attribute && made.get(attribute),
    }));
    const body = { title, currency: "DKK", account: firms.get(account), contact: personOf(person), items };
    await send(ground, "crm/offers", { key: `offer-${place}`, body });
  }
}

/** Null, or what was refused. A start that was stopped half-way is gone on with by the next. */
export async function plantKnown(ground: Ground): Promise<string | null> {
  try {
    await plant(ground);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
