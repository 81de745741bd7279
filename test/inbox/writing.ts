// A tenant that writes into its Chatwoot account: asks over REST, runs the jobs, hears the webhooks.
import { expect } from "vitest";
import type { Written } from "#local/chatwoot/people.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { arrive, type Bound } from "#test/sync/account.ts";
import { type Json, number, rows } from "./chatwoot.ts";

export type Wrote = {
  id: string;
  state: string;
  reason: string | null;
  message: number | null;
  linked_at: string | null;
};

/** A customer has written, and we have heard it; nothing waits. */
export async function talking(of: Bound): Promise<Written> {
  const written = of.office.customer.writes({
    contact: { name: "Mette Holm", phone: `+45203${number()}` },
    text: "Kan I komme torsdag?",
  });
  await arrive(of);
  of.w.queue.published.length = 0;
  return written;
}

export async function ask(
  of: Bound,
  path: string,
  json: Json,
  key = `k${number()}`,
): Promise<{ status: number; body: Wrote & { code?: string }; headers: Headers }> {
  const answer = await of.w.fetch(`/v1/inbox/conversations/${path}`, {
    key: of.w.a.apiKey,
    json,
    headers: { "idempotency-key": `"${key}"` },
  });
  await of.w.settled();
  return { status: answer.status, body: (await answer.json()) as Wrote, headers: answer.headers };
}

/** The jobs that carry writes; everything else that was published stays aside. */
export async function carry(of: Bound) {
  const { published } = of.w.queue;
  const ours = published.filter(({ kind }) => kind === "inbox.write");
  const rest = published.filter(({ kind }) => kind !== "inbox.write");
  published.splice(0, published.length, ...ours);
  const answers = await deliverPublished(of.w);
  published.push(...rest);
  return answers.map(({ status, body }) => ({ status, body: body as { state: string; called: boolean } }));
}

export async function writeOf(of: Bound, id: string): Promise<Wrote> {
  const answer = await of.w.fetch(`/v1/inbox/writes/${id}`, { key: of.w.a.apiKey });
  return (await answer.json()) as Wrote;
}

export const mirrored = (of: Bound, text: string): Promise<Json[]> =>
  rows(
    of.w,
    of.w.a,
    "select own_ref, private, message_id from inbox.cw_messages where project_id = $1 and content = $2",
    [text],
  );

export const ledger = async (of: Bound, kinds: string): Promise<string[]> =>
  (
    await rows(of.w, of.w.a, "select kind from shared.events where project_id = $1 and kind like $2 order by id", [
      kinds,
    ])
  ).map(({ kind }) => String(kind));

/** Calls that changed something in Chatwoot. */
export const posts = (of: Bound): string[] => of.office.troubles.calls.filter((call) => call.startsWith("POST"));

let texts = 0;
export const words = () => {
  texts += 1;
  return `Hunden er løs, ring først (${texts})`;
};

export async function notedIn(of: Bound, text: string): Promise<{ conversation: number; id: string }> {
  const { conversation } = await talking(of);
  const asked = await ask(of, `${conversation.id}/notes`, { text });
  expect([asked.status, asked.body.state]).toEqual([202, "pending"]);
  return { conversation: conversation.id, id: asked.body.id };
}

/** One row, ours, internal, and no news. */
export async function isOursIn(of: Bound, { text, id }: { text: string; id: string }): Promise<void> {
  expect(await mirrored(of, text)).toEqual([expect.objectContaining({ own_ref: id, private: true })]);
  const write = await writeOf(of, id);
  expect(write).toMatchObject({ state: "done", reason: null });
  expect(write.linked_at).not.toBeNull();
  const [row] = await rows(
    of.w,
    of.w.a,
    "select wanted, token, cw_message_id from inbox.own_writes where project_id = $1 and id = $2",
    [id],
  );
  expect(row).toMatchObject({ wanted: {}, token: null });
  const [{ n } = {}] = await rows(
    of.w,
    of.w.a,
    "select count(*)::int as n from shared.outbox where project_id = $1 and kind = 'inbox.write' and state = 'pending' and payload->>'write' = $2",
    [id],
  );
  expect(n).toBe(0);
}
