-- The world's part in an erasure: entities that stand for him, what is true of them, was learnt from him, or holds his address.
create or replace function world.begin_erasure() returns int
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  proof constant text[] := array(select e.id from shared.evidence_items e where e.project_id = p
    and (e.contact_id in (select shared.doomed('person')) or e.source_pk in (select shared.doomed('source'))));
  n int;
begin
  with recursive his as (
    select e.id from world.entities e where e.project_id = p and (e.contact_id in (select shared.doomed('person')) or e.id in (select shared.doomed('entity')))
    union
    select e.id from his join world.entities e on e.project_id = p and e.merged_into = his.id)
  select shared.erase_ids('entity', coalesce(array_agg(h.id), '{}')) into n from his h;
  n := n + shared.erase_ids('fact', array(select f.root_id from world.facts f where f.project_id = p and (f.subject_entity_id in (select shared.doomed('entity'))
    or f.contact_id in (select shared.doomed('person')) or f.evidence_id = any(proof) or shared.is_first_step() and shared.names_him(f.statement))));
  -- What was read out of evidence that stays is not read out of it again.
  perform shared.keep_away('world.away', array(select world.mark(f.evidence_id, f.key, f.value) from world.facts f where f.project_id = p
    and f.root_id in (select shared.doomed('fact')) and f.evidence_id is not null));
  -- Facts that were cited are evidence themselves.
  n := n + shared.erase_ids('source', array(select e.source_pk from shared.evidence_items e where e.project_id = p and e.source_table = 'world.facts'
    and e.source_pk in (select shared.doomed('fact'))));
  return n + shared.erase_ids('relationship', array(select x.root_id from world.relationships x where x.project_id = p
    and (x.src_entity_id in (select shared.doomed('entity')) or x.dst_entity_id in (select shared.doomed('entity')) or x.evidence_id = any(proof))));
end $$;
comment on function world.begin_erasure() is 'What of a running erasure''s subject is in the world; how many ids were not known yet.';
create or replace function world.mark(evidence text, key text, value jsonb) returns text
  language sql immutable set search_path = pg_catalog, pg_temp
  as $$ select evidence || ':' || key || ':' || value::text $$;
comment on function world.mark(text, text, jsonb) is 'What evidence says, to be hashed.';
revoke execute on function world.begin_erasure(), world.mark(text, text, jsonb) from public;
grant execute on function world.begin_erasure(), world.mark(text, text, jsonb) to omneuro_app;
