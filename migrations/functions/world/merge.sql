-- Two entities are one. What was said of the first ends and goes on under its root with the second as its subject, so that edges,
-- citations and answers still name it; at a moment before, both are as they were. Rehearsals keep what was said in them.

create or replace function world.stands_at(wanted text, known_at timestamptz) returns text
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  with recursive up as (
    select wanted as id, 0 as n
    union all
    select m.into_entity_id, up.n + 1 from up join world.merges m on m.project_id = shared.scope() and m.from_entity_id = up.id
      and m.merged_at <= known_at and (m.undone_at is null or m.undone_at > known_at) where up.n < 20)
  select up.id from up order by up.n desc limit 1
$$;
comment on function world.stands_at(text, timestamptz) is 'The entity that stood for this one as known at a moment: itself, or what it was merged into.';
revoke execute on function world.stands_at(text, timestamptz) from public;
grant execute on function world.stands_at(text, timestamptz) to omneuro_app;

create or replace function world.carry_relationship(r world.relationships, fresh text, at timestamptz) returns void
  language sql volatile set search_path = pg_catalog, pg_temp
  as $$
  insert into world.relationships (project_id, user_id, id, src_entity_id, rel_type, dst_entity_id, valid_from, valid_to, recorded_at, continues, origin,
      source_type, source_ref, evidence_id, evidence_version, extractor_version, model_version, prompt_version)
    values (r.project_id, r.user_id, fresh, r.src_entity_id, r.rel_type, r.dst_entity_id, r.valid_from, r.valid_to, at, r.root_id,
      r.origin, r.source_type, r.source_ref, r.evidence_id, r.evidence_version, r.extractor_version, r.model_version, r.prompt_version)
$$;
comment on function world.carry_relationship(world.relationships, text, timestamptz) is 'Writes a relationship down anew under its root.';
revoke execute on function world.carry_relationship(world.relationships, text, timestamptz) from public;
grant execute on function world.carry_relationship(world.relationships, text, timestamptz) to omneuro_app;

create or replace function world.carry_edge(e world.knowledge_edges, fresh text, at timestamptz) returns void
  language sql volatile set search_path = pg_catalog, pg_temp
  as $$
  insert into world.knowledge_edges (project_id, user_id, id, knower, knower_entity_id, knower_contact_id, fact_id, status, believed_value, confidence,
      source, session_id, set_by_user, seeded_from, evidence_id, evidence_version, recorded_at)
    values (e.project_id, e.user_id, fresh, e.knower, e.knower_entity_id, e.knower_contact_id, e.fact_id, e.status, e.believed_value, e.confidence,
      e.source, e.session_id, e.set_by_user, e.seeded_from, e.evidence_id, e.evidence_version, at)
$$;
comment on function world.carry_edge(world.knowledge_edges, text, timestamptz) is 'Writes anew who knows a fact.';
revoke execute on function world.carry_edge(world.knowledge_edges, text, timestamptz) from public;
grant execute on function world.carry_edge(world.knowledge_edges, text, timestamptz) to omneuro_app;

-- Rows that stand about an entity, rehearsals left out.
create or replace function world.standing_of(entity text) returns table (id text, recorded_at timestamptz)
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  with f as (select f.id, f.root_id, f.recorded_at from world.facts f
    where f.project_id = shared.scope() and f.subject_entity_id = entity and f.superseded_at is null and f.session_id is null)
  select f.id, f.recorded_at from f
  union all
  select r.id, r.recorded_at from world.relationships r where r.project_id = shared.scope() and r.superseded_at is null
    and (r.src_entity_id = entity or r.dst_entity_id = entity)
  union all
  select e.id, e.recorded_at from world.knowledge_edges e where e.project_id = shared.scope() and e.superseded_at is null and e.session_id is null
    and (e.knower = 'entity:' || entity or e.fact_id in (select f.root_id from f))
$$;
comment on function world.standing_of(text) is 'Rows that stand now: of an entity, between it and others, and of who knows what of it.';
revoke execute on function world.standing_of(text) from public;
grant execute on function world.standing_of(text) to omneuro_app;

create or replace function world.left_as(entity text) returns text
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select md5(coalesce(string_agg(s.id, ',' order by s.id collate "C"), '')) from world.standing_of(entity) s $$;
comment on function world.left_as(text) is 'A digest of the rows that stand about an entity.';
revoke execute on function world.left_as(text) from public;
grant execute on function world.left_as(text) to omneuro_app;

create or replace function world.move_facts(m world.merges, at timestamptz) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare f world.facts; fresh text; pairs jsonb := '[]';
begin
  for f in select x.* from world.facts x where x.project_id = m.project_id and x.subject_entity_id = m.from_entity_id and x.superseded_at is null
    and x.session_id is null order by x.recorded_at, x.id
  loop
    fresh := shared.made_id('fct', f.id || ' merged ' || m.id);
    f.subject_entity_id := m.into_entity_id;
    -- One origin does not say two things of the same time: what it said of the other one stands beside it, as a conflict if they differ.
    if f.review_state = 'kept' and exists (select from world.facts x where x.project_id = m.project_id and x.subject_entity_id = m.into_entity_id and x.key = f.key
      and x.origin = f.origin and x.superseded_at is null and x.session_id is null and x.review_state = 'kept'
      and tstzrange(x.valid_from, x.valid_to) && tstzrange(f.valid_from, f.valid_to)) then
      f.origin := world.origin_of(f.origin, m.from_entity_id);
    end if;
    -- What goes on is there before what it is of ends, so that nothing that cites it is in doubt.
    perform world.carry(f, fresh, f.valid_from, f.valid_to, at);
    update world.facts x set superseded_at = at where x.project_id = m.project_id and x.id = f.id;
    pairs := pairs || jsonb_build_array(jsonb_build_array(f.id, fresh));
  end loop;
  return pairs;
end $$;
comment on function world.move_facts(world.merges, timestamptz) is 'Facts of one entity go on as the other''s; pairs of ids.';
revoke execute on function world.move_facts(world.merges, timestamptz) from public;
grant execute on function world.move_facts(world.merges, timestamptz) to omneuro_app;

create or replace function world.move_relationships(m world.merges, at timestamptz) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare r world.relationships; there text; fresh text; pairs jsonb := '[]';
begin
  for r in select x.* from world.relationships x where x.project_id = m.project_id and x.superseded_at is null
    and (x.src_entity_id = m.from_entity_id or x.dst_entity_id = m.from_entity_id) order by x.recorded_at, x.id
  loop
    if r.src_entity_id = m.from_entity_id then r.src_entity_id := m.into_entity_id; end if;
    if r.dst_entity_id = m.from_entity_id then r.dst_entity_id := m.into_entity_id; end if;
    select x.root_id into there from world.relationships x where x.project_id = m.project_id and x.superseded_at is null and x.src_entity_id = r.src_entity_id
      and x.rel_type = r.rel_type and x.dst_entity_id = r.dst_entity_id and tstzrange(x.valid_from, x.valid_to) @> tstzrange(r.valid_from, r.valid_to) limit 1;
    -- Nobody stands in a relation to himself, and what is written down already is not written twice.
    fresh := case when r.src_entity_id <> r.dst_entity_id and there is null then shared.made_id('rel', r.id || ' merged ' || m.id) end;
    if exists (select from world.relationships x where x.project_id = m.project_id and x.superseded_at is null and x.src_entity_id = r.src_entity_id
      and x.rel_type = r.rel_type and x.dst_entity_id = r.dst_entity_id and x.origin = r.origin
      and tstzrange(x.valid_from, x.valid_to) && tstzrange(r.valid_from, r.valid_to)) then
      r.origin := world.origin_of(r.origin, m.from_entity_id);
    end if;
    if fresh is not null then perform world.carry_relationship(r, fresh, at); end if;
    update world.relationships x set superseded_at = at, superseded_by = there where x.project_id = m.project_id and x.id = r.id;
    pairs := pairs || jsonb_build_array(jsonb_build_array(r.id, fresh));
  end loop;
  return pairs;
end $$;
comment on function world.move_relationships(world.merges, timestamptz) is 'Relationships of one entity go on as the other''s; pairs of ids.';
revoke execute on function world.move_relationships(world.merges, timestamptz) from public;
grant execute on function world.move_relationships(world.merges, timestamptz) to omneuro_app;

create or replace function world.move_edges(m world.merges, at timestamptz) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare e world.knowledge_edges; there world.knowledge_edges; fresh text; pairs jsonb := '[]';
begin
  for e in select x.* from world.knowledge_edges x where x.project_id = m.project_id and x.knower = 'entity:' || m.from_entity_id
    and x.superseded_at is null and x.session_id is null order by x.recorded_at, x.id
  loop
    select x.* into there from world.knowledge_edges x where x.project_id = m.project_id and x.knower = 'entity:' || m.into_entity_id and x.fact_id = e.fact_id
      and x.superseded_at is null and x.session_id is null;
    update world.knowledge_edges x set superseded_at = at where x.project_id = m.project_id and x.id = e.id;
    fresh := null;
    -- Of two that concern one fact, the one that counts for a person of several records.
    if there.id is null or (e.set_by_user, e.recorded_at, e.id) > (there.set_by_user, there.recorded_at, there.id) then
      if there.id is not null then
        update world.knowledge_edges x set superseded_at = at where x.project_id = m.project_id and x.id = there.id;
        pairs := pairs || jsonb_build_array(jsonb_build_array(there.id, null));
      end if;
      fresh := shared.made_id('edg', e.id || ' merged ' || m.id);
      e.knower_entity_id := m.into_entity_id;
      perform world.carry_edge(e, fresh, at);
    end if;
    pairs := pairs || jsonb_build_array(jsonb_build_array(e.id, fresh));
  end loop;
  return pairs;
end $$;
comment on function world.move_edges(world.merges, timestamptz) is 'What one entity knew the other knows; pairs of ids.';
revoke execute on function world.move_edges(world.merges, timestamptz) from public;
grant execute on function world.move_edges(world.merges, timestamptz) to omneuro_app;

-- w: {id, from, into, reason}. Said again it changes nothing.
create or replace function world.merge_entity(w jsonb) returns world.merges
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); a world.entities; b world.entities; m world.merges; r world.relationships;
  at timestamptz := shared.clock(); known text[]; assumed text[];
begin
  if w->>'from' = w->>'into' then perform shared.fail('invalid', 'same_entity'); end if;
  perform from world.entities x where x.project_id = p and x.id in (w->>'from', w->>'into') order by x.id for update;
  select x.* into a from world.entities x where x.project_id = p and x.id = w->>'from' and x.erased_at is null;
  select x.* into b from world.entities x where x.project_id = p and x.id = w->>'into' and x.erased_at is null;
  if a.id is null or b.id is null then perform shared.fail('not_found', 'entity_unknown'); end if;
  if a.merged_into = b.id then
    select x.* into m from world.merges x where x.project_id = p and x.from_entity_id = a.id and x.undone_at is null order by x.merged_at desc limit 1;
    return m;
  end if;
  if coalesce(a.merged_into, b.merged_into) is not null then
    perform shared.fail('conflict', 'entity_merged', jsonb_build_object('id', coalesce(a.merged_into, b.merged_into), 'detail', 'Another one stands for it already.'));
  end if;
  if b.archived_at is not null then perform shared.fail('conflict', 'entity_archived', jsonb_build_object('detail', 'What stands for both is put away. Take it back first.')); end if;
  if a.type <> b.type and 'Custom' not in (a.type, b.type) then
    perform shared.fail('conflict', 'entity_types_differ', jsonb_build_object('detail', 'They are of different kinds.'));
  end if;
  if a.contact_id is not null and b.contact_id <> all (people.ids_of(a.contact_id)) then
    perform shared.fail('conflict', 'contacts_differ', jsonb_build_object('detail', 'They are records of two people. Put the records together first.'));
  end if;
  if a.account_id <> b.account_id then
    perform shared.fail('conflict', 'firms_differ', jsonb_build_object('detail', 'They are two accounts. Take one of them from its entity first.'));
  end if;
  select greatest(at, max(s.recorded_at)) into at from (select * from world.standing_of(a.id) union all select * from world.standing_of(b.id)) s;
  insert into world.merges (project_id, user_id, id, from_entity_id, into_entity_id, reason, merged_at)
    values (p, nullif(current_setting('app.user_id', true), '')::uuid, w->>'id', a.id, b.id, w->>'reason', at) returning * into m;
  m.moved := jsonb_build_object('facts', world.move_facts(m, at), 'relationships', world.move_relationships(m, at), 'edges', world.move_edges(m, at),
    'contact', b.contact_id is null and a.contact_id is not null, 'account', b.account_ref is null and a.account_ref is not null,
    'firm', b.account_id is null and a.account_id is not null);
  update world.entities x set merged_into = b.id, updated_at = shared.clock(), version = x.version + 1 where x.project_id = p and x.id = a.id;
  update world.entities x set contact_id = coalesce(x.contact_id, a.contact_id), account_ref = coalesce(x.account_ref, a.account_ref),
    account_id = coalesce(x.account_id, a.account_id), updated_at = shared.clock(), version = x.version + 1 where x.project_id = p and x.id = b.id;
  known := array(select s.id from world.standing_of(b.id) s);
  for r in select x.* from world.relationships x where x.project_id = p and (x.src_entity_id = b.id or x.dst_entity_id = b.id) and x.superseded_at is null
    and (x.valid_from is null or x.valid_from <= shared.clock()) and (x.valid_to is null or x.valid_to > shared.clock()) order by x.id
  loop perform world.seed(r, null); end loop;
  assumed := array(select s.id from world.standing_of(b.id) s where s.id <> all (known));
  update world.merges x set moved = m.moved || jsonb_build_object('assumed', to_jsonb(assumed)), left_as = world.left_as(b.id)
    where x.project_id = p and x.id = m.id returning x.* into m;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', m.id || ' merged'), 'kind', 'entity.merged',
    'ref_type', 'entity', 'ref_id', a.id, 'ts', shared.clock(), 'payload', jsonb_build_object('into', b.id, 'merge', m.id))));
  return m;
end $$;
comment on function world.merge_entity(jsonb) is 'From now on one entity stands for two; at a moment before, both are as they were.';
revoke execute on function world.merge_entity(jsonb) from public;
grant execute on function world.merge_entity(jsonb) to omneuro_app;
