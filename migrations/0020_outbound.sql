-- What leaves the house: drafts, approvals that are sealed, attempts, and who must not be written to.

create schema outbound;
comment on schema outbound is 'What leaves the house: approved, sealed, capped, sent once.';
grant usage on schema outbound to omneuro_app;

create table outbound.settings (
  project_id uuid not null primary key,
  account_scope_id uuid not null,
  brand text not null default '' check (length(brand) <= 100),
  four_eyes boolean not null default false,
  quiet_from time not null default '21:00',
  quiet_until time not null default '08:00',
  cap_count int not null default 3 check (cap_count between 0 and 1000),
  cap_seconds int not null default 86400 check (cap_seconds between 60 and 31536000),
  stop_on_reply boolean not null default true,
  most_attempts int not null default 5 check (most_attempts between 1 and 20),
  help_text jsonb not null default '{}',
  postal_address text not null default '',
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1
);
comment on table outbound.settings is 'A project''s rules for what it sends; a project without a row has the defaults.';
comment on column outbound.settings.brand is 'The name customers know the sender by; an opt-out holds for a brand.';
comment on column outbound.settings.four_eyes is 'Whoever wrote a message may not approve it.';
comment on column outbound.settings.quiet_from is 'Wall time at the recipient from which marketing waits, until quiet_until.';
comment on column outbound.settings.cap_count is 'Most messages of the marketing class to one person on one channel in any cap_seconds.';
comment on column outbound.settings.help_text is 'The answer to HELP by language: {en, da}.';
select shared.protect_tenant('outbound.settings');
grant select, insert, update on outbound.settings to omneuro_app;

create table outbound.senders (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  provider text not null check (provider in ('twilio', 'telnyx', 'chatwoot', 'telegram', 'resend', 'postmark')),
  channel text not null check (channel in ('chat', 'sms', 'email', 'telegram')),
  name text not null check (length(name) between 1 and 100),
  brand text not null default '' check (length(brand) <= 100),
  address text not null check (length(address) between 1 and 320),
  source_id text,
  account text,
  credentials_sealed text not null,
  per_second int not null default 1 check (per_second between 1 and 1000),
  paused_until timestamptz,
  paused_code text,
  disabled_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  unique (project_id, provider, address),
  foreign key (project_id, source_id) references identity.project_sources (project_id, id)
);
comment on table outbound.senders is 'A number, address or account that messages leave from, with the credentials of its provider.';
comment on column outbound.senders.address is 'What the recipient sees: an E.164 number, an e-mail address, a bot, a Chatwoot account.';
comment on column outbound.senders.account is 'The provider''s account id, where calls name one.';
comment on column outbound.senders.credentials_sealed is 'AES-256-GCM of a JSON text, bound to table, column, row and project.';
comment on column outbound.senders.paused_until is 'The provider refused for a reason of its own: nothing is claimed before.';
select shared.protect_tenant('outbound.senders');
grant select, insert, update on outbound.senders to omneuro_app;

create table outbound.templates (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  name text not null check (name ~ '^[a-z][a-z0-9_-]{1,63}$'),
  language text not null check (language ~ '^[a-z]{2}$'),
  channel text not null check (channel in ('chat', 'sms', 'email', 'telegram')),
  class text not null check (class in ('marketing', 'transactional')),
  subject text check (length(subject) <= 300),
  body text not null check (length(body) between 1 and 20000),
  variables jsonb not null default '{}',
  retired_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id)
);
create unique index templates_current on outbound.templates (project_id, name, language, channel) where retired_at is null;
comment on table outbound.templates is 'A text with typed gaps, one row per language and channel.';
comment on column outbound.templates.variables is '{name: {type, required}}; a gap that cannot be filled is refused, never left blank.';
select shared.protect_tenant('outbound.templates');
grant select, insert, update on outbound.templates to omneuro_app;

create table outbound.messages (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  contact_id text not null,
  channel text not null check (channel in ('chat', 'sms', 'email', 'telegram')),
  sender_id text not null,
  brand text not null default '',
  class text not null check (class in ('marketing', 'transactional', 'reply')),
  recipient text not null check (length(recipient) between 1 and 320),
  recipient_hash text not null,
  zones text[] not null check (cardinality(zones) between 1 and 40),
  language text not null default 'en' check (language ~ '^[a-z]{2}$'),
  subject text check (length(subject) <= 300),
  body text not null check (length(body) between 1 and 20000),
  parts int not null default 1 check (parts between 1 and 40),
  template_id text,
  variables jsonb,
  evidence_refs text[] not null default '{}',
  stop_on_reply boolean not null default true,
  through_quiet boolean not null default false,
  answers_to text,
  thread jsonb not null default '{}',
  campaign_id text,
  campaign_step int,
  idempotency_key text not null check (length(idempotency_key) between 1 and 255),
  dedupe_key text not null,
  state text not null default 'draft' check (state in ('draft', 'pending', 'approved', 'queued', 'submitting', 'submitted', 'sent',
    'delivered', 'read', 'failed', 'cancelled', 'blocked_opt_out', 'unknown')),
  code text,
  note text,
  written_by text not null,
  writers text[] not null default '{}',
  approved_by text,
  approved_at timestamptz,
  seal text,
  policy jsonb,
  due_at timestamptz not null default shared.clock(),
  reserved_at timestamptz,
  attempts int not null default 0,
  replays int not null default 0,
  spared int not null default 0,
  token uuid,
  lease_until timestamptz,
  provider_message_id text,
  provider_rank smallint not null default 0,
  lookups int not null default 0,
  submitted_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  failed_at timestamptz,
  erased_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  constraint outbound_idempotency unique (project_id, idempotency_key),
  foreign key (project_id, contact_id) references people.contacts (project_id, id),
  foreign key (project_id, sender_id) references outbound.senders (project_id, id),
  foreign key (project_id, template_id) references outbound.templates (project_id, id),
  check (not through_quiet or class <> 'marketing'),
  constraint outbound_approved_is_sealed check (state in ('draft', 'pending', 'cancelled', 'blocked_opt_out') or seal is not null),
  constraint outbound_claim_has_lease check ((state = 'submitting') = (token is not null and lease_until is not null))
);
create unique index messages_dedupe on outbound.messages (project_id, dedupe_key) where state not in ('cancelled', 'failed', 'blocked_opt_out');
create index messages_due on outbound.messages (project_id, sender_id, due_at, id) where state = 'queued';
create index messages_stuck on outbound.messages (project_id, coalesce(lease_until, due_at)) where state in ('submitting', 'unknown');
create index messages_newest on outbound.messages (project_id, created_at desc, id desc);
create index messages_state on outbound.messages (project_id, state, updated_at desc, id desc);
create index messages_contact on outbound.messages (project_id, contact_id, created_at desc, id desc);
create index messages_open on outbound.messages (project_id, contact_id) where state in ('draft', 'pending', 'approved', 'queued');
create index messages_recipient_open on outbound.messages (project_id, channel, recipient_hash) where state in ('draft', 'pending', 'approved', 'queued');
create index messages_reserved on outbound.messages (project_id, contact_id, channel, reserved_at) where reserved_at is not null;
create index messages_provider on outbound.messages (project_id, provider_message_id) where provider_message_id is not null;
create index messages_campaign on outbound.messages (project_id, campaign_id, campaign_step) where campaign_id is not null;
comment on table outbound.messages is 'A message that is to leave the house: an intent, its approval, and what became of it.';
comment on column outbound.messages.class is 'marketing: consent, quiet hours and cap apply; transactional: about a job of one''s own; reply: answers what was just received.';
comment on column outbound.messages.recipient_hash is 'Keyed hash of the normalized address: it outlives the address, so that an erased person stays opted out.';
comment on column outbound.messages.zones is 'The time zones in which the recipient may be; quiet hours hold in every one of them.';
comment on column outbound.messages.through_quiet is 'Goes out in quiet hours too; only for what is about a job of one''s own, and audited.';
comment on column outbound.messages.idempotency_key is 'The caller''s business key: one message per key, whatever is asked again.';
comment on column outbound.messages.dedupe_key is 'Keyed hash over channel, recipient, words and day: the same words do not go to one person twice in a day by accident.';
comment on column outbound.messages.replays is 'How often an operator sent it on after it had failed: each allows the same number of attempts again.';
comment on column outbound.messages.answers_to is 'The message it answers, for threading and for the class reply.';
comment on column outbound.messages.thread is 'Where the provider shall put it: a Chatwoot conversation, an e-mail''s references.';
comment on column outbound.messages.code is 'Why it is where it is: a stable code, shown with an explanation.';
comment on column outbound.messages.spared is 'Attempts that failed for a reason of the sender''s, not of the message''s: they do not count.';
comment on column outbound.messages.writers is 'Everybody whose words are in it: under four eyes none of them approves it.';
comment on column outbound.messages.seal is 'SHA-256 over text, recipient, sender, policy and evidence as they were approved; claiming checks it again.';
comment on column outbound.messages.policy is 'The rules in force when it was approved.';
comment on column outbound.messages.reserved_at is 'Counts towards the cap from here on; null again when it finally failed.';
comment on column outbound.messages.provider_rank is 'How far the provider''s word has come; it never goes back.';
select shared.protect_tenant('outbound.messages');
grant select, insert, update on outbound.messages to omneuro_app;

create table outbound.attempts (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  message_id text not null,
  number int not null check (number > 0),
  sender_id text not null,
  token uuid not null,
  outcome text not null default 'submitting' check (outcome in ('submitting', 'accepted', 'later', 'refused', 'unknown', 'found', 'absent')),
  provider_message_id text,
  code text,
  http_status int,
  request_id text default nullif(current_setting('app.request_id', true), ''),
  started_at timestamptz not null default shared.clock(),
  finished_at timestamptz,
  primary key (project_id, id),
  unique (project_id, message_id, number),
  foreign key (project_id, message_id) references outbound.messages (project_id, id)
);
comment on table outbound.attempts is 'One call of a provider, written down before it is made.';
select shared.protect_tenant('outbound.attempts');
grant select, insert, update on outbound.attempts to omneuro_app;

create table outbound.contact_channel_policies (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  contact_id text not null,
  channel text not null check (channel in ('chat', 'sms', 'email', 'telegram')),
  brand text not null default '',
  opted_out_at timestamptz,
  opted_out_by text check (opted_out_by in ('keyword', 'link', 'provider', 'complaint', 'operator')),
  evidence_id text,
  held_at timestamptz,
  held_evidence_id text,
  cap_count int check (cap_count between 0 and 1000),
  cap_seconds int check (cap_seconds between 60 and 31536000),
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  constraint one_policy unique (project_id, contact_id, channel, brand),
  foreign key (project_id, contact_id) references people.contacts (project_id, id),
  check ((opted_out_at is null) = (opted_out_by is null))
);
comment on table outbound.contact_channel_policies is 'What a person has said about being written to on a channel.';
comment on column outbound.contact_channel_policies.opted_out_by is 'A word like START takes back only what a word like STOP has done.';
comment on column outbound.contact_channel_policies.held_at is 'Something that reads like a wish to be left alone: marketing waits until an operator decides.';
comment on column outbound.contact_channel_policies.cap_count is 'Narrower or wider than the project''s; null follows it.';
select shared.protect_tenant('outbound.contact_channel_policies');
grant select, insert, update on outbound.contact_channel_policies to omneuro_app;

create table outbound.suppressions (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  channel text not null check (channel in ('chat', 'sms', 'email', 'telegram')),
  brand text not null default '',
  recipient_hash text not null,
  reason text not null check (reason in ('keyword', 'link', 'provider', 'complaint', 'operator', 'bounce', 'invalid')),
  evidence_id text,
  suppressed_at timestamptz not null default shared.clock(),
  lifted_at timestamptz,
  version int not null default 1,
  primary key (project_id, id),
  constraint one_suppression unique (project_id, channel, brand, recipient_hash)
);
comment on table outbound.suppressions is 'Addresses that must not be written to, by keyed hash: they outlive the person''s record.';
select shared.protect_tenant('outbound.suppressions');
grant select, insert, update on outbound.suppressions to omneuro_app;

create table outbound.calling_codes (
  code text primary key check (code ~ '^[1-9][0-9]{0,3}$'),
  zones text[] not null
);
comment on table outbound.calling_codes is 'The time zones a telephone number may be in, by the beginning of it (ITU E.164).';
insert into outbound.calling_codes (code, zones) values
  ('1', '{America/New_York,America/Chicago,America/Denver,America/Los_Angeles,America/Anchorage,Pacific/Honolulu}'),
  ('30', '{Europe/Athens}'), ('31', '{Europe/Amsterdam}'), ('32', '{Europe/Brussels}'), ('33', '{Europe/Paris}'), ('34', '{Europe/Madrid,Atlantic/Canary}'),
  ('36', '{Europe/Budapest}'), ('39', '{Europe/Rome}'), ('40', '{Europe/Bucharest}'), ('41', '{Europe/Zurich}'), ('43', '{Europe/Vienna}'),
  ('44', '{Europe/London}'), ('45', '{Europe/Copenhagen}'), ('46', '{Europe/Stockholm}'), ('47', '{Europe/Oslo}'), ('48', '{Europe/Warsaw}'),
  ('49', '{Europe/Berlin}'), ('61', '{Australia/Perth,Australia/Adelaide,Australia/Sydney}'), ('64', '{Pacific/Auckland}'), ('90', '{Europe/Istanbul}'),
  ('298', '{Atlantic/Faroe}'), ('299', '{America/Nuuk}'), ('351', '{Europe/Lisbon,Atlantic/Azores}'), ('352', '{Europe/Luxembourg}'),
  ('353', '{Europe/Dublin}'), ('354', '{Atlantic/Reykjavik}'), ('356', '{Europe/Malta}'), ('357', '{Asia/Nicosia}'), ('358', '{Europe/Helsinki}'),
  ('359', '{Europe/Sofia}'), ('370', '{Europe/Vilnius}'), ('371', '{Europe/Riga}'), ('372', '{Europe/Tallinn}'), ('380', '{Europe/Kyiv}'),
  ('385', '{Europe/Zagreb}'), ('386', '{Europe/Ljubljana}'), ('420', '{Europe/Prague}'), ('421', '{Europe/Bratislava}');
select shared.protect_global('outbound.calling_codes', 'true');
grant select on outbound.calling_codes to omneuro_app;

-- Which state may follow which. The trigger holds it against every writer, whatever the code believes.
create table outbound.transitions (
  state text not null,
  next text not null,
  primary key (state, next)
);
comment on table outbound.transitions is 'The allowed moves of a message; a state that is not listed as `state` is final.';
insert into outbound.transitions (state, next) values
  ('draft', 'pending'), ('draft', 'approved'), ('draft', 'cancelled'), ('draft', 'blocked_opt_out'),
  ('pending', 'draft'), ('pending', 'approved'), ('pending', 'cancelled'), ('pending', 'blocked_opt_out'),
  ('approved', 'draft'), ('approved', 'queued'), ('approved', 'cancelled'), ('approved', 'blocked_opt_out'),
  ('queued', 'draft'), ('queued', 'approved'), ('queued', 'submitting'), ('queued', 'cancelled'), ('queued', 'blocked_opt_out'), ('queued', 'failed'),
  ('submitting', 'queued'), ('submitting', 'submitted'), ('submitting', 'sent'), ('submitting', 'failed'), ('submitting', 'blocked_opt_out'), ('submitting', 'unknown'),
  ('unknown', 'queued'), ('unknown', 'submitted'), ('unknown', 'sent'), ('unknown', 'delivered'), ('unknown', 'read'), ('unknown', 'failed'), ('unknown', 'cancelled'),
  ('submitted', 'sent'), ('submitted', 'delivered'), ('submitted', 'read'), ('submitted', 'failed'), ('submitted', 'blocked_opt_out'),
  ('sent', 'delivered'), ('sent', 'read'), ('sent', 'failed'), ('sent', 'blocked_opt_out'),
  ('delivered', 'read'),
  ('failed', 'queued'), ('failed', 'cancelled');
select shared.protect_global('outbound.transitions', 'true');
grant select on outbound.transitions to omneuro_app;

create function outbound.allowed(state text) returns text[]
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select coalesce(array_agg(t.next order by t.next), '{}') from outbound.transitions t where t.state = allowed.state $$;
comment on function outbound.allowed(text) is 'The states that may follow.';

create function outbound.guard_state() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if new.state is distinct from old.state
    and not exists (select from outbound.transitions t where t.state = old.state and t.next = new.state) then
    perform shared.fail('conflict', 'outbound_invalid_state',
      jsonb_build_object('state', old.state, 'asked', new.state, 'allowed', to_jsonb(outbound.allowed(old.state))));
  end if;
  if new.provider_rank < old.provider_rank then new.provider_rank := old.provider_rank; end if;
  return new;
end $$;
comment on function outbound.guard_state() is 'Refuses a move that the table of transitions does not know.';
create trigger guard_state before update on outbound.messages for each row execute function outbound.guard_state();

insert into identity.role_permissions (role, permission)
select r.role, p.permission from (values
  ('owner', '{outbound:read,outbound:write,outbound:approve,outbound:operate}'::text[]),
  ('lead_technician', '{outbound:read,outbound:write,outbound:approve}'),
  ('office', '{outbound:read,outbound:write,outbound:approve,outbound:operate}'),
  ('technician', '{outbound:read,outbound:write}')) r (role, permissions), unnest(r.permissions) p (permission);
