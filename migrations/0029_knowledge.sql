-- Knowledge: entries with a life, every version of their words, proposals, and questions that must always be answered right.

alter table memory.kb_entries
  drop constraint kb_entries_visibility_check,
  drop constraint kb_entries_project_id_source_event_id_fkey,
  add column origin text not null default 'people' check (origin in ('people', 'job', 'questions', 'import')),
  add column source_id text check (length(source_id) between 1 and 200),
  add column source_url text check (length(source_url) between 1 and 1000),
  add column source_fingerprint text not null default '',
  add column replaces text,
  add column returned_reason text check (length(returned_reason) between 1 and 500),
  add column submitted_at timestamptz,
  add column submitted_by text,
  add column published_at timestamptz,
  add column published_by text,
  add column deprecated_at timestamptz,
  add column deprecated_by text,
  add column deprecated_reason text check (length(deprecated_reason) between 1 and 500),
  alter column body set default '',
  -- 1 would be one client's own: that is a conversation, not knowledge.
  add constraint kb_entries_visibility_check check (visibility in (0, 2)),
  add constraint kb_entries_title_check check (length(title) between 1 and 300),
  add constraint kb_entries_body_check check (length(body) <= 20000),
  add constraint kb_entries_words_check check (body <> '' or status in ('draft', 'deprecated')),
  -- Deferred, so that a batch may write the event and what it proposes in any order.
  add constraint kb_entries_project_id_source_event_id_fkey foreign key (project_id, source_event_id)
    references shared.events (project_id, id) deferrable initially deferred,
  add foreign key (project_id, replaces) references memory.kb_entries (project_id, id);
create index kb_entries_newest on memory.kb_entries (project_id, updated_at desc, id desc);
create index kb_entries_status on memory.kb_entries (project_id, status, updated_at desc, id desc);
create index kb_entries_source on memory.kb_entries (project_id, source_id, status);
create index kb_entries_replaces on memory.kb_entries (project_id, replaces);
comment on column memory.kb_entries.version is 'Of its words and of who may read them; moves between states do not raise it.';
comment on column memory.kb_entries.visibility is '0 client: anybody may be answered from it while it is live; 2 internal.';
comment on column memory.kb_entries.origin is 'Who began it: people, a closed job, a question asked again and again, an import.';
comment on column memory.kb_entries.source_id is 'Its stable name at the place it was imported from.';
comment on column memory.kb_entries.source_fingerprint is 'SHA-256 of the normalised words and the canonical address they came from.';
comment on column memory.kb_entries.replaces is 'The live entry that this one takes the place of when it goes live.';
comment on column memory.kb_entries.returned_reason is 'Why a reviewer sent it back; gone when it is submitted again.';

create table memory.kb_transitions (
  state text not null,
  next text not null,
  primary key (state, next)
);
comment on table memory.kb_transitions is 'The allowed moves of an entry; a state that is not listed as `state` is final.';
insert into memory.kb_transitions (state, next) values
  ('draft', 'review'), ('draft', 'deprecated'), ('review', 'draft'), ('review', 'live'), ('live', 'deprecated');
select shared.protect_global('memory.kb_transitions', 'true');
grant select on memory.kb_transitions to omneuro_app;

create table memory.kb_versions (
  project_id uuid not null,
  account_scope_id uuid not null,
  entry_id text not null,
  version int not null,
  type text not null,
  title text not null,
  body text not null,
  tags text[] not null,
  visibility smallint not null,
  source_fingerprint text not null,
  written_by text not null,
  evidence_version int,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, entry_id, version),
  foreign key (project_id, entry_id) references memory.kb_entries (project_id, id)
);
comment on table memory.kb_versions is 'The words of an entry in every version it had; kept, so that a citation opens what it quoted.';
comment on column memory.kb_versions.evidence_version is 'The version of its evidence while these words were live; null for words that never were.';
select shared.protect_tenant('memory.kb_versions');
grant select, insert, update (evidence_version) on memory.kb_versions to omneuro_app;

create table memory.kb_proposals (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null check (length(id) between 1 and 200),
  entry_id text not null,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, entry_id) references memory.kb_entries (project_id, id)
);
create index kb_proposals_entry on memory.kb_proposals (project_id, entry_id);
comment on table memory.kb_proposals is 'What has been drafted for what: nothing proposes the same entry twice.';
comment on column memory.kb_proposals.id is 'job:<id> or question:<hash of its normal form>.';
select shared.protect_tenant('memory.kb_proposals');
grant select, insert, update on memory.kb_proposals to omneuro_app;

create table memory.kb_questions (
  project_id uuid not null,
  account_scope_id uuid not null,
  entry_id text not null,
  answer_id text not null,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, entry_id, answer_id),
  foreign key (project_id, entry_id) references memory.kb_entries (project_id, id),
  foreign key (project_id, answer_id) references memory.answers (project_id, id) on delete cascade
);
create index kb_questions_answer on memory.kb_questions (project_id, answer_id);
comment on table memory.kb_questions is 'The askings without an answer that an entry was proposed for; they leave with their answers.';
select shared.protect_tenant('memory.kb_questions');
grant select, insert on memory.kb_questions to omneuro_app;

create table memory.canaries (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  question text not null check (length(question) between 1 and 1000),
  audience jsonb not null,
  expects text not null default 'answered' check (expects in ('answered', 'insufficient_evidence')),
  source_table text,
  source_pk text,
  words text[] not null default '{}',
  forbidden text[] not null default '{}',
  enabled boolean not null default true,
  last_run_at timestamptz,
  last_passed boolean,
  failing_since timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  check ((source_table is null) = (source_pk is null))
);
create index canaries_newest on memory.canaries (project_id, created_at desc, id desc);
create index canaries_next on memory.canaries (project_id, last_run_at nulls first, id) where enabled;
comment on table memory.canaries is 'A question whose right answer is known: asked every night, so that nobody is the first to notice when it is answered wrong.';
comment on column memory.canaries.words is 'Each must stand in the answer.';
comment on column memory.canaries.forbidden is 'None may stand in the answer or in anything this reader is given to answer from.';
comment on column memory.canaries.failing_since is 'The first of its failures in a row; null while it passes.';
select shared.protect_tenant('memory.canaries');
grant select, insert, update on memory.canaries to omneuro_app;

create table memory.canary_runs (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  canary_id text not null,
  passed boolean not null,
  regressed boolean not null,
  failures text[] not null default '{}',
  status text not null check (status in ('answered', 'insufficient_evidence')),
  sentences jsonb not null default '[]',
  cited jsonb not null default '[]',
  degraded boolean not null default false,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, canary_id) references memory.canaries (project_id, id)
);
create index canary_runs_newest on memory.canary_runs (project_id, canary_id, created_at desc, id desc);
create index canary_runs_oldest on memory.canary_runs (project_id, created_at, id);
comment on table memory.canary_runs is 'What a canary question was answered with one night, and what was wrong with it.';
comment on column memory.canary_runs.regressed is 'It failed, and had not failed the time before.';
comment on column memory.canary_runs.degraded is 'The question could not be embedded: words alone decided.';
select shared.protect_tenant('memory.canary_runs');
grant select, insert, update, delete on memory.canary_runs to omneuro_app;

alter table memory.answers drop constraint answers_stale_reason_check;
alter table memory.answers add constraint answers_stale_reason_check
  check (stale_reason in ('evidence_deprecated', 'evidence_edited', 'evidence_withdrawn', 'evidence_erased'));

insert into identity.role_permissions (role, permission)
select r.role, p.permission from (values
  ('owner', '{knowledge:write,knowledge:review,knowledge:publish}'::text[]),
  ('lead_technician', '{knowledge:write,knowledge:review}'),
  ('office', '{knowledge:write}'),
  ('technician', '{knowledge:write}')) r (role, permissions), unnest(r.permissions) p (permission);

-- Entries there may be already, from before they had versions.
insert into memory.kb_versions (project_id, account_scope_id, entry_id, version, type, title, body, tags, visibility, source_fingerprint, written_by)
  select e.project_id, e.account_scope_id, e.id, e.version, e.type, e.title, e.body, e.tags, e.visibility, '', 'system' from memory.kb_entries e;
