-- What QStash gave up on: one letter per piece of work, kept until somebody retries or discards it.

alter table shared.outbox add column round int not null default 0 check (round >= 0);
comment on column shared.outbox.round is 'How often an operator sent it again: part of the deduplication id, or QStash would drop the repetition.';

create table shared.dead_letters (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  job text not null check (job ~ '^[a-z_]+(\.[a-z_]+)+$'),
  work_id text not null,
  round int not null default 0 check (round >= 0),
  state text not null default 'open' check (state in ('open', 'retried', 'discarded', 'resolved')),
  reason text not null check (reason ~ '^[a-z0-9_]{1,80}$'),
  http_status int not null,
  attempts int not null default 1,
  deliveries int not null default 1,
  message_id text not null,
  message_ids text[] not null,
  dlq_id text,
  request_id text,
  trace text,
  payload jsonb not null default '{}' check (shared.is_wordless(payload)),
  note text check (length(note) <= 500),
  died_at timestamptz not null default shared.clock(),
  retried_at timestamptz,
  settled_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  unique (project_id, work_id)
);
create index dead_letters_newest on shared.dead_letters (project_id, died_at desc, id desc);
create index dead_letters_open on shared.dead_letters (project_id, id) where state = 'open';
comment on table shared.dead_letters is 'Work that QStash gave up on, with its reason: one letter per piece of work however often it dies.';
comment on column shared.dead_letters.work_id is 'The id the message carried, an outbox row''s: handlers know the work by it, and a retry goes on under it.';
comment on column shared.dead_letters.round is 'How often it was sent again; what an older round still reports changes nothing.';
comment on column shared.dead_letters.reason is 'The code our answer carried, http_<status> of another''s, or no_answer.';
comment on column shared.dead_letters.http_status is '0 where no answer came.';
comment on column shared.dead_letters.attempts is 'Rounds that died.';
comment on column shared.dead_letters.deliveries is 'Tries of all messages that died.';
comment on column shared.dead_letters.message_ids is 'QStash''s messages that were counted: their callbacks may come again. The newest fifty.';
comment on column shared.dead_letters.dlq_id is 'Where QStash itself keeps the message, for as long as the plan says.';
comment on column shared.dead_letters.trace is 'W3C traceparent of the request that asked for the work.';
comment on column shared.dead_letters.note is 'Why it was discarded, in somebody''s words: here and nowhere else, so that it can be erased.';
select shared.protect_tenant('shared.dead_letters');
grant select, insert, update on shared.dead_letters to omneuro_app;

-- Failed messages that name no project, the tick's above all. Nobody serves them: they are for whoever runs the database.
create table shared.stray_letters (
  job text primary key check (length(job) <= 80),
  reason text not null check (reason ~ '^[a-z0-9_]{1,80}$'),
  http_status int not null,
  message_id text not null,
  letters int not null default 1,
  first_at timestamptz not null default shared.clock(),
  last_at timestamptz not null default shared.clock()
);
comment on table shared.stray_letters is 'Dead messages that name no project: one row per job with the newest reason, seen by the database''s owner only.';
comment on column shared.stray_letters.letters is 'How many there were; a repeated report of the newest is not counted.';

-- Without a policy: the serving role has no way in but the function that writes it.
alter table shared.stray_letters enable row level security;

create index job_runs_trace on shared.job_runs (project_id, (meta->>'trace'));
