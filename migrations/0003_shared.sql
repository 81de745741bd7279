-- The spine: ledger, audit, evidence, tombstones, idempotency, model calls, outbox and jobs.

create table shared.events (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  user_id uuid,
  session_id text,
  request_id text not null,
  kind text not null check (kind ~ '^[a-z_]+(\.[a-z_]+)+$'),
  actor text not null check (actor ~ '^[a-z_]+(:[A-Za-z0-9_.:-]{1,120})?$'),
  ref_type text,
  ref_id text,
  payload jsonb not null default '{}' check (shared.is_wordless(payload)),
  ts timestamptz not null default shared.clock(),
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id)
);
create index events_newest on shared.events (project_id, ts desc, id desc);
create index events_ref on shared.events (project_id, ref_type, ref_id, ts desc);
create index events_request on shared.events (project_id, request_id);
comment on table shared.events is 'One thing that happened. The ledger says what happened, never what was said.';
comment on column shared.events.payload is 'Ids, enums, numbers, hashes; a leaf that could be words is refused.';
comment on column shared.events.ts is 'When it happened; created_at is when we wrote it down.';
select shared.protect_tenant('shared.events');
select shared.append_only('shared.events');

create table shared.audit_events (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  user_id uuid,
  actor text not null,
  action text not null check (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
  ref_type text,
  ref_id text,
  outcome text not null default 'done' check (outcome in ('done', 'refused', 'failed')),
  evidence_refs text[] not null default '{}',
  payload jsonb not null default '{}' check (shared.is_wordless(payload)),
  request_id text not null,
  at timestamptz not null default shared.clock(),
  tx xid8 not null default pg_current_xact_id(),
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id)
);
create index audit_events_newest on shared.audit_events (project_id, at desc, id desc);
create index audit_events_unsealed on shared.audit_events (project_id, tx);
comment on table shared.audit_events is 'A critical act, with the evidence it rested on, written in the act''s own batch.';
comment on column shared.audit_events.tx is 'The writing transaction: a sealer may chain everything below the oldest one still running.';
select shared.protect_tenant('shared.audit_events');
select shared.append_only('shared.audit_events');

create view shared.audit_logs with (security_invoker = true) as
  select a.project_id, a.id, a.user_id, split_part(a.action, '.', 1) as service, a.action,
    a.ref_type as resource_type, a.ref_id as resource_id, a.payload as metadata,
    a.outcome = 'done' as success, a.created_at
  from shared.audit_events a;
comment on view shared.audit_logs is 'The audit trail in the columns of the older multi-service log.';
grant select on shared.audit_logs to omneuro_app;

create table shared.evidence_items (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  source_table text not null,
  source_pk text not null,
  content_hash text not null,
  visibility smallint not null check (visibility between 0 and 2),
  contact_id text,
  occurred_at timestamptz not null,
  search_text text,
  withdrawn_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  unique (project_id, source_table, source_pk)
);
comment on table shared.evidence_items is 'Something that can be cited: one per source row, whatever happens to the row.';
comment on column shared.evidence_items.version is 'Rises with every edit of the source; a citation remembers the version it quoted.';
comment on column shared.evidence_items.visibility is '0 public, 1 the contact''s own, 2 internal.';
comment on column shared.evidence_items.search_text is 'Only for sources that are not chunked; chunked ones are searched through their chunks.';
comment on column shared.evidence_items.withdrawn_at is 'The source was deleted: nothing may cite it any more.';
select shared.protect_tenant('shared.evidence_items');
grant select, insert, update on shared.evidence_items to omneuro_app;

create table shared.tombstones (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  user_id uuid,
  object_type text not null,
  object_id text not null,
  reason text not null check (reason in ('user_delete', 'gdpr_delete', 'source_delete', 'retention', 'merge')),
  deleted_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  unique (project_id, object_type, object_id)
);
comment on table shared.tombstones is 'Something that was here and must not come back.';
comment on column shared.tombstones.deleted_at is 'Content older than this is suppressed, newer is accepted: a person may return.';
select shared.protect_tenant('shared.tombstones');
grant select, insert, update on shared.tombstones to omneuro_app;

create table shared.idempotency_keys (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  principal text not null,
  route text not null,
  idempotency_key text not null check (length(idempotency_key) between 1 and 255),
  request_hash text not null,
  status text not null default 'finished' check (status in ('running', 'finished')),
  response_status int,
  response_body jsonb,
  lease_until timestamptz,
  created_at timestamptz not null default shared.clock(),
  expires_at timestamptz not null,
  primary key (project_id, id),
  constraint idempotency_once unique (project_id, principal, route, idempotency_key),
  check (status = 'running' or (response_status is not null and response_body is not null))
);
create index idempotency_expiry on shared.idempotency_keys (project_id, expires_at);
comment on table shared.idempotency_keys is 'A mutating request that was answered, and the answer to give again.';
comment on column shared.idempotency_keys.status is 'running is seen only while a verb with an outside call in its middle is between its two requests.';
select shared.protect_tenant('shared.idempotency_keys');
grant select, insert, update, delete on shared.idempotency_keys to omneuro_app;

create table shared.prompt_runs (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  user_id uuid,
  request_id text not null,
  operation text not null,
  provider text not null,
  model text not null,
  prompt_version text not null,
  context_hash text not null,
  input_tokens int,
  output_tokens int,
  latency_ms int,
  status text not null check (status in ('ok', 'rejected', 'failed')),
  error_code text,
  answer jsonb,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id)
);
create index prompt_runs_operation on shared.prompt_runs (project_id, operation, created_at desc);
comment on table shared.prompt_runs is 'One call of a language model, with its whole answer, so that a replay need not ask again.';
comment on column shared.prompt_runs.context_hash is 'SHA-256 of the exact prompt.';
select shared.protect_tenant('shared.prompt_runs');
grant select, insert, update on shared.prompt_runs to omneuro_app;

create table shared.outbox (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  kind text not null check (kind ~ '^[a-z_]+(\.[a-z_]+)+$'),
  dedupe_key text,
  payload jsonb not null default '{}' check (shared.is_wordless(payload)),
  state text not null default 'pending' check (state in ('pending', 'claimed', 'done', 'failed')),
  due_at timestamptz not null default shared.clock(),
  published_at timestamptz,
  message_id text,
  attempts int not null default 0,
  error text,
  request_id text default nullif(current_setting('app.request_id', true), ''),
  trace text default nullif(current_setting('app.trace', true), ''),
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  primary key (project_id, id)
);
create unique index outbox_one_pending on shared.outbox (project_id, kind, dedupe_key) where state = 'pending';
create index outbox_due on shared.outbox (project_id, due_at) where state = 'pending';
create index outbox_done on shared.outbox (project_id, updated_at) where state = 'done';
comment on table shared.outbox is 'Work asked for in the same batch as its cause, to be handed to QStash.';
comment on column shared.outbox.dedupe_key is 'While one row with this key is pending no second is made: a wake-up, not a message per event.';
comment on column shared.outbox.trace is 'W3C traceparent of the request that asked; its message and job go on with it.';
comment on column shared.outbox.payload is 'Ids only; the handler rereads the rows and claims by state.';
select shared.protect_tenant('shared.outbox');
grant select, insert, update, delete on shared.outbox to omneuro_app;

create table shared.scheduled_jobs (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  kind text not null,
  cron text,
  interval_seconds int check (interval_seconds > 0),
  timezone text not null default 'UTC',
  missed text not null default 'once' check (missed in ('skip', 'once', 'each')),
  payload jsonb not null default '{}' check (shared.is_wordless(payload)),
  enabled boolean not null default true,
  next_run_at timestamptz,
  last_run_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  unique (project_id, kind),
  check (cron is not null or interval_seconds is not null)
);
create index scheduled_jobs_due on shared.scheduled_jobs (next_run_at) where enabled;
comment on table shared.scheduled_jobs is 'A job that runs by the clock.';
comment on column shared.scheduled_jobs.missed is 'What to do with fire times that passed while nothing ran.';
select shared.protect_tenant('shared.scheduled_jobs');
grant select, insert, update, delete on shared.scheduled_jobs to omneuro_app;

create table shared.worker_runs (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  scheduled_job_id text not null,
  fire_time timestamptz not null,
  status text not null default 'running' check (status in ('running', 'ok', 'failed')),
  token text,
  lease_until timestamptz,
  attempts int not null default 0,
  error text,
  started_at timestamptz not null default shared.clock(),
  finished_at timestamptz,
  primary key (project_id, id),
  unique (project_id, scheduled_job_id, fire_time),
  foreign key (project_id, scheduled_job_id) references shared.scheduled_jobs (project_id, id) on delete cascade
);
comment on table shared.worker_runs is 'One fire time of a scheduled job: unique, so that two ticks run it once.';
select shared.protect_tenant('shared.worker_runs');
grant select, insert, update, delete on shared.worker_runs to omneuro_app;

create table shared.job_runs (
  project_id uuid not null,
  account_scope_id uuid not null,
  id bigint generated always as identity,
  job_name text not null,
  status text not null default 'running' check (status in ('running', 'ok', 'failed')),
  started_at timestamptz not null default shared.clock(),
  finished_at timestamptz,
  processed_count int not null default 0,
  error text,
  meta jsonb not null default '{}' check (shared.is_wordless(meta)),
  primary key (project_id, id)
);
create index job_runs_newest on shared.job_runs (project_id, job_name, started_at desc);
comment on table shared.job_runs is 'One execution of a job that did something, for the people who run the system.';
select shared.protect_tenant('shared.job_runs');
grant select, insert, update, delete on shared.job_runs to omneuro_app;

-- Bookkeeping of the migration runner: readable for readiness checks.
grant select on shared.schema_migrations to omneuro_app;
