/** What the demo's firm knows is written down through the API like anybody's. Once. */
import { setTimeout as wait } from "node:timers/promises";
import { afterwards, agreed, entities, facts, type Said, standings, told } from "../business/data/known.ts";
import { plantOffers } from "./offers.ts";

export type Ground = { url: string; apiKey: string; signal: AbortSignal };
export type Made = {
  id: string;
  version: number;
  state: string;
  data: { id: string; name: string | null; state: string }[];
};
type Sent = { key: string; method?: "POST" | "PUT" | "PATCH"; body: unknown };

export async function send({ url, apiKey, signal }: Ground, path: string, sent?: Sent): Promise<Made> {
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

type People = Made["data"];

/** For ten seconds; what does not come by then comes by the clock. */
async function until(ground: Ground, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 20 && !(await isSo()); tries++) await wait(500, null, { signal: ground.signal });
}

/** A client is told a price that changes at once; what the message promises is read meanwhile. */
async function tell(ground: Ground, { client, firm }: { client: string; firm: string }): Promise<void> {
  const { attribute, unit, text, was, is } = told;
  const fact = (value: unknown) => ({
    ...{ subject: firm, attribute, value, unit, value_type: "currency", visibility: "public" },
    provenance: entered("price list"),
  });
  const old = await send(ground, "world/facts", { key: "told-was", body: fact(was) });
  const letter = { contact: client, channel: "sms", class: "transactional", text, through_quiet: true };
  let { id, version } = await send(ground, "outbound/messages", {
    key: "told",
    body: { ...letter, evidence: [old.id] },
  });
  for (const act of ["submit", "approve", "send"]) {
    const path = `outbound/messages/${id}/${act}`;
    ({ version } = await send(ground, path, { key: `told-${act}`, body: { version } }));
  }
  await until(ground, async () => /sent|delivered/.test((await send(ground, `outbound/messages/${id}`)).state));
  const { data: schedules } = await send(ground, "shared/schedules");
  const watch = schedules.find(({ name }) => name === "insight.promises.watch");
  await send(ground, `shared/schedules/${watch?.id}/run`, { key: "told-watch", body: {} });
  await until(ground, async () => (await send(ground, "insight/promises?state=open")).data.length > 0);
  await send(ground, "world/facts", { key: "told-is", body: fact(is) });
}

async function agree(ground: Ground, people: People): Promise<void> {
  for (const { person, use } of agreed) {
    const id = people.find(({ name }) => name === person)?.id;
    if (!id) continue;
    const body = { [use]: true, source: "service agreement", shown_text: consentText, proof: "binder, page 1" };
    await send(ground, `people/contacts/${id}/consents`, { key: `agreed-${person.length}-${use}`, body });
  }
}

const consentText = "What we keep of you may be used to make our service better.";

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
  await plantOffers(ground, { people, made, idOf });
  await state(ground, { said: afterwards, round: "afterwards", idOf });
  await agree(ground, people);
  const client = people.find(({ name }) => name === told.person)?.id;
  if (client) await tell(ground, { client, firm: idOf(told.of) });
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

/** Null, or what was refused. A start that was stopped half-way is gone on with by the next. */
export async function plantKnown(ground: Ground): Promise<string | null> {
  try {
    await plant(ground);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
