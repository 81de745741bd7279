-- Erasure: who is to be forgotten, how far that has come, and the proof of it.

create table shared.erasures (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  subject_kind text not null check (subject_kind ~ '^[a-z_]{2,40}$'),
  subject_id text not null check (length(subject_id) between 1 and 200),
  reason text not null check (reason in ('user_delete', 'gdpr_delete')),
  state text not null default 'running' check (state in ('running', 'done')),
  steps int not null default 0,
  taken bigint not null default 0,
  waits jsonb not null default '{}' check (shared.is_wordless(waits)),
  mentions jsonb not null default '{}' check (shared.is_wordless(mentions)),
  wanted jsonb not null default '{}',
  chain_before jsonb not null default '{}' check (shared.is_wordless(chain_before)),
  manifest jsonb check (shared.is_wordless(manifest)),
  seal text,
  actor text not null default coalesce(nullif(current_setting('app.actor', true), ''), 'system'),
  finished_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  check ((state = 'done') = (finished_at is not null and manifest is not null and seal is not null and wanted = '{}'))
);
create unique index erasures_one_running on shared.erasures (project_id, subject_kind, subject_id) where state = 'running';
create index erasures_newest on shared.erasures (project_id, created_at desc, id desc);
comment on table shared.erasures is 'Somebody or something that is to be forgotten everywhere, and what became of that.';
comment on column shared.erasures.taken is 'Rows deleted or emptied so far.';
comment on column shared.erasures.waits is 'What the run waits for: how many by table.';
comment on column shared.erasures.mentions is 'Texts of others that say the name: how many by table, for people to look at.';
comment on column shared.erasures.wanted is 'Addresses and names that are looked for, for as long as the run takes: {addresses, names, ids}.';
comment on column shared.erasures.chain_before is 'The newest link of the audit chain when this was asked for: {seq, root}.';
comment on column shared.erasures.manifest is 'Counts and keyed hashes of what went, nothing personal.';
comment on column shared.erasures.seal is 'Keyed hash of the manifest.';
select shared.protect_tenant('shared.erasures');
grant select, insert, update on shared.erasures to omneuro_app;

create table shared.erasure_ids (
  project_id uuid not null,
  account_scope_id uuid not null,
  erasure_id text not null,
  kind text not null,
  id text not null,
  primary key (project_id, erasure_id, kind, id),
  foreign key (project_id, erasure_id) references shared.erasures (project_id, id)
);
comment on table shared.erasure_ids is 'What is found to belong to the subject of a running erasure: what is gone is still known to be his. Emptied at its end.';
select shared.protect_tenant('shared.erasure_ids');
grant select, insert, delete on shared.erasure_ids to omneuro_app;

create table shared.erasure_steps (
  project_id uuid not null,
  account_scope_id uuid not null,
  id bigint generated always as identity,
  erasure_id text not null,
  part text not null,
  how text not null check (how in ('delete', 'redact')),
  stone text,
  hashes bytea not null,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, erasure_id) references shared.erasures (project_id, id),
  check (octet_length(hashes) % 32 = 0)
);
create index erasure_steps_of on shared.erasure_steps (project_id, erasure_id, id);
comment on table shared.erasure_steps is 'What a step of an erasure took from one table: a keyed hash of 32 bytes for each row.';
comment on column shared.erasure_steps.stone is 'The type of the tombstones that these rows have left; null: none.';
select shared.protect_tenant('shared.erasure_steps');
select shared.append_only('shared.erasure_steps');

insert into identity.role_permissions (role, permission) values ('owner', 'privacy:erase');

-- What an erasure deletes or empties, and nobody else does.
grant delete on inbox.cw_messages, inbox.cw_conversations, inbox.cw_contacts, inbox.flip_breakers, memory.kb_proposals to omneuro_app;
grant update on memory.kb_versions, memory.kb_proposals, people.consents to omneuro_app;

-- What a member's planner wrote to him may be about whoever is erased.
create or replace function outbound.is_sending() returns boolean
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select coalesce(current_setting('app.actor', true), '') in ('system:outbound.dispatch', 'system:outbound.resolve', 'system:shared.sweep',
    'system:shared.erasures.run') $$;
comment on function outbound.is_sending() is 'The jobs that carry messages, the sweep behind them and the one that erases: the only ones that see what is for one member.';
