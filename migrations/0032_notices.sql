-- What clients are told by itself: by which rule, and what became of each thing that happened.

create table field.notice_rules (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  event text not null check (event in ('scheduled', 'rescheduled', 'cancelled', 'on_the_way', 'ready', 'shipped')),
  enabled boolean not null,
  template text not null check (template ~ '^[a-z][a-z0-9_-]{1,63}$'),
  wait_seconds int not null check (wait_seconds between 0 and 86400),
  through_quiet boolean not null default false,
  say_stop boolean not null default true,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  constraint one_rule unique (project_id, event)
);
comment on table field.notice_rules is 'What clients are told of, and in which words; an event without a row has the defaults of field.rule_of().';
comment on column field.notice_rules.template is 'The name of a template, which has a row per language and channel.';
comment on column field.notice_rules.wait_seconds is 'So long the message waits: what changes meanwhile is told once, as it then is.';
comment on column field.notice_rules.through_quiet is 'Does not wait for the morning at the client''s.';
comment on column field.notice_rules.say_stop is 'An SMS ends with how to opt out.';
select shared.protect_tenant('field.notice_rules');
grant select, insert, update on field.notice_rules to omneuro_app;

create table field.notices (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  event text not null check (event in ('scheduled', 'rescheduled', 'cancelled', 'on_the_way', 'ready', 'shipped')),
  event_id text not null,
  job_id text not null,
  contact_id text,
  channel text check (channel in ('sms', 'email', 'telegram')),
  message_id text,
  state text not null check (state in ('queued', 'replaced', 'skipped')),
  code text check (code ~ '^[a-z_]{1,60}$'),
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  constraint notice_once unique (project_id, event, event_id),
  foreign key (project_id, event_id) references shared.events (project_id, id),
  foreign key (project_id, job_id) references field.jobs (project_id, id),
  foreign key (project_id, contact_id) references people.contacts (project_id, id),
  foreign key (project_id, message_id) references outbound.messages (project_id, id),
  check (state = 'skipped' or message_id is not null),
  check (state <> 'skipped' or code is not null)
);
create index notices_job on field.notices (project_id, job_id, created_at desc);
create index notices_newest on field.notices (project_id, created_at desc, id desc);
comment on table field.notices is 'What became of something that happened: told, by which message, or not, and why. One row for each, whoever comes twice.';
comment on column field.notices.event_id is 'The ledger''s line that it is about.';
comment on column field.notices.state is 'replaced: withdrawn before it left, because something newer is to be told.';
select shared.protect_tenant('field.notices');
grant select, insert, update, delete on field.notices to omneuro_app;

create index events_to_tell on shared.events (project_id, created_at)
  where kind in ('schedule.created', 'schedule.moved', 'schedule.cancelled', 'job.on_my_way', 'job.status.changed');
