/** What the demo's firm knows is written down through the API like anybody's. Once. */
import { entities, facts, standings } from "../business/data/known.ts";

type Ground = { url: string; apiKey: string; signal: AbortSignal };
type Made = { id: string; data: { id: string; name: string | null }[] };
type Sent = { key: string; method?: "POST" | "PUT"; body: unknown };

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
  for (const [place, { of, type, since, from, knowers, ...said }] of facts.entries()) {
    // Different sources of one kind contradict each other; what one person enters replaces what he entered.
    const provenance = from ? { source_type: "external", source_ref: from } : entered("demo");
    const body = { ...said, subject: idOf(of), value_type: type, valid_from: since, provenance };
    const fact = await send(ground, "world/facts", { key: `fact-${place}`, body });
    for (const { knower, status, instead } of knowers ?? []) {
      const edge = { knower: `entity:${idOf(knower)}`, status, believed_value: instead };
      await send(ground, `world/facts/${fact.id}/knowers`, {
        key: `knows-${place}-${knower}`,
        method: "PUT",
        body: edge,
      });
    }
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
