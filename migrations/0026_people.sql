-- People as the office keeps them: records by hand, what proves an address, merges that can be undone and say why, and
-- proposals that wait for somebody.

alter table people.contacts
  add column origin text not null default 'heard' check (origin in ('heard', 'office')),
  add column notes text check (length(notes) <= 4000);
comment on column people.contacts.origin is 'heard: he wrote first, or another system told of him. office: a colleague made the record.';
comment on column people.contacts.notes is 'What colleagues should know; for staff only.';

alter table people.contact_points
  add column proof text not null default 'told' check (proof in ('told', 'channel', 'office')),
  add column judged_at timestamptz;
comment on column people.contact_points.proof is 'channel: he writes from it, so what we answer reaches nobody else. office: a colleague entered it. told: typed somewhere.';
comment on column people.contact_points.judged_at is 'When others with the same address were last looked for; null asks for it.';
create index contact_points_unjudged on people.contact_points (project_id, id) where judged_at is null;
create index contact_points_starting on people.contact_points (project_id, value_norm text_pattern_ops);

alter table people.merges
  add column reason text not null default 'source' check (reason in ('source', 'operator', 'proposal', 'same_address')),
  add column note text check (length(note) <= 1000),
  add column evidence_refs text[] not null default '{}',
  add column points text[] not null default '{}',
  add column undone_by text,
  add column undone_note text check (length(undone_note) <= 1000),
  add column updated_at timestamptz not null default shared.clock(),
  add column version int not null default 1;
comment on column people.merges.reason is 'source: the outside system says so. same_address: the rule about proven addresses. operator, proposal: a colleague decided.';
comment on column people.merges.note is 'Why, in a colleague''s words; erased with the person.';
comment on column people.merges.points is 'The addresses that both have, where that was the reason.';
create index merges_from on people.merges (project_id, from_contact_id) where undone_at is null;
create index merges_into on people.merges (project_id, into_contact_id);

create table people.merge_proposals (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  contact_id text not null,
  other_contact_id text not null,
  kind text not null check (kind in ('phone', 'email', 'telegram')),
  why text not null check (why in ('several', 'unproven', 'taken_apart')),
  state text not null default 'open' check (state in ('open', 'accepted', 'dismissed')),
  merge_id text,
  decided_by text,
  decided_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  foreign key (project_id, contact_id) references people.contacts (project_id, id),
  foreign key (project_id, other_contact_id) references people.contacts (project_id, id)
);
create unique index one_proposal on people.merge_proposals (project_id, least(contact_id, other_contact_id), greatest(contact_id, other_contact_id));
create index merge_proposals_open on people.merge_proposals (project_id, created_at desc, id desc) where state = 'open';
create index merge_proposals_contact on people.merge_proposals (project_id, contact_id);
create index merge_proposals_other on people.merge_proposals (project_id, other_contact_id);
comment on table people.merge_proposals is 'Two records that may be one person: nobody guesses, a colleague decides. One row for a pair, so that a no is remembered.';
comment on column people.merge_proposals.merge_id is 'The merge (people.merges) that answered it, or that was undone.';
comment on column people.merge_proposals.why is 'several: more than one other record has the address. unproven: it was only typed somewhere. taken_apart: a merge of them was undone.';
select shared.protect_tenant('people.merge_proposals');
grant select, insert, update on people.merge_proposals to omneuro_app;

-- What was asked on behalf of one person, for his timeline.
create index answers_reader on memory.answers (project_id, (audience->>'id'), created_at desc) where audience->>'kind' = 'contact';

create schema insight;
comment on schema insight is 'Reads over all other domains; it holds no table.';
grant usage on schema insight to omneuro_app;
