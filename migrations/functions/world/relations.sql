-- How entities stand to each other, in the same two times as facts.

-- w: {id, src, type, dst, valid_from, valid_to, source_type, source_ref, origin, evidence, evidence_version, extractor_version, model_version, prompt_version}.
create or replace function world.put_relationship(w jsonb) returns world.relationships
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  g constant jsonb := world.grounded(w);
  since constant timestamptz := (w->>'valid_from')::timestamptz;
  until constant timestamptz := (w->>'valid_to')::timestamptz;
  made world.relationships;
begin
  if w->>'src' = w->>'dst' then perform shared.fail('invalid', 'same_entity'); end if;
  if since >= until then perform shared.fail('invalid', 'interval_empty'); end if;
  perform world.hold_entity(least(w->>'src', w->>'dst'));
  perform world.hold_entity(greatest(w->>'src', w->>'dst'));
  if exists (select from world.relationships x where x.project_id = p and x.src_entity_id = w->>'src' and x.rel_type = w->>'type'
    and x.dst_entity_id = w->>'dst' and x.superseded_at is null and tstzrange(x.valid_from, x.valid_to) && tstzrange(since, until)) then
    perform shared.fail('conflict', 'relationship_exists', jsonb_build_object('detail', 'It is written down for a part of this time already.'));
  end if;
  insert into world.relationships (project_id, user_id, id, src_entity_id, rel_type, dst_entity_id, valid_from, valid_to, origin, source_type, source_ref,
      evidence_id, evidence_version, extractor_version, model_version, prompt_version)
    values (p, nullif(current_setting('app.user_id', true), '')::uuid, w->>'id', w->>'src', w->>'type', w->>'dst', since, until, g->>'origin',
      w->>'source_type', trim(w->>'source_ref'), g->>'evidence', (g->>'evidence_version')::int, w->>'extractor_version', w->>'model_version', w->>'prompt_version')
    returning * into made;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', made.id || ' recorded'), 'kind', 'relationship.recorded',
    'ref_type', 'relationship', 'ref_id', made.id, 'ts', shared.clock(), 'payload', jsonb_build_object('type', made.rel_type, 'src', made.src_entity_id,
      'dst', made.dst_entity_id))));
  perform world.seed_priors(made.id);
  return made;
end $$;
comment on function world.put_relationship(jsonb) is 'Writes a relationship down and assumes what it lets its ends know.';
revoke execute on function world.put_relationship(jsonb) from public;
grant execute on function world.put_relationship(jsonb) to omneuro_app;

-- Since `until` it holds no longer; with null it never did.
create or replace function world.close_relationship(wanted text, until timestamptz) returns world.relationships
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); r world.relationships; shown world.relationships; at timestamptz := shared.clock();
begin
  select x.* into r from world.relationships x where x.project_id = p and x.root_id = wanted
    order by x.superseded_at is null desc, x.recorded_at desc, x.id limit 1 for update;
  if r.id is null then perform shared.fail('not_found', 'relationship_unknown'); end if;
  if r.superseded_at is not null or r.valid_to <= until then
    perform shared.fail('conflict', 'relationship_closed', jsonb_build_object('detail', 'It does not hold at that time any more.'));
  end if;
  at := greatest(at, r.recorded_at);
  update world.relationships x set superseded_at = at where x.project_id = p and x.id = r.id returning x.* into shown;
  if until is not null and (r.valid_from is null or r.valid_from < until) then
    r.valid_to := until;
    perform world.carry_relationship(r, shared.made_id('rel', r.id || ' until ' || at), at);
    select x.* into shown from world.relationships x where x.project_id = p and x.id = shared.made_id('rel', r.id || ' until ' || at);
  end if;
  -- What was assumed from what never was is not assumed any more.
  if until is null then
    update world.knowledge_edges e set superseded_at = greatest(at, e.recorded_at)
      where e.project_id = p and e.seeded_from = r.root_id and e.superseded_at is null
        and (e.knower = 'entity:' || r.src_entity_id or e.knower = 'entity:' || r.dst_entity_id);
  end if;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', r.id || ' ended ' || at), 'kind', 'relationship.closed',
    'ref_type', 'relationship', 'ref_id', r.root_id, 'ts', shared.clock(), 'payload', '{}'::jsonb)));
  return shown;
end $$;
comment on function world.close_relationship(text, timestamptz) is 'Ends a relationship, or takes it back altogether.';
revoke execute on function world.close_relationship(text, timestamptz) from public;
grant execute on function world.close_relationship(text, timestamptz) to omneuro_app;
