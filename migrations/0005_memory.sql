-- Everything that can be recalled: text, vectors and the queue between them, kept apart (docs/memory.md says why).

create schema memory;
comment on schema memory is 'Everything that can be recalled, with who may recall it.';
grant usage on schema memory to omneuro_app;

-- Who may see it and what is looked for, as recall receives it. An array that is null does not restrict.
create type memory.filter as (
  visibilities smallint[],
  owners text[],
  contacts text[],
  conversations text[],
  sources text[],
  since timestamptz,
  until timestamptz
);
comment on type memory.filter is 'The audience (visibilities; owners of what is the contact''s own) and what the search is narrowed to.';
comment on column memory.filter.owners is 'Contacts whose own passages (visibility 1) may be seen; null: everybody''s.';
comment on column memory.filter.until is 'Exclusive.';

create table memory.chunks (
  project_id uuid not null,
  account_scope_id uuid not null,
  id uuid not null,
  source_table text not null,
  source_pk text not null,
  chunk_index int not null check (chunk_index >= 0),
  conversation_global_id text,
  seq int,
  contact_id text,
  visibility smallint not null check (visibility between 0 and 2),
  occurred_at timestamptz not null,
  lang regconfig not null,
  len smallint not null,
  text text not null,
  text_hash text not null,
  tsv tsvector not null,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  unique (project_id, source_table, source_pk, chunk_index)
);
create index chunks_words on memory.chunks using gin (project_id, tsv) with (fastupdate = off);
create index chunks_turn on memory.chunks (project_id, conversation_global_id, seq) include (id, len, visibility, contact_id);
create index chunks_contact on memory.chunks (project_id, contact_id, occurred_at) include (id, visibility);
create index chunks_public on memory.chunks (project_id) include (id) where visibility = 0;
create index chunks_text_hash on memory.chunks (project_id, text_hash);
alter table memory.chunks set (autovacuum_vacuum_insert_scale_factor = 0.02);
comment on table memory.chunks is 'A passage of a source that can be found and quoted, word for word.';
comment on column memory.chunks.seq is 'The turn''s place in its conversation: neighbours help a short turn when it is searched. A hint, never a truth.';
comment on column memory.chunks.visibility is '0 public, 1 the contact''s own, 2 internal.';
comment on column memory.chunks.len is 'Distinct lexemes: the length that BM25 uses.';
comment on column memory.chunks.text_hash is 'First 32 hex digits of SHA-256 of the text; a vector belongs to a hash, not to a row.';
select shared.protect_tenant('memory.chunks');
grant select, insert, update, delete on memory.chunks to omneuro_app;

create table memory.pending (
  project_id uuid not null,
  account_scope_id uuid not null,
  chunk_id uuid not null,
  text_hash text not null,
  token uuid,
  lease_until timestamptz,
  not_before timestamptz,
  attempts int not null default 0,
  failed_at timestamptz,
  error text,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, chunk_id),
  foreign key (project_id, chunk_id) references memory.chunks (project_id, id) on delete cascade
) with (fillfactor = 80);
create index pending_text on memory.pending (project_id, text_hash);
create index pending_failed on memory.pending (project_id, failed_at) where failed_at is not null;
comment on table memory.pending is 'A chunk that waits for its vector; gone when the vector is written.';
comment on column memory.pending.token is 'Who holds the claim: only the holder may settle, and an edit takes the claim away.';
comment on column memory.pending.attempts is 'Claims so far, so that a crash counts too; after five it fails with its reason.';
select shared.protect_tenant('memory.pending');
grant select, insert, update, delete on memory.pending to omneuro_app;

create table memory.models (
  id smallint generated always as identity primary key,
  name text not null unique
);
comment on table memory.models is 'An embedding model by name; vectors carry its number and are never compared across models.';
select shared.protect_global('memory.models', 'true', 'true');
grant select, insert on memory.models to omneuro_app;

-- Vectors lie beside the text, not in its row: 3 KB a row would push text and words out of line, and writing one would
-- re-enter every index of the text. STORAGE PLAIN keeps a scan from fetching each vector separately.
do $$ begin
  if exists (select from pg_extension where extname = 'vector') then
    execute $t$
      create table memory.vectors (
        project_id uuid not null,
        account_scope_id uuid not null,
        chunk_id uuid not null,
        model_id smallint not null references memory.models (id),
        visibility smallint not null,
        contact_id text,
        occurred_at timestamptz not null,
        text_hash text not null,
        code bit(1536) not null,
        embedding ext.halfvec(1536) not null,
        embedded_at timestamptz not null default shared.clock(),
        primary key (project_id, chunk_id),
        foreign key (project_id, chunk_id) references memory.chunks (project_id, id) on delete cascade
      );
      alter table memory.vectors alter embedding set storage plain, alter code set storage plain;
      alter table memory.vectors set (autovacuum_vacuum_insert_scale_factor = 0.02);
      create index vectors_code on memory.vectors (project_id) include (chunk_id, model_id, visibility, contact_id, occurred_at, code);
    $t$;
  else
    execute $t$
      create table memory.vectors (
        project_id uuid not null,
        account_scope_id uuid not null,
        chunk_id uuid not null,
        model_id smallint not null references memory.models (id),
        visibility smallint not null,
        contact_id text,
        occurred_at timestamptz not null,
        text_hash text not null,
        embedded_at timestamptz not null default shared.clock(),
        primary key (project_id, chunk_id),
        foreign key (project_id, chunk_id) references memory.chunks (project_id, id) on delete cascade
      );
    $t$;
  end if;
end $$;
comment on table memory.vectors is 'The meaning of a chunk as one model sees it. On a server without pgvector the two vector columns are absent.';
select shared.protect_tenant('memory.vectors');
grant select, insert, update, delete on memory.vectors to omneuro_app;

create table memory.corpus (
  project_id uuid primary key,
  account_scope_id uuid not null,
  chunks bigint not null default 0,
  tokens bigint not null default 0,
  langs regconfig[] not null default '{english,danish,simple}',
  model_id smallint references memory.models (id),
  exact_limit int not null default 2500 check (exact_limit >= 0),
  paused_until timestamptz,
  updated_at timestamptz not null default shared.clock()
);
comment on table memory.corpus is 'What recall must know of a project''s memory before it ranks: size, length, languages, model.';
comment on column memory.corpus.paused_until is 'The embedder asked to be left alone until then, or could not be reached.';
comment on column memory.corpus.exact_limit is 'Up to so many chunks the vector leg scans exactly; above, sign codes choose first.';
select shared.protect_tenant('memory.corpus');
grant select, insert, update on memory.corpus to omneuro_app;

do $$ begin
  if exists (select from pg_extension where extname = 'vector') then
    execute $v$
      create view memory.rag_chunks with (security_invoker = true) as
        select c.id, c.project_id, c.account_scope_id, c.conversation_global_id,
          case when c.source_table = 'inbox.cw_messages' then c.source_pk end as message_global_id,
          c.source_table, c.source_pk, c.chunk_index, c.visibility, c.text, c.text_hash, c.len as content_tokens, v.embedding,
          case when p.failed_at is not null then 'failed' when p.lease_until > shared.clock() then 'processing'
            when p.chunk_id is not null then 'pending' when v.chunk_id is not null then 'ready' else 'pending' end as embedding_status,
          m.name as embedding_model, coalesce(p.attempts, 1) as embedding_attempts, p.error as embedding_error,
          c.created_at, c.updated_at, v.embedded_at as last_embedded_at
        from memory.chunks c
          left join memory.vectors v on v.project_id = c.project_id and v.chunk_id = c.id
          left join memory.models m on m.id = v.model_id
          left join memory.pending p on p.project_id = c.project_id and p.chunk_id = c.id $v$;
  else
    execute $v$
      create view memory.rag_chunks with (security_invoker = true) as
        select c.id, c.project_id, c.account_scope_id, c.conversation_global_id,
          case when c.source_table = 'inbox.cw_messages' then c.source_pk end as message_global_id,
          c.source_table, c.source_pk, c.chunk_index, c.visibility, c.text, c.text_hash, c.len as content_tokens, null::text as embedding,
          case when p.failed_at is not null then 'failed' when p.lease_until > shared.clock() then 'processing'
            when p.chunk_id is not null then 'pending' when v.chunk_id is not null then 'ready' else 'pending' end as embedding_status,
          m.name as embedding_model, coalesce(p.attempts, 1) as embedding_attempts, p.error as embedding_error,
          c.created_at, c.updated_at, v.embedded_at as last_embedded_at
        from memory.chunks c
          left join memory.vectors v on v.project_id = c.project_id and v.chunk_id = c.id
          left join memory.models m on m.id = v.model_id
          left join memory.pending p on p.project_id = c.project_id and p.chunk_id = c.id $v$;
  end if;
end $$;
comment on view memory.rag_chunks is 'Text, vector and embedding state of a chunk as one row.';
grant select on memory.rag_chunks to omneuro_app;

create table memory.kb_entries (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  source_event_id text,
  type text not null check (type in ('faq', 'howto', 'diag', 'part', 'note')),
  title text not null,
  body text not null,
  tags text[] not null default '{}',
  status text not null default 'draft' check (status in ('draft', 'review', 'live', 'deprecated')),
  visibility smallint not null default 2 check (visibility between 0 and 2),
  replaced_by text,
  ts timestamptz not null default shared.clock(),
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  foreign key (project_id, source_event_id) references shared.events (project_id, id),
  foreign key (project_id, replaced_by) references memory.kb_entries (project_id, id)
);
comment on table memory.kb_entries is 'A piece of the firm''s own knowledge. The embedding lives in chunks and vectors.';
select shared.protect_tenant('memory.kb_entries');
grant select, insert, update on memory.kb_entries to omneuro_app;

create table memory.answers (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  actor text not null,
  request_id text not null,
  question text not null,
  audience jsonb not null,
  status text not null check (status in ('answered', 'insufficient_evidence')),
  sentences jsonb not null default '[]',
  answerer text not null,
  stale_at timestamptz,
  stale_reason text check (stale_reason in ('evidence_edited', 'evidence_withdrawn', 'evidence_erased')),
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id)
);
create index answers_newest on memory.answers (project_id, created_at desc, id desc);
comment on table memory.answers is 'A question that was answered, for whom, with what.';
comment on column memory.answers.stale_at is 'The evidence under it changed: whoever relied on it should look again.';
select shared.protect_tenant('memory.answers');
grant select, insert, update on memory.answers to omneuro_app;

create table memory.answer_citations (
  project_id uuid not null,
  account_scope_id uuid not null,
  answer_id text not null,
  position int not null,
  evidence_id text not null,
  evidence_version int not null,
  source_table text not null,
  source_pk text not null,
  chunk_id uuid,
  quote text not null,
  occurred_at timestamptz not null,
  primary key (project_id, answer_id, position),
  foreign key (project_id, answer_id) references memory.answers (project_id, id) on delete cascade,
  foreign key (project_id, evidence_id) references shared.evidence_items (project_id, id)
);
create index answer_citations_evidence on memory.answer_citations (project_id, evidence_id);
comment on table memory.answer_citations is 'The words an answer rests on, as they were when it was given.';
select shared.protect_tenant('memory.answer_citations');
grant select, insert, update on memory.answer_citations to omneuro_app;
