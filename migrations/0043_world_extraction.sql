-- Facts that were read out of what people said: with the words they were read from.

alter table world.facts add column quote text check (length(quote) between 1 and 2000);
comment on column world.facts.quote is 'The words of its evidence that say so.';

create index edges_override on world.knowledge_edges (project_id, knower) where status in ('unknown', 'false_belief');

create table world.extractions (
  project_id uuid not null,
  account_scope_id uuid not null,
  upto timestamptz not null default '-infinity',
  upto_id text not null default '',
  primary key (project_id)
);
comment on table world.extractions is 'How far a project''s evidence has been read for facts.';
comment on column world.extractions.upto is 'When the last evidence that was read had changed; upto_id is its id.';
select shared.protect_tenant('world.extractions');
grant select, insert, update on world.extractions to omneuro_app;

create index evidence_changed on shared.evidence_items (project_id, updated_at, id);
