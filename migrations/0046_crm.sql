-- Firms, and what is offered to them: lines with what they rest on, sums that the database makes, approvals that the audit trail holds.

create schema crm;
comment on schema crm is 'Firms with their people, and offers with what each line rests on.';
grant usage on schema crm to omneuro_app;

create table crm.accounts (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  name text not null check (length(name) between 1 and 300),
  registration text check (length(registration) between 1 and 40),
  note text check (length(note) between 1 and 2000),
  archived_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id)
);
create index accounts_newest on crm.accounts (project_id, updated_at desc, id desc);
create index accounts_words on crm.accounts using gin (project_id, to_tsvector('simple'::regconfig, name)) with (fastupdate = off);
comment on table crm.accounts is 'A firm, an association, a household: whom we do business with.';
comment on column crm.accounts.registration is 'Its number in the companies register.';

create table crm.account_contacts (
  project_id uuid not null,
  account_scope_id uuid not null,
  account_id text not null,
  contact_id text not null,
  role text check (length(role) between 1 and 80),
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, account_id, contact_id),
  foreign key (project_id, account_id) references crm.accounts (project_id, id),
  foreign key (project_id, contact_id) references people.contacts (project_id, id)
);
create index account_contacts_contact on crm.account_contacts (project_id, contact_id);
comment on table crm.account_contacts is 'Who speaks for an account.';
comment on column crm.account_contacts.role is 'What he is there, as people say it.';

create table crm.offers (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  number int not null check (number >= 1),
  account_id text,
  contact_id text,
  title text not null check (length(title) between 1 and 200),
  note text check (length(note) between 1 and 4000),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  state text not null default 'draft' check (state in ('draft', 'approved', 'sent', 'accepted', 'declined', 'withdrawn', 'needs_review')),
  list_minor bigint not null default 0 check (list_minor >= 0),
  net_minor bigint not null default 0 check (net_minor >= 0),
  vat_minor bigint not null default 0 check (vat_minor >= 0),
  discount_minor bigint not null generated always as (list_minor - net_minor) stored,
  total_minor bigint not null generated always as (net_minor + vat_minor) stored,
  is_discounted boolean not null default false,
  review_from text check (review_from in ('draft', 'approved', 'sent')),
  review_reason text check (review_reason ~ '^[a-z_]{1,60}$'),
  review_since timestamptz,
  review_note text check (length(review_note) between 1 and 500),
  message_id text,
  sent_at timestamptz,
  settled_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  constraint offer_number unique (project_id, number),
  constraint offer_account foreign key (project_id, account_id) references crm.accounts (project_id, id),
  constraint offer_contact foreign key (project_id, contact_id) references people.contacts (project_id, id),
  constraint offer_message foreign key (project_id, message_id) references outbound.messages (project_id, id),
  constraint offer_reviewed check ((state = 'needs_review') = (review_from is not null) and (state = 'needs_review') = (review_reason is not null)),
  constraint offer_sums check (net_minor <= list_minor),
  constraint offer_settled check ((state in ('accepted', 'declined', 'withdrawn')) = (settled_at is not null))
);
create index offers_newest on crm.offers (project_id, updated_at desc, id desc);
create index offers_state on crm.offers (project_id, state, updated_at desc, id desc);
create index offers_account on crm.offers (project_id, account_id, updated_at desc, id desc) where account_id is not null;
create index offers_contact on crm.offers (project_id, contact_id, updated_at desc, id desc) where contact_id is not null;
create index offers_message on crm.offers (project_id, message_id) where message_id is not null;
comment on table crm.offers is 'What is offered to somebody, in one currency. Money is in its smallest unit; sums are of the lines, rounded line by line, half away from zero.';
comment on column crm.offers.number is 'What people call it by: 1, 2, 3 in a project.';
comment on column crm.offers.list_minor is 'Before discounts and VAT.';
comment on column crm.offers.net_minor is 'After discounts, before VAT.';
comment on column crm.offers.is_discounted is 'Some line has a discount: it is a draft until somebody approves that.';
comment on column crm.offers.review_from is 'What it was when something it cites changed.';
comment on column crm.offers.review_reason is 'Why it needs a look: a stable word, no text.';
comment on column crm.offers.review_note is 'What whoever looked at it last said.';
comment on column crm.offers.message_id is 'The message that carries it.';
comment on column crm.offers.sent_at is 'When that message had left.';

create table crm.offer_items (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  offer_id text not null,
  position int not null check (position between 1 and 40),
  description text not null check (length(description) between 1 and 1000),
  quantity numeric(10,3) not null check (quantity > 0 and quantity <= 100000),
  unit_price_minor bigint not null check (unit_price_minor between 0 and 1000000000),
  discount_pct numeric(5,2) not null default 0 check (discount_pct between 0 and 100),
  vat_pct numeric(5,2) not null check (vat_pct between 0 and 100),
  list_minor bigint not null generated always as (round(quantity * unit_price_minor)) stored,
  net_minor bigint not null generated always as (round(round(quantity * unit_price_minor) * (100 - discount_pct) / 100)) stored,
  vat_minor bigint not null generated always as (round(round(round(quantity * unit_price_minor) * (100 - discount_pct) / 100) * vat_pct / 100)) stored,
  fact_id text,
  evidence_id text,
  evidence_version int,
  stale_at timestamptz,
  stale_reason text check (stale_reason ~ '^[a-z_]{1,60}$'),
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, offer_id) references crm.offers (project_id, id) on delete cascade,
  constraint item_evidence foreign key (project_id, evidence_id) references shared.evidence_items (project_id, id),
  check (evidence_version is null or evidence_id is not null),
  check ((stale_at is null) = (stale_reason is null))
);
create index offer_items_offer on crm.offer_items (project_id, offer_id, position);
create index offer_items_fact on crm.offer_items (project_id, fact_id) where fact_id is not null;
create index offer_items_evidence on crm.offer_items (project_id, evidence_id) where evidence_id is not null;
comment on table crm.offer_items is 'A line of an offer, and what it rests on.';
comment on column crm.offer_items.unit_price_minor is 'Of one, without VAT, in the currency''s smallest unit.';
comment on column crm.offer_items.fact_id is 'The root of the fact it rests on. No foreign key: an erased fact leaves its id here.';
comment on column crm.offer_items.evidence_version is 'As it was when the line was written.';
comment on column crm.offer_items.stale_reason is 'Why what it rests on is not so any more: a stable word, no text.';

create table crm.offer_approvals (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  offer_id text not null,
  kind text not null check (kind in ('discount', 'send')),
  audit_event_id text not null,
  approved_by text not null,
  approved_at timestamptz not null default shared.clock(),
  dropped_at timestamptz,
  dropped_because text check (dropped_because ~ '^[a-z_]{1,60}$'),
  primary key (project_id, id),
  foreign key (project_id, offer_id) references crm.offers (project_id, id) on delete cascade,
  check ((dropped_at is null) = (dropped_because is null))
);
create unique index approval_once on crm.offer_approvals (project_id, offer_id, kind) where dropped_at is null;
create index approvals_audit on crm.offer_approvals (project_id, audit_event_id);
comment on table crm.offer_approvals is 'Who approved a discount, or that an offer is sent; each with its row of the audit trail.';
comment on column crm.offer_approvals.audit_event_id is 'Its row of the audit trail, where nothing is ever deleted: a trigger holds that it is there.';
comment on column crm.offer_approvals.dropped_at is 'Since when it counts no more: the offer was changed, or what it cites was.';

do $$
declare t regclass;
begin
  foreach t in array array['crm.accounts', 'crm.account_contacts', 'crm.offers', 'crm.offer_items', 'crm.offer_approvals']::regclass[] loop
    perform shared.protect_tenant(t);
    execute format('grant select, insert, update, delete on %s to omneuro_app', t);
  end loop;
end $$;

alter table world.entities add column account_id text,
  add constraint entity_account foreign key (project_id, account_id) references crm.accounts (project_id, id);
create index entities_account on world.entities (project_id, account_id) where account_id is not null;
comment on column world.entities.account_id is 'The account that it is.';

-- Bodies are in functions/crm/outcomes.sql and functions/insight/offers.sql, applied right after the tables.
create function crm.follow_message() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin raise exception 'functions/crm/outcomes.sql was not applied'; end $$;
comment on function crm.follow_message() is 'Trigger: an offer is sent when the message that carries it has left.';
create function crm.check_audited() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin raise exception 'functions/crm/outcomes.sql was not applied'; end $$;
comment on function crm.check_audited() is 'Trigger: an approval has its row of the audit trail.';
create function insight.check_cited() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin raise exception 'functions/insight/offers.sql was not applied'; end $$;
comment on function insight.check_cited() is 'Trigger: a line of an offer cites what holds.';
create function insight.check_offer() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin raise exception 'functions/insight/offers.sql was not applied'; end $$;
comment on function insight.check_offer() is 'Trigger: nothing is sent whose facts hold no longer.';
create function insight.doubt_offers() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin raise exception 'functions/insight/offers.sql was not applied'; end $$;
comment on function insight.doubt_offers() is 'Trigger: open offers that cite what changed need a look.';

create trigger follow_message after update of state on outbound.messages
  for each row when (new.state is distinct from old.state and new.state in ('submitted', 'sent', 'delivered', 'read')) execute function crm.follow_message();
-- Deferred: the audit row is written after the approval, in the same statement.
create constraint trigger check_audited after insert on crm.offer_approvals deferrable initially deferred
  for each row execute function crm.check_audited();
create trigger check_cited before insert on crm.offer_items for each row when (new.fact_id is not null) execute function insight.check_cited();
create trigger check_offer before update of message_id on crm.offers
  for each row when (new.message_id is not null and new.message_id is distinct from old.message_id) execute function insight.check_offer();
-- Deferred: a fact that is cut short goes on in another row, written after it.
create constraint trigger doubt_offers after update of superseded_at, stale_at on world.facts deferrable initially deferred for each row
  when (old.superseded_at is null and new.superseded_at is not null or old.stale_at is null and new.stale_at is not null) execute function insight.doubt_offers();
create trigger doubt_offers_erased after delete on world.facts for each row execute function insight.doubt_offers();
create trigger doubt_offers after update of version on shared.evidence_items
  for each row when (new.version > old.version) execute function insight.doubt_offers();

-- crm:approve: approves discounts and that an offer is sent.
insert into identity.role_permissions (role, permission)
select r.role, p.permission from (values
  ('owner', '{crm:read,crm:write,crm:approve}'::text[]),
  ('lead_technician', '{crm:read,crm:write}'),
  ('office', '{crm:read,crm:write,crm:approve}')) r (role, permissions), unnest(r.permissions) p (permission);
