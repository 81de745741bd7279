/** The demo's owner tells his planner what is on his mind, through the API like anybody. Once. */
import { drawn, spoken } from "../business/data/day.ts";

type Ground = { url: string; apiKey: string; signal: AbortSignal };
type Seen = { things: { id: string; title: string }[] };

async function send<T>(
  { url, apiKey, signal }: Ground,
  path: string,
  sent?: { key: string; body: unknown },
): Promise<T> {
  const answer = await fetch(`${url}/v1/assistant/${path}`, {
    method: sent ? "POST" : "GET",
    signal,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(sent ? { "content-type": "application/json", "idempotency-key": `"demo-day-${sent.key}"` } : {}),
    },
    ...(sent ? { body: JSON.stringify(sent.body) } : {}),
  });
  const told = (await answer.json()) as T & { code?: string };
  if (!answer.ok && told.code !== "link_exists") throw new Error(`${path} (${told.code ?? answer.status})`);
  return told;
}

/** Null, or what was refused. Each message has an id of its own: a start that was stopped half-way says nothing twice. */
export async function plantPlanner(ground: Ground): Promise<string | null> {
  try {
    for (const [place, text] of spoken.entries()) {
      const body = { text, chat: "console", source: "console", client_message_id: `demo-day-${place}` };
      await send(ground, "capture", { key: String(place), body });
    }
    const { things } = await send<Seen>(ground, "map");
    const idOf = (wanted: string) => things.find(({ title }) => title === wanted)?.id;
    const link = { from: idOf(drawn.from), type: drawn.type, to: idOf(drawn.to) };
    await send(ground, "links", { key: "link", body: link });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
