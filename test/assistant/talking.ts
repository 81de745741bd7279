// A person who talks to his planner, over REST.
import { deliver } from "#test/kit/jobs.ts";
import type { Tenant, World } from "#test/kit/world.ts";

export type Answer = {
  id: string;
  inbox_item: string;
  session: string;
  extractor: string;
  reason: string;
  repeated: boolean;
  counts: Record<string, number>;
  items: { entity_type: string; entity_id: string; title: string; op: string }[];
  questions: {
    id: string;
    kind: string;
    about: string;
    choices: { number: number; title: string; entity_id: string }[];
  }[];
};

let keys = 0;
export const freshKey = (): string => `k-${process.pid}-${++keys}`;

export type Sent = { key?: string; chat?: string; source?: string; client_message_id?: string; as?: string };

export async function say(w: World, who: Pick<Tenant, "apiKey">, text: string, sent: Sent = {}) {
  const { key = freshKey(), as = who.apiKey, ...more } = sent;
  const answer = await w.fetch("/v1/assistant/capture", {
    key: as,
    headers: key === "" ? {} : { "idempotency-key": key },
    json: { text, ...more },
  });
  const bytes = await answer.text();
  return { status: answer.status, bytes, body: JSON.parse(bytes) as Answer & { code?: string; cycle?: string[] } };
}

export async function call<T = Record<string, unknown>>(
  w: World,
  key: string,
  path: string,
  json?: unknown,
  method?: string,
): Promise<{ status: number; bytes: string; body: T }> {
  const answer = await w.fetch(path, {
    key,
    ...(json === undefined ? {} : { json, headers: { "idempotency-key": freshKey() } }),
    ...(method ? { method } : {}),
  });
  const bytes = await answer.text();
  return { status: answer.status, bytes, body: JSON.parse(bytes) as T };
}

export const rowsOf = (w: World, who: Tenant, table: string, columns = "*") =>
  w.neon.query(`select ${columns} from assistant.${table} where project_id = $1`, [who.project]);

export const idOf = (answer: Answer, title: string): string =>
  answer.items.find((item) => item.title === title)?.entity_id ?? "";

/** The job until nothing is due: what each run wrote. One run takes so many and no more. */
export async function summarized(w: World, who: Tenant): Promise<Record<string, number>[]> {
  const runs = [];
  for (;;) {
    const answer = await deliver(w, "assistant.summarize", { project: who.project });
    const told = (await answer.json()) as Record<string, number>;
    if (answer.status !== 200) throw new Error(JSON.stringify(told));
    if (Object.values(told).every((n) => n === 0)) return runs;
    runs.push(told);
  }
}
