-- What a million facts are read by: words among what is public, the newest of it, and what contradicts something.

create index facts_public_words on world.facts using gin (project_id, tsv) with (fastupdate = off) where visibility = 0;
create index facts_public_newest on world.facts (project_id, recorded_at desc, id desc) where visibility = 0;
-- Who a person is in the world is asked before anything is read for him, whatever became of his entities.
create index entities_contact on world.entities (project_id, contact_id) where contact_id is not null;
-- Listing one attribute never walks past the others.
create index facts_attribute on world.facts (project_id, key, recorded_at desc, id desc);

alter table world.facts add column contradicts boolean not null default false;
comment on column world.facts.contradicts is
  'When it was recorded an equally well founded fact said otherwise of the same time; whether that still is so is looked up.';
create index facts_contradicting on world.facts (project_id, recorded_at desc, id desc) where contradicts;

alter table world.facts disable trigger only_ends;
update world.facts f set contradicts = true where f.session_id is null and f.review_state = 'kept' and exists (select from world.facts x
  where x.project_id = f.project_id and x.subject_entity_id = f.subject_entity_id and x.key = f.key and x.session_id is null
    and x.review_state = 'kept' and (x.value, x.unit) is distinct from (f.value, f.unit)
    and tstzrange(x.recorded_at, x.superseded_at) && tstzrange(f.recorded_at, f.superseded_at)
    and tstzrange(x.valid_from, x.valid_to) && tstzrange(f.valid_from, f.valid_to));
alter table world.facts enable trigger only_ends;
