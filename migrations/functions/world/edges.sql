-- Who knows what: edges that somebody set, and those that are assumed from how people stand to each other.

-- A prior: by a relationship of this type one end is assumed to know what is said of an entity under these keys.
-- `side` is who knows, `about` of whom: the other end or his own; a pattern ends in .* for a group of keys.
create or replace function world.priors() returns table (rel_type text, side text, about text, pattern text, confidence real)
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
  as $$ values
    ('WORKS_AT', 'src', 'dst', 'company.*', 0.8::real), ('WORKS_AT', 'src', 'dst', 'address.*', 0.9), ('WORKS_AT', 'src', 'dst', 'opening_hours.*', 0.9),
    ('WORKS_AT', 'dst', 'src', 'job.*', 0.9), ('WORKS_AT', 'dst', 'src', 'salary.*', 0.9),
    ('RENTED_FROM', 'dst', 'src', 'rent.*', 0.95), ('RENTED_FROM', 'dst', 'src', 'deposit.*', 0.9), ('RENTED_FROM', 'dst', 'src', 'lease.*', 0.9),
    ('RENTED_FROM', 'src', 'dst', 'rent.*', 0.95), ('RENTED_FROM', 'src', 'dst', 'lease.*', 0.9),
    ('NEGOTIATING_WITH', 'src', 'dst', 'offer.*', 0.7), ('NEGOTIATING_WITH', 'dst', 'src', 'offer.*', 0.7),
    ('CLIENT_OF', 'src', 'src', 'appointment.*', 0.8), ('CLIENT_OF', 'src', 'src', 'invoice.*', 0.8), ('CLIENT_OF', 'src', 'dst', 'opening_hours.*', 0.6),
    ('ROOMMATE_OF', 'src', 'dst', 'rent.*', 0.8), ('ROOMMATE_OF', 'dst', 'src', 'rent.*', 0.8), ('ROOMMATE_OF', 'src', 'dst', 'address.*', 0.9),
    ('ROOMMATE_OF', 'dst', 'src', 'address.*', 0.9),
    ('DATING', 'src', 'dst', 'address.*', 0.8), ('DATING', 'dst', 'src', 'address.*', 0.8), ('DATING', 'src', 'dst', 'job.*', 0.7), ('DATING', 'dst', 'src', 'job.*', 0.7),
    ('PARENT_OF', 'src', 'dst', 'birthday', 0.95), ('PARENT_OF', 'src', 'dst', 'address.*', 0.8), ('PARENT_OF', 'dst', 'src', 'birthday', 0.9)
$$;
comment on function world.priors() is 'What the ends of a relationship are assumed to know: a landlord knows the rent.';
revoke execute on function world.priors() from public;
grant execute on function world.priors() to omneuro_app;

-- One relationship's priors over some facts (null: all there are of its ends). An edge that is there stays as it is; and where
-- somebody set what a knower knows under this key, nothing is assumed any more. Returns how many edges were made.
create or replace function world.seed(r world.relationships, facts text[]) returns int
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
#variable_conflict use_column
declare p constant uuid := shared.scope(); at constant timestamptz := shared.clock(); seeded jsonb;
begin
  with wanted as (
    select distinct on (k.knower, f.root_id) k.knower, f.root_id, q.confidence
    from world.priors() q
      cross join lateral (select case q.side when 'src' then r.src_entity_id else r.dst_entity_id end as knower,
        case q.about when 'src' then r.src_entity_id else r.dst_entity_id end as subject) k
      join world.facts f on f.project_id = p and f.subject_entity_id = k.subject and f.superseded_at is null and f.scope = 'global'
        and (f.key = q.pattern or q.pattern like '%.*' and (f.key = left(q.pattern, -2) or starts_with(f.key, left(q.pattern, -1))))
        and (facts is null or f.root_id = any (facts))
    where q.rel_type = r.rel_type
      and not exists (select from world.knowledge_edges e join world.facts o on o.project_id = p and o.root_id = e.fact_id
        where e.project_id = p and e.knower = 'entity:' || k.knower and e.session_id is null and e.superseded_at is null
          and (e.fact_id = f.root_id or e.set_by_user and o.subject_entity_id = f.subject_entity_id and o.key = f.key))
    order by k.knower, f.root_id, q.confidence desc
  ), made as (
    insert into world.knowledge_edges (project_id, user_id, id, knower, knower_entity_id, fact_id, status, confidence, source, seeded_from, recorded_at)
    select p, nullif(current_setting('app.user_id', true), '')::uuid, shared.made_id('edg', w.knower || ' ' || w.root_id || ' ' || r.root_id),
      'entity:' || w.knower, w.knower, w.root_id, 'assumed', w.confidence, 'inferred', r.root_id, at
    from wanted w order by 3
    on conflict do nothing returning id, fact_id
  )
  select jsonb_agg(jsonb_build_object('id', shared.made_id('evt', m.id || ' seeded'), 'kind', 'knowledge_edge.seeded_from_prior', 'ref_type', 'knowledge_edge',
    'ref_id', m.id, 'ts', at, 'payload', jsonb_build_object('fact', m.fact_id, 'relationship', r.root_id))) into seeded from made m;
  if seeded is null then return 0; end if;
  perform shared.record_events(seeded);
  return jsonb_array_length(seeded);
end $$;
comment on function world.seed(world.relationships, text[]) is 'Assumes what one relationship lets its ends know.';
revoke execute on function world.seed(world.relationships, text[]) from public;
grant execute on function world.seed(world.relationships, text[]) to omneuro_app;

create or replace function world.seed_priors(relationship text) returns int
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare r world.relationships; n int := 0;
begin
  for r in select x.* from world.relationships x where x.project_id = shared.scope() and x.root_id = relationship and x.superseded_at is null
    and (x.valid_from is null or x.valid_from <= shared.clock()) and (x.valid_to is null or x.valid_to > shared.clock()) order by x.id
  loop n := n + world.seed(r, null); end loop;
  return n;
end $$;
comment on function world.seed_priors(text) is 'Assumes what a relationship lets its ends know, once: another time changes nothing.';
revoke execute on function world.seed_priors(text) from public;
grant execute on function world.seed_priors(text) to omneuro_app;

create or replace function world.seed_about(fact text) returns int
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare r world.relationships; subject text; n int := 0; p constant uuid := shared.scope();
begin
  select f.subject_entity_id into subject from world.facts f where f.project_id = p and f.id = fact;
  for r in select x.* from world.relationships x where x.project_id = p and (x.src_entity_id = subject or x.dst_entity_id = subject)
    and x.superseded_at is null and x.rel_type in (select q.rel_type from world.priors() q)
    and (x.valid_from is null or x.valid_from <= shared.clock()) and (x.valid_to is null or x.valid_to > shared.clock()) order by x.id
  loop n := n + world.seed(r, array[fact]); end loop;
  return n;
end $$;
comment on function world.seed_about(text) is 'Assumes who knows a new fact by how he stands to its subject.';
revoke execute on function world.seed_about(text) from public;
grant execute on function world.seed_about(text) to omneuro_app;

-- w: {id, knower, fact, status, believed_value, confidence, source, session, evidence, evidence_version, set_by_user}.
create or replace function world.put_edge(w jsonb) returns world.knowledge_edges
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  person constant text := case when w->>'knower' like 'contact:%' then substr(w->>'knower', 9) end;
  entity constant text := case when w->>'knower' like 'entity:%' then substr(w->>'knower', 8) end;
  f world.facts; old world.knowledge_edges; made world.knowledge_edges; at timestamptz := shared.clock();
begin
  perform world.owners_of(w->>'knower');
  if exists (select from world.entities x where x.project_id = p and x.id = entity and x.merged_into is not null) then
    perform shared.fail('conflict', 'entity_merged', jsonb_build_object('id', world.stands_at(entity, 'infinity'), 'detail', 'Another one stands for him.'));
  end if;
  perform world.own_session(w->>'session');
  select x.* into f from world.facts x where x.project_id = p and x.id = w->>'fact' and x.continues is null for no key update;
  if f.id is null then perform shared.fail('not_found', 'fact_unknown'); end if;
  if (w->>'status') <> 'false_belief' and jsonb_typeof(w->'believed_value') <> 'null' then
    perform shared.fail('invalid', 'value_invalid', jsonb_build_object('detail', 'What he believes instead goes with false_belief.'));
  end if;
  if (w->>'status') = 'false_belief' and not coalesce(world.is_value(f.value_type, w->'believed_value'), false) then
    perform shared.fail('invalid', 'value_invalid', jsonb_build_object('detail', 'Say what he believes, in the form of the fact''s type.'));
  end if;
  select x.* into old from world.knowledge_edges x where x.project_id = p and x.knower = w->>'knower' and x.fact_id = f.id
    and x.session_id is not distinct from w->>'session' and x.superseded_at is null;
  if (old.status, old.believed_value, old.confidence, old.source, old.evidence_id, old.set_by_user) is not distinct from (w->>'status',
      nullif(w->'believed_value', 'null'), coalesce((w->>'confidence')::real, 1), w->>'source', w->>'evidence', coalesce((w->>'set_by_user')::boolean, false)) then
    return old;
  end if;
  at := greatest(at, old.recorded_at);
  update world.knowledge_edges x set superseded_at = at, superseded_by = w->>'id' where x.project_id = p and x.id = old.id;
  insert into world.knowledge_edges (project_id, user_id, id, knower, knower_entity_id, knower_contact_id, fact_id, status, believed_value, confidence,
      source, session_id, set_by_user, evidence_id, evidence_version, recorded_at)
    values (p, nullif(current_setting('app.user_id', true), '')::uuid, w->>'id', w->>'knower', entity, person, f.id, w->>'status',
      nullif(w->'believed_value', 'null'), coalesce((w->>'confidence')::real, 1), w->>'source', w->>'session', coalesce((w->>'set_by_user')::boolean, false),
      w->>'evidence', (select coalesce((w->>'evidence_version')::int, i.version) from shared.evidence_items i where i.project_id = p and i.id = w->>'evidence'), at)
    returning * into made;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', made.id || ' set'), 'kind', 'knowledge_edge.set',
    'ref_type', 'knowledge_edge', 'ref_id', made.id, 'ts', shared.clock(), 'payload', jsonb_strip_nulls(jsonb_build_object('fact', f.id, 'status', made.status,
      'source', made.source, 'session', made.session_id)))));
  return made;
end $$;
comment on function world.put_edge(jsonb) is 'Says what a knower knows of a fact; the edge before it is superseded.';
revoke execute on function world.put_edge(jsonb) from public;
grant execute on function world.put_edge(jsonb) to omneuro_app;

create or replace function world.assert_may_edit() returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$ begin
  if not coalesce(current_setting('app.permissions', true)::jsonb ? 'world:edges', false) and not exists (select from world.users u
    where u.project_id = shared.scope() and u.user_id = nullif(current_setting('app.user_id', true), '')::uuid and u.tier = 'premium') then
    perform shared.fail('forbidden', 'premium_required', jsonb_build_object('detail', 'Who knows what is edited by premium users and owners; everybody may read it.'));
  end if;
end $$;
comment on function world.assert_may_edit() is 'Refuses who may only read who knows what.';
revoke execute on function world.assert_may_edit() from public;
grant execute on function world.assert_may_edit() to omneuro_app;
