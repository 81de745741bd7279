// Puts turns straight into a project's memory, the way ingest and embedding leave them there.
import { createHash, randomUUID } from "node:crypto";
import type { Embedder } from "#local/embeddings/embedder.ts";
import { hashEmbedder } from "#local/embeddings-hash.ts";
import type { LocalNeon } from "#local/neon.ts";
import type { Tenant } from "#test/kit/world.ts";

export type Said = {
  text: string;
  /** Chatwoot's number of the conversation; turns get their places in the order given. */
  conversation?: number;
  /** Chatwoot's number of the contact. */
  contact?: number;
  name?: string;
  /** 2: a private note; 0: public knowledge. */
  visibility?: 0 | 1 | 2;
  at?: string;
  language?: "english" | "danish" | "simple";
  source?: string;
  /** Text without a vector, or with one of a strange model. */
  vector?: "none" | "strange";
};

export type Remembered = Said & { id: string; evidence: string; pk: string; conversationId: string; contactId: string };

export type Place = Pick<Tenant, "project" | "accountScope" | "accountId">;

let made = 0;

export const contactId = (place: Place, number: number) => `con_${place.accountId}_${number}`;
export const conversationId = (place: Place, number: number) => `cw:${place.project}:${place.accountId}:${number}`;

function complete(place: Place, turn: Said): Remembered {
  made += 1;
  const { conversation = 1, contact = 1 } = turn;
  return {
    ...turn,
    id: randomUUID(),
    evidence: `evi_${made}`,
    pk: `cwmsg:${place.project}:${place.accountId}:${made}`,
    conversationId: conversationId(place, conversation),
    contactId: contactId(place, contact),
  };
}

/** Rows as JSON for one statement per table; `seq` continues where the conversation stands. */
function rowOf(turn: Remembered, seq: number, meaning: { model: string; vector: ArrayLike<number> }) {
  const isKnowledge = turn.visibility === 0;
  const hash = createHash("sha256").update(turn.text).digest("hex").slice(0, 32);
  return {
    id: turn.id,
    evidence: turn.evidence,
    source: turn.source ?? (isKnowledge ? "memory.kb_entries" : "inbox.cw_messages"),
    pk: turn.pk,
    conversation: isKnowledge ? null : turn.conversationId,
    conversation_number: turn.conversation ?? 1,
    contact: isKnowledge ? null : turn.contactId,
    contact_number: turn.contact ?? 1,
    name: turn.name ?? null,
    seq: isKnowledge ? null : seq,
    visibility: turn.visibility ?? 1,
    at: turn.at ?? new Date(Date.UTC(2026, 9, 1, 8, made % 60, 0)).toISOString(),
    language: turn.language ?? "english",
    text: turn.text,
    hash,
    model: turn.vector === "strange" ? "strange@1" : meaning.model,
    vector: turn.vector === "none" ? null : `[${[...Array(1536).keys()].map((i) => meaning.vector[i] ?? 0).join(",")}]`,
  };
}

const people = `insert into people.contacts (project_id, account_scope_id, id, name)
  select distinct on (r.contact) $1::uuid, $2::uuid, r.contact, r.name from jsonb_to_recordset($3::jsonb) r (contact text, name text)
  where r.contact is not null order by r.contact, r.name nulls last on conflict do nothing`;
const contacts = `insert into inbox.cw_contacts (project_id, account_scope_id, id, account_id, contact_id, person_id, data, heard_at)
  select distinct $1::uuid, $2::uuid, 'cwc:' || $1 || ':' || $3 || ':' || r.contact_number, $3::bigint, r.contact_number, r.contact, '{}'::jsonb, now()
  from jsonb_to_recordset($4::jsonb) r (contact text, contact_number bigint) where r.contact is not null on conflict do nothing`;
const conversations = `insert into inbox.cw_conversations (project_id, account_scope_id, id, account_id, conversation_id, status, data, heard_at)
  select distinct $1::uuid, $2::uuid, r.conversation, $3::bigint, r.conversation_number, 'open', '{}'::jsonb, now()
  from jsonb_to_recordset($4::jsonb) r (conversation text, conversation_number bigint) where r.conversation is not null on conflict do nothing`;
const evidence = `insert into shared.evidence_items (project_id, account_scope_id, id, source_table, source_pk, content_hash, visibility, contact_id, occurred_at)
  select $1::uuid, $2::uuid, r.evidence, r.source, r.pk, r.hash, r.visibility, r.contact, r.at
  from jsonb_to_recordset($3::jsonb) r (evidence text, source text, pk text, hash text, visibility smallint, contact text, at timestamptz)`;
const chunks = `insert into memory.chunks (project_id, account_scope_id, id, source_table, source_pk, chunk_index, conversation_global_id, seq,
    contact_id, visibility, occurred_at, lang, len, text, text_hash, tsv)
  select $1::uuid, $2::uuid, r.id, r.source, r.pk, 0, r.conversation, r.seq, r.contact, r.visibility, r.at, r.language,
    length(to_tsvector(r.language, r.text)), r.text, r.hash, to_tsvector(r.language, r.text)
  from jsonb_to_recordset($3::jsonb) r (id uuid, source text, pk text, conversation text, seq int, contact text, visibility smallint,
    at timestamptz, language regconfig, text text, hash text)`;
const models = `insert into memory.models (name) select distinct r.model from jsonb_to_recordset($1::jsonb) r (model text) on conflict do nothing`;
const vectors = `insert into memory.vectors (project_id, account_scope_id, chunk_id, model_id, visibility, contact_id, occurred_at, text_hash, code, embedding)
  select $1::uuid, $2::uuid, r.id, m.id, r.visibility, r.contact, r.at, r.hash,
    ext.binary_quantize(r.vector::ext.halfvec(1536))::bit(1536), r.vector::ext.halfvec(1536)
  from jsonb_to_recordset($3::jsonb) r (id uuid, model text, visibility smallint, contact text, at timestamptz, hash text, vector text)
    join memory.models m on m.name = r.model where r.vector is not null`;
const corpus = `insert into memory.corpus (project_id, account_scope_id, chunks, tokens, model_id)
  select $1::uuid, $2::uuid, count(*), coalesce(sum(c.len), 0), (select m.id from memory.models m where m.name = $3)
  from memory.chunks c where c.project_id = $1::uuid
  on conflict (project_id) do update set chunks = excluded.chunks, tokens = excluded.tokens, model_id = excluded.model_id`;

export async function remember(
  neon: Pick<LocalNeon, "query">,
  place: Place,
  turns: Said[],
  embedder: Pick<Embedder, "model" | "embed"> = hashEmbedder,
): Promise<Remembered[]> {
  const done = turns.map((turn) => complete(place, turn));
  const places = new Map<string, number>();
  const known = await neon.query(
    "select conversation_global_id as id, max(seq) as seq from memory.chunks where project_id = $1 and seq is not null group by 1",
    [place.project],
  );
  for (const row of known) places.set(String(row["id"]), Number(row["seq"]));
  const embedded = await embedder.embed(turns.map((turn) => turn.text));
  const rows = done.map((turn, i) => {
    const seq = (places.get(turn.conversationId) ?? 0) + 1;
    places.set(turn.conversationId, seq);
    return rowOf(turn, seq, { model: embedder.model, vector: embedded[i] ?? [] });
  });
  const json = JSON.stringify(rows);
  const tenant = [place.project, place.accountScope];
  await neon.query(people, [...tenant, json]);
  await neon.query(contacts, [...tenant, place.accountId, json]);
  await neon.query(conversations, [...tenant, place.accountId, json]);
  for (const insert of [evidence, chunks]) await neon.query(insert, [...tenant, json]);
  await neon.query(models, [json]);
  await neon.query(vectors, [...tenant, json]);
  await neon.query(corpus, [...tenant, embedder.model]);
  return done;
}
