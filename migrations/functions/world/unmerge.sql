-- A merge taken back: both entities are as they were before it, and as one in between.
create or replace function world.unmerge_entity(wanted text) returns world.merges
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); m world.merges; a world.entities; b world.entities; at timestamptz := shared.clock();
  old text; fresh text; stale timestamptz; why text; f world.facts; r world.relationships; e world.knowledge_edges;
begin
  select x.* into a from world.entities x where x.project_id = p and x.id = wanted and x.erased_at is null;
  if a.id is null then perform shared.fail('not_found', 'entity_unknown'); end if;
  perform from world.entities x where x.project_id = p and x.id in (a.id, a.merged_into) order by x.id for update;
  select x.* into m from world.merges x where x.project_id = p and x.from_entity_id = a.id and x.undone_at is null order by x.merged_at desc limit 1 for update;
  if m.id is null then perform shared.fail('conflict', 'entity_not_merged', jsonb_build_object('detail', 'Nothing stands for it.')); end if;
  select x.* into b from world.entities x where x.project_id = p and x.id = m.into_entity_id;
  if b.merged_into is not null then
    perform shared.fail('conflict', 'merge_changed', jsonb_build_object('detail', 'What stands for both was itself merged since. Take that back first.'));
  end if;
  if world.left_as(b.id) <> m.left_as then
    perform shared.fail('conflict', 'merge_changed', jsonb_build_object('detail',
      'Since then something was written down, ended or said of who knows it; nobody can tell whose that is. Enter the other one anew and write down what is true of it.'));
  end if;
  select greatest(at, m.merged_at, max(s.recorded_at)) into at from world.standing_of(b.id) s;
  for old, fresh in select x->>0, x->>1 from jsonb_array_elements(m.moved->'facts') x loop
    select x.stale_at, x.stale_reason into stale, why from world.facts x where x.project_id = p and x.id = fresh;
    select x.* into f from world.facts x where x.project_id = p and x.id = old;
    f.stale_at := stale; f.stale_reason := why;
    perform world.carry(f, shared.made_id('fct', f.id || ' apart ' || m.id), f.valid_from, f.valid_to, at);
    update world.facts x set superseded_at = at where x.project_id = p and x.id = fresh;
  end loop;
  for old, fresh in select x->>0, x->>1 from jsonb_array_elements(m.moved->'relationships') x loop
    update world.relationships x set superseded_at = at where x.project_id = p and x.id = fresh;
    select x.* into r from world.relationships x where x.project_id = p and x.id = old;
    perform world.carry_relationship(r, shared.made_id('rel', r.id || ' apart ' || m.id), at);
  end loop;
  update world.knowledge_edges x set superseded_at = at where x.project_id = p and x.superseded_at is null
    and x.id in (select q->>1 from jsonb_array_elements(m.moved->'edges') q union all select jsonb_array_elements_text(m.moved->'assumed'));
  for old in select x->>0 from jsonb_array_elements(m.moved->'edges') x loop
    select x.* into e from world.knowledge_edges x where x.project_id = p and x.id = old;
    perform world.carry_edge(e, shared.made_id('edg', e.id || ' apart ' || m.id), at);
  end loop;
  update world.entities x set contact_id = case when (m.moved->>'contact')::boolean then null else x.contact_id end,
      account_ref = case when (m.moved->>'account')::boolean and x.account_ref = a.account_ref then null else x.account_ref end,
      account_id = case when (m.moved->>'firm')::boolean and x.account_id = a.account_id then null else x.account_id end,
      updated_at = shared.clock(), version = x.version + 1 where x.project_id = p and x.id = b.id;
  update world.entities x set merged_into = null, updated_at = shared.clock(), version = x.version + 1 where x.project_id = p and x.id = a.id;
  update world.merges x set undone_at = at where x.project_id = p and x.id = m.id returning x.* into m;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', m.id || ' apart'), 'kind', 'entity.unmerged',
    'ref_type', 'entity', 'ref_id', a.id, 'ts', shared.clock(), 'payload', jsonb_build_object('from', b.id, 'merge', m.id))));
  return m;
end $$;
comment on function world.unmerge_entity(text) is 'Takes a merge back, while nothing was said since that might be of either.';
revoke execute on function world.unmerge_entity(text) from public;
grant execute on function world.unmerge_entity(text) to omneuro_app;
