// The same rows as inbox.ingest() writes for a message of a known customer, as a program would that thinks table by table:
// eight statements, values made by the caller, as the tables' owner and so without row security.
import type { IngestEvent } from "#brain/inbox/events.ts";
import type { Statement } from "../kit/session.ts";

export type Place = { project: string; scope: string; person(contact: string): string };

type Fields = Record<string, unknown>;

const text = (value: unknown): string => JSON.stringify(value ?? {});
const of = (row: Fields | null | undefined, ...keys: string[]): unknown[] => keys.map((key) => row?.[key] ?? null);

export function naiveStatements(event: IngestEvent, place: Place): Statement[] {
  const message = event.message as Fields;
  const [chunk] = message["chunks"] as { id: string; text: string }[];
  const contact = String(event.contacts[0]?.["id"]);
  const about = { event, message, contact, person: place.person(contact) };
  const statements = [delivery(about), mirrorContact(about), conversation(about), stored(about), evidence(about)];
  const words = [passage(about, chunk ?? { id: "", text: "" }), ledger(about), outbox(about)];
  return [...statements, ...words].map((statement) => ({
    text: statement.text,
    values: [place.project, place.scope, ...statement.values],
  }));
}

type About = { event: IngestEvent; message: Fields; contact: string; person: string };

const delivery = ({ event }: About): Statement => ({
  text: `insert into inbox.deliveries (project_id, account_scope_id, id, source_id, delivery_id, content_key, body_hash, event,
      account_id, outcome, sent_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'stored', $10) on conflict do nothing returning id`,
  values: of(event, "id", "source", "delivery", "content_key", "body_hash", "event", "account", "sent_at"),
});

const mirrorContact = ({ event, person }: About): Statement => ({
  text: `insert into inbox.cw_contacts as t (project_id, account_scope_id, id, account_id, contact_id, heard_at, person_id, data, name,
      email, phone_number) values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $8::jsonb->>'name', $8::jsonb->>'email',
      $8::jsonb->>'phone_number') on conflict (project_id, id) do update set data = t.data || excluded.data,
      heard_at = excluded.heard_at where t.heard_at < excluded.heard_at`,
  values: [
    ...of(event.contacts[0], "id", "account_id", "contact_id", "heard_at"),
    person,
    text(event.contacts[0]?.["data"]),
  ],
});

const conversation = ({ event, message }: About): Statement => ({
  text: `insert into inbox.cw_conversations as t (project_id, account_scope_id, id, account_id, conversation_id, contact_global_id,
      inbox_id, channel, status, assignee_id, updated_at, heard_at, data, last_message_at, turns)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)
    on conflict (project_id, id) do update set status = excluded.status, data = excluded.data, heard_at = excluded.heard_at,
      updated_at = excluded.updated_at, last_message_at = greatest(t.last_message_at, excluded.last_message_at), turns = t.turns + 1
    returning turns`,
  values: [
    ...of(
      event.conversation,
      "id",
      "account_id",
      "conversation_id",
      "contact",
      "inbox_id",
      "channel",
      "status",
      "assignee_id",
    ),
    ...of(event.conversation, "updated_at", "heard_at"),
    text(event.conversation?.["data"]),
    message["created_at"],
  ],
});

const stored = ({ message }: About): Statement => ({
  text: `insert into inbox.cw_messages (project_id, account_scope_id, id, account_id, message_id, conversation_id,
      conversation_global_id, contact_global_id, sender_type, sender_id, private, message_type, content_type, content, content_hash,
      created_at, heard_at, attachments, data, seq)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
      (select turns from inbox.cw_conversations where project_id = $1 and id = $7))`,
  values: [
    ...of(
      message,
      "id",
      "account_id",
      "message_id",
      "conversation_id",
      "conversation",
      "contact",
      "sender_type",
      "sender_id",
    ),
    ...of(message, "private", "message_type", "content_type", "content", "content_hash", "created_at", "heard_at"),
    text(message["attachments"]),
    text(message["data"]),
  ],
});

const evidence = ({ message, person }: About): Statement => ({
  text: `insert into shared.evidence_items (project_id, account_scope_id, id, source_pk, content_hash, occurred_at, contact_id,
      source_table, visibility) values ($1, $2, $3, $4, $5, $6, $7, 'inbox.cw_messages', 1)`,
  values: [...of(message, "evidence", "id", "content_hash", "created_at"), person],
});

const passage = ({ message, person }: About, chunk: { id: string; text: string }): Statement => ({
  text: `with put as (
      insert into memory.chunks (project_id, account_scope_id, source_pk, conversation_global_id, occurred_at, contact_id, id, text, lang,
        source_table, chunk_index, seq, visibility, len, text_hash, tsv)
      select $1, $2, $3, $4, $5, $6, $7, $8, $9::regconfig, 'inbox.cw_messages', 0,
        (select turns from inbox.cw_conversations where project_id = $1 and id = $4), 1,
        length(words), left(encode(sha256(convert_to($8, 'UTF8')), 'hex'), 32), words from to_tsvector($9::regconfig, $8) words
      returning id, text_hash)
    insert into memory.pending (project_id, account_scope_id, chunk_id, text_hash) select $1, $2, id, text_hash from put`,
  values: [
    ...of(message, "id", "conversation", "created_at"),
    person,
    chunk.id,
    chunk.text,
    message["lang"] ?? "simple",
  ],
});

const ledger = ({ event, message }: About): Statement => ({
  text: `insert into shared.events (project_id, account_scope_id, id, ref_id, ts, actor, payload, kind, ref_type, request_id)
    values ($1, $2, $3, $4, $5, $6, $7, 'message.received', 'message', 'req_bench')`,
  values: [
    ...of(message, "ledger", "id", "created_at"),
    `source:${event.source}`,
    text({
      conversation: message["conversation"],
      direction: message["message_type"],
      private: false,
      attachments: 0,
      hash: message["content_hash"],
    }),
  ],
});

const outbox = ({ event }: About): Statement => ({
  text: `insert into shared.outbox (project_id, account_scope_id, id, kind, dedupe_key, due_at)
    values ($1, $2, $3, 'memory.embed', 'memory.embed', now() + interval '2 seconds')
    on conflict (project_id, kind, dedupe_key) where state = 'pending' do nothing`,
  values: [event.outbox],
});
