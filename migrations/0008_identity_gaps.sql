-- What no project holds: requests of a person that were answered once, and the trail of getting in.

create table identity.user_idempotency_keys (
  user_id uuid not null references shared.users (id),
  id text not null,
  route text not null,
  idempotency_key text not null check (length(idempotency_key) between 1 and 255),
  request_hash text not null,
  response_status int not null,
  response_body jsonb not null,
  created_at timestamptz not null default shared.clock(),
  expires_at timestamptz not null,
  primary key (user_id, id),
  constraint user_idempotency_once unique (user_id, route, idempotency_key)
);
create index user_idempotency_expiry on identity.user_idempotency_keys (expires_at);
comment on table identity.user_idempotency_keys is 'A mutating request of a person for himself, in no project, and the answer to give again.';
select shared.protect_global('identity.user_idempotency_keys',
  $$user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)$$,
  $$user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)$$);
grant select, insert, delete on identity.user_idempotency_keys to omneuro_app;

create table identity.access_events (
  id text primary key,
  user_id uuid references shared.users (id),
  actor text not null check (actor ~ '^[a-z_]+(:[A-Za-z0-9_.:-]{1,120})?$'),
  action text not null check (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
  outcome text not null default 'done' check (outcome in ('done', 'refused', 'failed')),
  payload jsonb not null default '{}' check (shared.is_wordless(payload)),
  request_id text not null,
  at timestamptz not null default shared.clock(),
  created_at timestamptz not null default shared.clock()
);
create index access_events_own on identity.access_events (user_id, at desc, id desc);
create index access_events_newest on identity.access_events (at desc, id desc);
comment on table identity.access_events is 'A critical act that belongs to no project: signing up, in and out, binding Telegram; ids and codes, never words.';
comment on column identity.access_events.user_id is 'Whom it concerns; null where that is nobody known.';
comment on column identity.access_events.actor is 'Who presented himself: anonymous before a session is open.';
alter table identity.access_events enable row level security;
create policy access_read on identity.access_events for select to omneuro_app using (
  user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
  or (select u.role from shared.users u where u.id = nullif(current_setting('app.user_id', true), '')::uuid) = 'owner');
create policy access_append on identity.access_events for insert to omneuro_app with check (
  user_id is not distinct from (select nullif(current_setting('app.user_id', true), '')::uuid)
  or user_id = (select a.id from identity.app_users a where a.username = nullif(current_setting('app.login_name', true), '')));
select shared.append_only('identity.access_events');
