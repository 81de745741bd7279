-- The mirror of Chatwoot: what it says, in its own words and numbers.

create schema inbox;
comment on schema inbox is 'The mirror of Chatwoot and the record of what arrived.';
grant usage on schema inbox to omneuro_app;

create table inbox.cw_contacts (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  account_id bigint not null,
  contact_id bigint not null,
  person_id text not null,
  name text,
  email text,
  phone_number text,
  identifier text,
  custom_attributes jsonb not null default '{}',
  data jsonb not null,
  heard_at timestamptz not null,
  updated_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  unique (project_id, account_id, contact_id),
  -- Deferred: the person is written only once it is certain that this row is new.
  foreign key (project_id, person_id) references people.contacts (project_id, id) deferrable initially deferred
);
create index cw_contacts_newest on inbox.cw_contacts (project_id, updated_at desc nulls last, id);
create index cw_contacts_person on inbox.cw_contacts (project_id, person_id);
comment on table inbox.cw_contacts is 'A contact as Chatwoot knows him.';
comment on column inbox.cw_contacts.id is 'cwc:<project>:<account>:<contact>.';
comment on column inbox.cw_contacts.person_id is 'The people.contacts row made with it; linking two persons happens there.';
comment on column inbox.cw_contacts.heard_at is 'Send time of the newest delivery that described it: Chatwoot gives contacts no version. Its microseconds rank the deliveries of one second.';
select shared.protect_tenant('inbox.cw_contacts');
grant select, insert, update on inbox.cw_contacts to omneuro_app;

create table inbox.cw_conversations (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  account_id bigint not null,
  conversation_id bigint not null,
  contact_global_id text,
  inbox_id bigint,
  channel text,
  status text,
  assignee_id bigint,
  turns int not null default 0,
  data jsonb not null,
  last_message_at timestamptz,
  heard_at timestamptz not null,
  updated_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  unique (project_id, account_id, conversation_id),
  foreign key (project_id, contact_global_id) references inbox.cw_contacts (project_id, id)
);
create index cw_conversations_newest on inbox.cw_conversations (project_id, coalesce(last_message_at, created_at) desc, id desc);
create index cw_conversations_contact on inbox.cw_conversations (project_id, contact_global_id);
comment on table inbox.cw_conversations is 'A conversation as Chatwoot knows it.';
comment on column inbox.cw_conversations.conversation_id is 'The display number, counted per account; not a database id.';
comment on column inbox.cw_conversations.turns is 'Messages seen so far: hands out each message''s place.';
comment on column inbox.cw_conversations.heard_at is 'Send time of the delivery whose version this is: decides between two of one version.';
comment on column inbox.cw_conversations.updated_at is 'Chatwoot''s own version of the conversation; an older one changes nothing.';
select shared.protect_tenant('inbox.cw_conversations');
grant select, insert, update on inbox.cw_conversations to omneuro_app;

create table inbox.cw_messages (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  account_id bigint not null,
  message_id bigint not null,
  conversation_id bigint,
  conversation_global_id text not null,
  contact_global_id text,
  sender_type text,
  sender_id bigint,
  private boolean not null default false,
  message_type text,
  content_type text,
  content text,
  content_hash text not null,
  seq int not null,
  attachments jsonb not null default '[]',
  data jsonb not null,
  heard_at timestamptz not null,
  deleted_at timestamptz,
  needs_refetch boolean not null default false,
  created_at timestamptz,
  updated_at timestamptz,
  primary key (project_id, id),
  unique (project_id, account_id, message_id),
  foreign key (project_id, conversation_global_id) references inbox.cw_conversations (project_id, id),
  foreign key (project_id, contact_global_id) references inbox.cw_contacts (project_id, id)
);
create index cw_messages_conversation on inbox.cw_messages (project_id, conversation_global_id, created_at desc, id desc);
create index cw_messages_contact on inbox.cw_messages (project_id, contact_global_id, created_at desc);
create index cw_messages_newest on inbox.cw_messages (project_id, created_at desc, id desc);
create index cw_messages_refetch on inbox.cw_messages (project_id) where needs_refetch;
comment on table inbox.cw_messages is 'A message as Chatwoot knows it.';
comment on column inbox.cw_messages.heard_at is 'Send time of the delivery whose version this is.';
comment on column inbox.cw_messages.updated_at is 'Version of the newest edit: Chatwoot''s own time where it was told, else the send time; null until the first edit.';
comment on column inbox.cw_messages.deleted_at is 'Deleted in Chatwoot; sticky, and its text is gone here too.';
comment on column inbox.cw_messages.needs_refetch is 'Two versions claim the same time: the next reconcile asks Chatwoot.';
select shared.protect_tenant('inbox.cw_messages');
grant select, insert, update on inbox.cw_messages to omneuro_app;

create table inbox.sync_watermarks (
  project_id uuid not null,
  account_scope_id uuid not null,
  source text not null,
  cursor_ts timestamptz,
  cursor_id text,
  meta jsonb not null default '{}',
  updated_at timestamptz not null default shared.clock(),
  primary key (project_id, source)
);
comment on table inbox.sync_watermarks is 'How far the mirror of one source is known to be complete.';
select shared.protect_tenant('inbox.sync_watermarks');
grant select, insert, update on inbox.sync_watermarks to omneuro_app;

create table inbox.deliveries (
  id text primary key,
  project_id uuid,
  account_scope_id uuid,
  source_id text not null,
  delivery_id text not null,
  content_key text,
  body_hash text not null,
  event text not null,
  account_id bigint,
  outcome text not null check (outcome in ('stored', 'stale', 'ignored', 'quarantined', 'replayed')),
  raw jsonb,
  sent_at timestamptz,
  expires_at timestamptz,
  received_at timestamptz not null default shared.clock(),
  check ((project_id is null) = (outcome = 'quarantined'))
);
create unique index deliveries_once on inbox.deliveries (project_id, source_id, delivery_id) nulls not distinct where outcome <> 'replayed';
create unique index deliveries_replayed_once on inbox.deliveries (project_id, source_id, delivery_id, body_hash) where outcome = 'replayed';
create unique index deliveries_content_once on inbox.deliveries (project_id, source_id, content_key) where content_key is not null;
create index deliveries_newest on inbox.deliveries (project_id, received_at desc, id desc);
create index deliveries_expiry on inbox.deliveries (expires_at) where expires_at is not null;
comment on table inbox.deliveries is 'A webhook that was accepted: what makes a repeat harmless.';
comment on column inbox.deliveries.content_key is 'Same event of the same object with the same content: two senders, or one that stutters.';
comment on column inbox.deliveries.raw is 'Kept, credentials removed, only for what we did not understand or could not place.';
comment on column inbox.deliveries.project_id is 'Null in quarantine: the payload''s account belongs to no project yet.';

alter table inbox.deliveries enable row level security;
create policy tenant on inbox.deliveries to omneuro_app
  using (project_id = (select nullif(current_setting('app.project_id', true), '')::uuid))
  with check (project_id = (select nullif(current_setting('app.project_id', true), '')::uuid) or outcome = 'quarantined');
create trigger scope before insert or update of project_id, account_scope_id on inbox.deliveries
  for each row execute function shared.enforce_project_scope_match();
alter table inbox.deliveries add foreign key (project_id, account_scope_id) references identity.projects (id, account_scope_id);
grant select, insert, update on inbox.deliveries to omneuro_app;
