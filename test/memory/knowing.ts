// Knowledge by REST as people of a house would write it: one key for each role, and embedding delivered on demand.
import { addKey } from "#db/bootstrap.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import type { Tenant, World } from "#test/kit/world.ts";

export type Entry = {
  id: string;
  status: string;
  version: number;
  title: string;
  body: string;
  visibility: string;
  allowed: string[];
  replaced_by: string | null;
  source_event_id: string | null;
};
export type Told<T> = { status: number; body: T & { code: string; allowed: string[]; state: string } };

const roles = {
  technician: ["memory:read", "memory:ask", "knowledge:write"],
  lead: ["memory:read", "memory:ask", "memory:ask_as", "knowledge:write", "knowledge:review"],
  owner: [
    ...["memory:read", "memory:write", "memory:ask", "memory:ask_as", "shared:read", "shared:operate"],
    ...["knowledge:write", "knowledge:review", "knowledge:publish"],
  ],
} as const;

export type Role = keyof typeof roles;

export async function knowing(w: World, place: Tenant = w.a) {
  const keys = {} as Record<Role, string>;
  for (const [role, permissions] of Object.entries(roles))
    keys[role as Role] = await addKey(w.neon, { ...place, permissions: [...permissions], name: role });
  let calls = 0;

  async function call<T = Entry>(role: Role, path: string, json?: unknown, method = "POST"): Promise<Told<T>> {
    calls += 1;
    const headers = { "idempotency-key": `know-${place.accountId}-${calls}` };
    const sent = json === undefined ? {} : { json, method, headers };
    const answer = await w.fetch(`/v1/memory/${path}`, { key: keys[role], ...sent });
    const body = (await answer.json()) as Told<T>["body"];
    await w.settled();
    return { status: answer.status, body };
  }

  const write = (words: Record<string, unknown>, role: Role = "technician") =>
    call(role, "knowledge", { type: "diag", ...words });

  return {
    keys,
    call,
    write,
    /** From a draft to a live entry, as the house does it. */
    live: async (words: Record<string, unknown>) => {
      const { id } = (await write(words)).body;
      await call("lead", `knowledge/${id}/submit`, { version: 1 });
      const { status, body } = await call("owner", `knowledge/${id}/publish`, { version: 1 });
      if (status !== 200) throw new Error(JSON.stringify(body));
      return body;
    },
    ask: async (question: string, audience?: object, key = keys.owner) => {
      const answer = await w.fetch("/v1/ask", { key, json: { question, ...(audience ? { audience } : {}) } });
      return (await answer.json()) as {
        id: string;
        status: string;
        sentences: { text: string }[];
        citations: { id: string; version: number; source: { table: string; pk: string }; quote: string }[];
      };
    },
    search: async (q: string) => {
      const answer = await w.fetch(`/v1/search?q=${encodeURIComponent(q)}`, { key: keys.owner });
      const { data } = (await answer.json()) as { data: { text: string; source: { pk: string } }[] };
      return data;
    },
    /** Everything that was published is delivered. */
    embed: async () => {
      while (w.queue.published.length > 0) await deliverPublished(w);
    },
  };
}

export type Knowing = Awaited<ReturnType<typeof knowing>>;
