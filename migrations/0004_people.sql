-- The one record of a person outside the firm.

create schema people;
comment on schema people is 'The one record of a person outside the firm, and how to reach him.';
grant usage on schema people to omneuro_app;

create table people.contacts (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  name text,
  preferred_channel text check (preferred_channel in ('chat', 'sms', 'email', 'phone', 'telegram')),
  language text check (language ~ '^[a-z]{2}$'),
  timezone text,
  merged_into text,
  erased_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  foreign key (project_id, merged_into) references people.contacts (project_id, id),
  check (merged_into is distinct from id)
);
create index contacts_newest on people.contacts (project_id, updated_at desc, id desc);
create index contacts_name on people.contacts using gin (project_id, to_tsvector('simple'::regconfig, name)) with (fastupdate = off);
create index contacts_merged on people.contacts (project_id, merged_into) where merged_into is not null;
comment on table people.contacts is 'A person: behind a Chatwoot contact, a client, a customer and a phone number.';
comment on column people.contacts.merged_into is 'The record that speaks for this one; resolved when read, so that a merge can be undone.';
select shared.protect_tenant('people.contacts');
grant select, insert, update on people.contacts to omneuro_app;

create table people.contact_points (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  contact_id text not null,
  kind text not null check (kind in ('phone', 'email', 'telegram')),
  value text not null,
  value_norm text not null,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  unique (project_id, contact_id, kind, value_norm),
  foreign key (project_id, contact_id) references people.contacts (project_id, id)
);
create index contact_points_norm on people.contact_points (project_id, kind, value_norm);
comment on table people.contact_points is 'One way to reach a person: a phone number, an e-mail address, a chat account.';
comment on column people.contact_points.value_norm is 'E.164 number or case-folded address; linking compares this exactly.';
select shared.protect_tenant('people.contact_points');
grant select, insert, update, delete on people.contact_points to omneuro_app;

create table people.merges (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  from_contact_id text not null,
  into_contact_id text not null,
  actor text not null,
  undone_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, from_contact_id) references people.contacts (project_id, id),
  foreign key (project_id, into_contact_id) references people.contacts (project_id, id)
);
comment on table people.merges is 'Two records were declared one person, and perhaps taken apart again.';
select shared.protect_tenant('people.merges');
grant select, insert, update on people.merges to omneuro_app;

create table people.consents (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  contact_id text not null,
  channel text not null check (channel in ('chat', 'sms', 'email', 'phone', 'telegram')),
  scope text not null check (scope in ('marketing', 'transactional', 'memory', 'telemetry', 'raw_text')),
  granted boolean not null,
  shown_text text,
  proof_ref text,
  occurred_at timestamptz not null,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, contact_id) references people.contacts (project_id, id)
);
create index consents_contact on people.consents (project_id, contact_id, channel, scope, occurred_at desc);
comment on table people.consents is 'A consent given or withdrawn, with the proof; the newest per channel and scope counts.';
select shared.protect_tenant('people.consents');
grant select, insert on people.consents to omneuro_app;
