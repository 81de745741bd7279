-- What we write into Chatwoot ourselves, so that it is recognised when it comes back, and the breaker between two writers at odds.

alter table inbox.cw_messages add column own_ref text;
comment on column inbox.cw_messages.own_ref is 'Ours: the id of the inbox.own_writes or outbound.messages row it was written for. Null for everybody else''s.';

create table inbox.own_writes (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  account_id bigint not null,
  conversation_id bigint not null,
  conversation_global_id text not null,
  kind text not null check (kind in ('note', 'status', 'assignee', 'labels')),
  wanted jsonb not null check (jsonb_typeof(wanted) = 'object'),
  actor text not null default coalesce(nullif(current_setting('app.actor', true), ''), 'system'),
  state text not null default 'pending' check (state in ('pending', 'sending', 'unknown', 'done', 'failed')),
  code text,
  attempts int not null default 0,
  lookups int not null default 0,
  token uuid,
  lease_until timestamptz,
  sent_at timestamptz,
  cw_message_id bigint,
  linked_at timestamptz,
  requested_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, conversation_global_id) references inbox.cw_conversations (project_id, id),
  check (lease_until is null or token is not null)
);
create unique index own_writes_message on inbox.own_writes (project_id, account_id, cw_message_id) where cw_message_id is not null;
create index own_writes_conversation on inbox.own_writes (project_id, conversation_global_id, requested_at desc, id desc);
create index own_writes_age on inbox.own_writes (project_id, requested_at);
comment on table inbox.own_writes is 'A change that somebody here asked for in Chatwoot. Its id travels with a note as content_attributes.omneuro_ref.';
comment on column inbox.own_writes.wanted is 'By kind: {text} until it is written, {status}, {assignee: number or null}, {labels}.';
comment on column inbox.own_writes.state is 'sending: a call is under way, or its worker died; unknown: nobody can say yet whether Chatwoot has it.';
comment on column inbox.own_writes.code is 'Why it failed or waits: a stable code.';
comment on column inbox.own_writes.attempts is 'Calls that were written down before they were made.';
comment on column inbox.own_writes.lookups is 'How often Chatwoot was asked whether it has it.';
comment on column inbox.own_writes.sent_at is 'The first call.';
comment on column inbox.own_writes.linked_at is 'When it was recognised in what Chatwoot tells.';
select shared.protect_tenant('inbox.own_writes');
grant select, insert, update, delete on inbox.own_writes to omneuro_app;

create table inbox.flip_breakers (
  project_id uuid not null,
  account_scope_id uuid not null,
  conversation_global_id text not null,
  others_at timestamptz[] not null default '{}',
  opened_at timestamptz,
  open_until timestamptz,
  closed_by text,
  times int not null default 0,
  updated_at timestamptz not null default shared.clock(),
  primary key (project_id, conversation_global_id),
  foreign key (project_id, conversation_global_id) references inbox.cw_conversations (project_id, id),
  check ((opened_at is null) = (open_until is null))
);
create index flip_breakers_open on inbox.flip_breakers (project_id, opened_at desc, conversation_global_id) where opened_at is not null;
comment on table inbox.flip_breakers is 'A conversation that we and somebody else have been changing in turns; while it is open, we leave its status, assignee and labels alone.';
comment on column inbox.flip_breakers.others_at is 'When others last changed what we had changed, no longer ago than the window.';
comment on column inbox.flip_breakers.open_until is 'Our writes are refused until then.';
comment on column inbox.flip_breakers.closed_by is 'Whoever closed it by hand before its time.';
comment on column inbox.flip_breakers.times is 'How often it has opened.';
select shared.protect_tenant('inbox.flip_breakers');
grant select, insert, update on inbox.flip_breakers to omneuro_app;

-- A message that its provider did not have when it was asked, and that comes back all the same, has been sent.
insert into outbound.transitions (state, next) values ('queued', 'sent') on conflict do nothing;
