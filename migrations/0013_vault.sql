-- The vault: documents of the house, copied from where they are written, so that they can be found and cited.

create schema vault;
comment on schema vault is 'Documents from GitHub, Notion and Google Drive.';
grant usage on schema vault to omneuro_app;

-- A place documents come from is bound like any outside account, with its webhook's address and its sealed secrets. But a
-- project may have several of a kind, and two projects may read the same repository.
alter table identity.project_sources drop constraint project_sources_source_kind_check;
alter table identity.project_sources add constraint project_sources_source_kind_check check (source_kind in (
  'chatwoot_account', 'twilio_number', 'telegram_bot', 'telnyx_number', 'email_domain',
  'github_repository', 'notion_workspace', 'gdrive_folder'));
alter table identity.project_sources drop constraint project_sources_source_kind_external_id_key;
alter table identity.project_sources drop constraint project_sources_project_id_source_kind_key;
create unique index project_sources_source_kind_external_id_key on identity.project_sources (source_kind, external_id)
  where source_kind not in ('github_repository', 'notion_workspace', 'gdrive_folder');
create unique index project_sources_project_id_source_kind_key on identity.project_sources (project_id, source_kind)
  where source_kind not in ('github_repository', 'notion_workspace', 'gdrive_folder');
create unique index project_sources_documents_once on identity.project_sources (project_id, source_kind, external_id)
  where source_kind in ('github_repository', 'notion_workspace', 'gdrive_folder');

create table vault.sources (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  source text not null check (source in ('github', 'notion', 'gdrive')),
  repository text not null check (length(repository) between 1 and 200),
  branch text check (length(branch) between 1 and 200),
  folder text check (length(folder) between 1 and 500),
  visibility smallint not null default 2 check (visibility in (0, 2)),
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  unique (project_id, source, repository),
  foreign key (project_id, id) references identity.project_sources (project_id, id)
);
comment on table vault.sources is 'A repository, workspace or folder whose documents the project reads.';
comment on column vault.sources.id is 'The same as in identity.project_sources, where its secrets are.';
comment on column vault.sources.repository is 'GitHub owner/name; a name of one''s own for a Notion workspace; the id of a Drive folder.';
comment on column vault.sources.folder is 'Only what is below this path; null: everything.';
comment on column vault.sources.visibility is '0 public: clients may be answered from it; 2 internal. Never a guess: somebody chose it.';
select shared.protect_tenant('vault.sources');
grant select, insert, update on vault.sources to omneuro_app;

create table vault.sync_status (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  source text not null check (source in ('github', 'notion', 'gdrive')),
  repository text not null,
  last_sync_at timestamptz,
  status text not null default 'pending' check (status in ('pending', 'in_progress', 'success', 'error')),
  error_message text,
  document_count int not null default 0,
  phase text check (phase in ('list', 'fetch', 'remove')),
  run uuid,
  token uuid,
  lease_until timestamptz,
  not_before timestamptz,
  failures int not null default 0,
  again boolean not null default false,
  cursor jsonb,
  checkpoint jsonb,
  next_checkpoint jsonb,
  changed int not null default 0,
  removed int not null default 0,
  started_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  unique (project_id, source, repository),
  foreign key (project_id, id) references identity.project_sources (project_id, id)
);
comment on table vault.sync_status is 'How far the copy of a source is, and the run that is under way.';
comment on column vault.sync_status.last_sync_at is 'End of the last run that succeeded.';
comment on column vault.sync_status.error_message is 'Why the last try failed; what was copied before stays.';
comment on column vault.sync_status.phase is 'Of the run: names are listed, contents fetched, what has vanished removed.';
comment on column vault.sync_status.token is 'Who works on the run: only the holder may write, and a newer claim takes it away.';
comment on column vault.sync_status.not_before is 'The run rests until then: the provider asked for it, or a failure is being waited out.';
comment on column vault.sync_status.again is 'Somebody asked for a sync while one was running: another follows.';
comment on column vault.sync_status.cursor is 'Where the listing goes on.';
comment on column vault.sync_status.checkpoint is 'What the provider said at the last success, by which it can tell that nothing has changed.';
select shared.protect_tenant('vault.sync_status');
grant select, insert, update on vault.sync_status to omneuro_app;

create table vault.entries (
  project_id uuid not null,
  account_scope_id uuid not null,
  source_id text not null,
  path text not null check (length(path) between 1 and 1000),
  ref text not null,
  sha text not null,
  title text,
  url text,
  occurred_at timestamptz,
  run uuid not null,
  skipped text,
  primary key (project_id, source_id, path),
  foreign key (project_id, source_id) references identity.project_sources (project_id, id)
);
comment on table vault.entries is 'A document as the last listing named it: what to fetch follows from it, and what has vanished.';
comment on column vault.entries.ref is 'What its content is asked for by: a blob''s sha, a page''s or file''s id.';
comment on column vault.entries.skipped is 'Why it is not copied: too large, no text, or not to be had this time.';
select shared.protect_tenant('vault.entries');
grant select, insert, update, delete on vault.entries to omneuro_app;

create table vault.documents (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  source_id text not null,
  source text not null check (source in ('github', 'notion', 'gdrive')),
  repository text not null,
  path text not null,
  content text not null,
  sha text,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  unique (project_id, source, repository, path),
  foreign key (project_id, source_id) references identity.project_sources (project_id, id)
);
create index documents_source on vault.documents (project_id, source_id, path);
create index documents_newest on vault.documents (project_id, updated_at desc, id desc);
comment on table vault.documents is 'A document as it is at its source. A file that vanished and came back is a new one.';
comment on column vault.documents.sha is 'The provider''s version of the content: Git''s blob sha, a checksum, or a time of change.';
comment on column vault.documents.metadata is '{title, url, occurred_at}: what the provider says beside the content.';
select shared.protect_tenant('vault.documents');
grant select, insert, update, delete on vault.documents to omneuro_app;

create table vault.deliveries (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  source_id text not null,
  delivery_id text not null,
  event text not null,
  body_hash text not null,
  outcome text not null check (outcome in ('started', 'ignored', 'replayed')),
  raw jsonb,
  received_at timestamptz not null default shared.clock(),
  expires_at timestamptz not null default shared.clock() + interval '30 days',
  primary key (project_id, id),
  unique (project_id, source_id, delivery_id, body_hash),
  foreign key (project_id, source_id) references identity.project_sources (project_id, id)
);
create index deliveries_expiry on vault.deliveries (project_id, expires_at);
comment on table vault.deliveries is 'A verified webhook of a source of documents. No time is signed, so its id is what tells a repeat.';
comment on column vault.deliveries.raw is 'Kept for events that we do not act on.';
select shared.protect_tenant('vault.deliveries');
grant select, insert, update, delete on vault.deliveries to omneuro_app;

create view vault.embeddings with (security_invoker = true) as
  select r.project_id, r.id, r.source_pk as document_id, r.embedding, r.created_at, r.chunk_index, r.embedding_status
  from memory.rag_chunks r where r.source_table = 'vault.documents';
comment on view vault.embeddings is 'The vectors of documents: passages of memory, seen from the vault.';
grant select on vault.embeddings to omneuro_app;

insert into identity.role_permissions (role, permission) values
  ('owner', 'vault:read'), ('owner', 'vault:write'), ('lead_technician', 'vault:read'), ('lead_technician', 'vault:write'),
  ('office', 'vault:read'), ('office', 'vault:write'), ('technician', 'vault:read');
