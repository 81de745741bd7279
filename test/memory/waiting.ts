// Chunks that wait for their vector, written as ingest writes them, and what became of them.
import { createHash } from "node:crypto";
import { type ScriptedEmbedder, scriptedEmbedder } from "#test/kit/embedder.ts";
import { type Tenant, type World, world } from "#test/kit/world.ts";

export type Remembering = World & { embedder: ScriptedEmbedder };

export async function remembering(options: Parameters<typeof world>[0] = {}): Promise<Remembering> {
  const embedder = scriptedEmbedder();
  return { ...(await world({ embedder: embedder.port, ...options })), embedder };
}

export const hashOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 32);

/** Writes the texts as chunks of one message each, asks for the embedder, and publishes the wake-up this made. */
export async function put(w: World, tenant: Tenant, texts: string[]): Promise<string[]> {
  const rows = texts.map((text) => ({ id: w.runtime.ids.uuid(), text, hash: hashOf(text) }));
  const at = w.clock.now().toISOString();
  const owner = [tenant.project, tenant.accountScope, JSON.stringify(rows), at];
  await w.neon.query(
    `with given as (select * from jsonb_to_recordset($3::jsonb) g (id uuid, text text, hash text)),
      chunk as (insert into memory.chunks (project_id, account_scope_id, id, source_table, source_pk, chunk_index, visibility,
          contact_id, occurred_at, lang, len, text, text_hash, tsv)
        select $1::uuid, $2::uuid, g.id, 'inbox.cw_messages', g.id::text, 0, 1, 'con_1', $4::timestamptz, 'english', 3, g.text, g.hash,
          to_tsvector('english', g.text) from given g returning id, text_hash)
    insert into memory.pending (project_id, account_scope_id, chunk_id, text_hash, created_at)
      select $1::uuid, $2::uuid, c.id, c.text_hash, $4::timestamptz from chunk c order by c.id`,
    owner,
  );
  await ask(w, tenant);
  return rows.map((row) => row.id);
}

/** The wake-up of writers: due in two seconds, published by whoever made it. */
export async function ask(w: World, tenant: Tenant): Promise<void> {
  const id = w.runtime.ids.next("outbox");
  const due = new Date(w.clock.now().getTime() + 2000).toISOString();
  const made = await w.neon.query(
    `insert into shared.outbox (project_id, account_scope_id, id, kind, dedupe_key, due_at) values ($1, $2, $3, 'memory.embed', 'memory.embed', $4)
      on conflict (project_id, kind, dedupe_key) where state = 'pending' do nothing returning id`,
    [tenant.project, tenant.accountScope, id, due],
  );
  if (made.length === 0) return;
  const message = { kind: "memory.embed", project: tenant.project, id, body: {}, delaySeconds: 2 };
  const sent = await w.queue.port.publish(message).catch(() => undefined);
  if (!sent) return;
  await w.neon.query("update shared.outbox set published_at = $2, message_id = $3 where id = $1", [
    id,
    w.clock.now().toISOString(),
    sent.messageId,
  ]);
}

/** What an edit does: new words, and whoever holds the claim loses it. */
export async function edit(w: World, tenant: Tenant, { id, text }: { id: string; text: string }): Promise<void> {
  await w.neon.query(
    "update memory.chunks set text = $3, text_hash = $4, tsv = to_tsvector('english', $3) where project_id = $1 and id = $2",
    [tenant.project, id, text, hashOf(text)],
  );
  await w.neon.query(
    `insert into memory.pending as q (project_id, account_scope_id, chunk_id, text_hash, created_at) values ($1, $2, $3, $4, $5)
      on conflict (project_id, chunk_id) do update set text_hash = excluded.text_hash, token = null, lease_until = null,
        not_before = null, attempts = 0, failed_at = null, error = null, created_at = excluded.created_at`,
    [tenant.project, tenant.accountScope, id, hashOf(text), w.clock.now().toISOString()],
  );
  await w.neon.query("delete from memory.vectors where project_id = $1 and chunk_id = $2", [tenant.project, id]);
  await ask(w, tenant);
}

export type Seen = {
  id: string;
  text: string;
  status: string;
  attempts: number;
  error: string | null;
  model: string | null;
};

/** The project's chunks in the columns of `memory.rag_chunks`, in the order they were written. */
export async function seen(w: World, tenant: Tenant): Promise<Seen[]> {
  const now = w.clock.now().toISOString();
  const rows = await w.neon.query(
    `select set_config('app.now', $2, true), r.id, r.text, r.embedding_status as status, r.embedding_attempts as attempts,
      r.embedding_error as error, r.embedding_model as model
      from memory.rag_chunks r where r.project_id = $1 order by r.id`,
    [tenant.project, now],
  );
  return rows.map(({ set_config: _, ...row }) => ({ ...row, attempts: Number(row["attempts"]) }) as Seen);
}

export const statuses = async (w: World, tenant: Tenant) => (await seen(w, tenant)).map((row) => row.status);
