-- Reconciling the mirror with Chatwoot's API: runs, what they have seen, and what is gone there.

alter table inbox.cw_contacts add column deleted_at timestamptz;
alter table inbox.cw_conversations add column deleted_at timestamptz;
comment on column inbox.cw_contacts.deleted_at is 'No longer there in Chatwoot, deleted or merged into another; what was known of him is gone here too.';
comment on column inbox.cw_conversations.deleted_at is 'No longer there in Chatwoot; its messages are deleted here too.';
comment on column inbox.cw_messages.updated_at is 'Version of the newest edit: Chatwoot''s own time where it was told, else the send time; of what the API told, the time it was asked. Null before that.';

create table inbox.sync_runs (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  source text not null,
  kind text not null check (kind in ('import', 'catch_up', 'full', 'check')),
  state text not null default 'running' check (state in ('running', 'done', 'failed', 'cancelled')),
  phase text not null default 'conversations' check (phase in ('conversations', 'contacts', 'vanished', 'done')),
  position jsonb not null default '{}' check (shared.is_wordless(position)),
  todo jsonb not null default '[]' check (shared.is_wordless(todo)),
  counts jsonb not null default '{}' check (shared.is_wordless(counts)),
  window_from timestamptz,
  as_of timestamptz,
  token text,
  lease_until timestamptz,
  failures int not null default 0,
  error text,
  waiting_until timestamptz,
  actor text not null default coalesce(nullif(current_setting('app.actor', true), ''), 'system'),
  started_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  finished_at timestamptz,
  primary key (project_id, id),
  foreign key (project_id, source) references identity.project_sources (project_id, id),
  check ((state = 'running') = (finished_at is null))
);
create unique index sync_runs_one_running on inbox.sync_runs (project_id, source) where state = 'running';
create index sync_runs_newest on inbox.sync_runs (project_id, source, started_at desc, id desc);
comment on table inbox.sync_runs is 'One reading of a source''s API, a first import or a later catch-up, step by step; where it stands is what a killed one goes on from.';
comment on column inbox.sync_runs.position is 'Pages and passes of the lists that are being walked.';
comment on column inbox.sync_runs.todo is 'Conversations whose messages are still to be read: [{c: number, from: id, below: id or null}].';
comment on column inbox.sync_runs.window_from is 'A catch-up reads conversations with activity since then; null reads all.';
comment on column inbox.sync_runs.as_of is 'Chatwoot''s clock when the first list was read: the watermark never passes it.';
comment on column inbox.sync_runs.token is 'Who may write steps now; a step with another token is refused as a whole.';
comment on column inbox.sync_runs.failures is 'Steps that failed in a row; a step that writes sets it to 0.';
comment on column inbox.sync_runs.waiting_until is 'Chatwoot asked to be left alone, or failed: the next step comes then.';
select shared.protect_tenant('inbox.sync_runs');
grant select, insert, update, delete on inbox.sync_runs to omneuro_app;

create table inbox.sync_seen (
  project_id uuid not null,
  account_scope_id uuid not null,
  run_id text not null,
  kind text not null check (kind in ('conversation', 'contact')),
  number bigint not null,
  primary key (project_id, run_id, kind, number)
);
comment on table inbox.sync_seen is 'What a run has met in Chatwoot''s lists: what the mirror has and no list shows may be gone. Cleared when the run ends.';
select shared.protect_tenant('inbox.sync_seen');
grant select, insert, delete on inbox.sync_seen to omneuro_app;
