-- Retention: what is kept how long, and messages whose words have left.

create table shared.retention_policies (
  project_id uuid not null,
  account_scope_id uuid not null,
  kind text not null check (kind ~ '^[a-z_]+\.[a-z_]+$' and kind !~ '^shared\.(events|audit|tombstones)'),
  keep_days int check (keep_days between 0 and 36500),
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, kind)
);
comment on table shared.retention_policies is 'How long a project keeps a kind of thing, where its people chose something else than is usual.';
comment on column shared.retention_policies.kind is 'A name from the code''s list; ledger, audit trail and tombstones cannot be named.';
comment on column shared.retention_policies.keep_days is 'Null: for ever.';
select shared.protect_tenant('shared.retention_policies');
grant select, insert, update on shared.retention_policies to omneuro_app;

alter table inbox.cw_messages add column removed_at timestamptz;
comment on column inbox.cw_messages.removed_at is 'Its words left by retention; what is not newer than this does not bring them back.';
-- The oldest that still have their words, without walking over shells and deleted ones.
create index cw_messages_worded on inbox.cw_messages (project_id, greatest(created_at, updated_at), id) where removed_at is null and deleted_at is null;

create index answers_oldest on memory.answers (project_id, created_at, id);
create index prompt_runs_oldest on shared.prompt_runs (project_id, created_at, id);
create index job_runs_oldest on shared.job_runs (project_id, started_at, id);
create index worker_runs_oldest on shared.worker_runs (project_id, fire_time, id);

grant delete on inbox.deliveries, memory.answers, shared.prompt_runs, identity.invitations to omneuro_app;
