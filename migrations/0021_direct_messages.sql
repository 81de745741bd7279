-- What customers write to the house directly: by SMS, by Telegram, by e-mail; and what providers report about what we sent them.

create schema field;
comment on schema field is 'The service business itself: what customers write, and later jobs, schedules and technicians.';
grant usage on schema field to omneuro_app;

create table field.messages (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  job_id text,
  tech_id text,
  client_id text,
  contact_id text,
  direction text not null check (direction in ('inbound', 'outbound')),
  channel text not null check (channel in ('sms', 'telegram', 'email')),
  source_id text not null,
  provider text not null check (provider in ('twilio', 'telnyx', 'telegram', 'resend', 'postmark')),
  provider_message_id text not null check (length(provider_message_id) between 1 and 300),
  address text not null check (length(address) between 1 and 320),
  subject text check (length(subject) <= 998),
  body text not null,
  cut_at int check (cut_at >= 0),
  attachments jsonb not null default '[]',
  mail_id text,
  mail_refs text[] not null default '{}',
  thread_id text not null,
  seq int not null,
  answers text,
  automatic boolean not null default false,
  meta jsonb not null default '{}',
  ts timestamptz not null,
  edited_at timestamptz,
  erased_at timestamptz,
  received_at timestamptz not null default shared.clock(),
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  constraint message_once unique (project_id, source_id, provider_message_id),
  foreign key (project_id, contact_id) references people.contacts (project_id, id),
  foreign key (project_id, source_id) references identity.project_sources (project_id, id),
  check (contact_id is not null or automatic)
);
create index messages_newest on field.messages (project_id, ts desc, id desc);
create index messages_contact on field.messages (project_id, contact_id, ts desc, id desc);
create index messages_thread on field.messages (project_id, thread_id, seq);
create index messages_mail on field.messages (project_id, mail_id) where mail_id is not null;
comment on table field.messages is 'A message exchanged with a customer without a help desk in between. What we write back is in outbound.messages.';
comment on column field.messages.client_id is 'The client it concerns, and below it job and technician: empty until there are such.';
comment on column field.messages.contact_id is 'The person behind the address; null only for a machine''s mail from an address that is nobody''s.';
comment on column field.messages.provider_message_id is 'The sender''s id of the message; a second delivery of it changes nothing.';
comment on column field.messages.address is 'Where it came from: E.164 number, e-mail address, Telegram chat.';
comment on column field.messages.body is 'The whole text as it came, quotes of earlier mails included.';
comment on column field.messages.cut_at is 'Where in the text the sender''s own words end and quotes begin; null when all of it is his.';
comment on column field.messages.attachments is '[{name, type, bytes, url}]; files themselves are not kept here, and addresses may expire.';
comment on column field.messages.mail_id is 'Message-ID of an e-mail (RFC 5322), without its angle brackets.';
comment on column field.messages.mail_refs is 'Message-IDs that In-Reply-To and References name, newest first.';
comment on column field.messages.thread_id is 'The conversation it belongs to: by references for mail, by person for the rest.';
comment on column field.messages.answers is 'The message of ours that it answers (outbound.messages), where that can be told.';
comment on column field.messages.automatic is 'Sent by a machine: kept, never remembered, never answered.';
comment on column field.messages.ts is 'When it was written, by the sender''s clock; received_at is ours.';
select shared.protect_tenant('field.messages');
grant select, insert, update on field.messages to omneuro_app;

create table field.deliveries (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  source_id text not null,
  delivery_id text not null,
  body_hash text not null,
  event text not null,
  outcome text not null check (outcome in ('stored', 'edited', 'stale', 'ignored', 'replayed', 'awaiting', 'lost')),
  raw jsonb,
  expires_at timestamptz,
  received_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, source_id) references identity.project_sources (project_id, id)
);
create unique index deliveries_once on field.deliveries (project_id, source_id, delivery_id) where outcome <> 'replayed';
create unique index deliveries_replayed_once on field.deliveries (project_id, source_id, delivery_id, body_hash) where outcome = 'replayed';
create index deliveries_expiry on field.deliveries (expires_at) where expires_at is not null;
comment on table field.deliveries is 'A webhook of a customers'' channel that was accepted: what makes a repeat harmless.';
comment on column field.deliveries.body_hash is 'SHA-256 over what it says: the same delivery that says something else is a replay.';
comment on column field.deliveries.raw is 'Kept only for what we did not understand, or whose body is still to be fetched.';
comment on column field.deliveries.outcome is 'awaiting: told of, its words not fetched yet; lost: they could not be fetched any more.';
select shared.protect_tenant('field.deliveries');
grant select, insert, update, delete on field.deliveries to omneuro_app;

alter table identity.project_sources add column provider text check (provider in ('resend', 'postmark'));
comment on column identity.project_sources.provider is 'Who receives mail for an e-mail domain; other kinds say it themselves.';

-- What providers report about a message belongs to the attempt that they took.
alter table outbound.attempts
  add column told_rank smallint not null default 0,
  add column told_code text,
  add column told_at timestamptz;
comment on column outbound.attempts.told_rank is 'The furthest that its provider has reported: 1 accepted, 2 scheduled, 3 queued, 4 sending, 5 sent, 6 delivered, 7 read, 9 failed, 10 refused by the recipient.';
create index attempts_provider on outbound.attempts (project_id, provider_message_id) where provider_message_id is not null;

alter table outbound.messages add column mail_id text;
comment on column outbound.messages.mail_id is 'Message-ID under which an e-mail went out, without its angle brackets: answers refer to it.';
create index messages_mail on outbound.messages (project_id, mail_id) where mail_id is not null;

-- What a provider reports may come before its own answer, after a lookup said no, and in any order: a failure is final.
insert into outbound.transitions (state, next) values
  ('submitting', 'delivered'), ('submitting', 'read'), ('unknown', 'blocked_opt_out'),
  ('queued', 'submitted'), ('queued', 'sent'), ('queued', 'delivered'), ('queued', 'read'),
  ('delivered', 'failed'), ('delivered', 'blocked_opt_out'), ('read', 'failed'), ('read', 'blocked_opt_out'), ('failed', 'blocked_opt_out');

create or replace function outbound.guard_state() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if new.state is distinct from old.state
    and not exists (select from outbound.transitions t where t.state = old.state and t.next = new.state) then
    perform shared.fail('conflict', 'outbound_invalid_state',
      jsonb_build_object('state', old.state, 'asked', new.state, 'allowed', to_jsonb(outbound.allowed(old.state))));
  end if;
  -- The rank is an attempt's: a new attempt begins anew.
  if new.state = 'submitting' and old.state <> 'submitting' then new.provider_rank := 0;
  elsif new.provider_rank < old.provider_rank then new.provider_rank := old.provider_rank; end if;
  return new;
end $$;

insert into identity.role_permissions (role, permission) values
  ('owner', 'field:read'), ('lead_technician', 'field:read'), ('office', 'field:read'), ('technician', 'field:read');
