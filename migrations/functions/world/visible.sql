-- What a knower knows: one relation, cut down by rights and edges before anybody counts, searches or ranks.

-- Whose records a knower is: those of a contact, or of the person an entity points at; none for everybody else.
create or replace function world.owners_of(knower text) returns text[]
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  kind constant text := split_part(knower, ':', 1);
  ref constant text := nullif(substr(knower, length(kind) + 2), '');
  person text := case when kind = 'contact' then ref end; records text[] := '{}';
begin
  if knower is null or kind not in ('staff', 'public', 'technician', 'contact', 'entity') or (ref is null) <> (kind in ('staff', 'public')) then
    perform shared.fail('invalid', 'knower_invalid');
  end if;
  if kind = 'entity' then
    select e.contact_id into person from world.entities e where e.project_id = shared.scope() and e.id = ref;
    if not found then perform shared.fail('not_found', 'entity_unknown'); end if;
  end if;
  if kind = 'technician' then perform identity.assert_technician(ref); end if;
  if person is not null then
    records := people.ids_of(person);
    if cardinality(records) = 0 then perform shared.fail('not_found', 'contact_unknown'); end if;
  end if;
  return records;
end $$;
comment on function world.owners_of(text) is 'The records of the person that a knower is; what is their own he may see. Refuses a knower that is nobody.';
revoke execute on function world.owners_of(text) from public;
grant execute on function world.owners_of(text) to omneuro_app;

-- Somebody in touch with us is one knower under all his names: his merged records and the entities that point at them.
create or replace function world.names_of(knower text) returns text[]
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare records constant text[] := world.owners_of(knower);
begin
  if records = '{}' then return array[knower]; end if;
  return knower || array(select 'contact:' || r from unnest(records) r) || array(select 'entity:' || e.id from world.entities e
    where e.project_id = shared.scope() and e.contact_id = any (records) and e.erased_at is null);
end $$;
comment on function world.names_of(text) is 'The names by which edges know a knower.';
revoke execute on function world.names_of(text) from public;
grant execute on function world.names_of(text) to omneuro_app;

create or replace function world.is_overridden(knower text) returns boolean
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare names constant text[] := world.names_of(knower);
begin
  return exists (select from world.knowledge_edges e where e.project_id = shared.scope() and e.knower = any (names)
    and e.status in ('unknown', 'false_belief'));
end $$;
comment on function world.is_overridden(text) is 'Has anybody said of him that he does not know, or has it wrong, what he would otherwise know?';
revoke execute on function world.is_overridden(text) from public;
grant execute on function world.is_overridden(text) to omneuro_app;

-- The next ones have no search_path of their own: only so can they be inlined into the caller's plan.
create or replace function world.knows_all(knower text) returns boolean
  language sql immutable parallel safe
  as $$ select knower = 'staff' or starts_with(knower, 'technician:') $$;
comment on function world.knows_all(text) is 'Does he see all that is kept?';
revoke execute on function world.knows_all(text) from public;
grant execute on function world.knows_all(text) to omneuro_app;

create or replace function world.holds(f world.facts, session text, as_of timestamptz, known_at timestamptz) returns boolean
  language sql stable
  as $$
  select f.recorded_at <= known_at and (f.superseded_at is null or f.superseded_at > known_at)
    and (f.valid_from is null or f.valid_from <= as_of) and (f.valid_to is null or f.valid_to > as_of)
    and (f.session_id is null and f.review_state = 'kept'
      or f.session_id = session and f.user_id = nullif(current_setting('app.user_id', true), '')::uuid)
$$;
comment on function world.holds(world.facts, text, timestamptz, timestamptz) is
  'Was this recorded at known_at as true at as_of, for everybody or in this session of the caller''s?';
revoke execute on function world.holds(world.facts, text, timestamptz, timestamptz) from public;
grant execute on function world.holds(world.facts, text, timestamptz, timestamptz) to omneuro_app;

create or replace function world.applies(e world.knowledge_edges, session text, known_at timestamptz) returns boolean
  language sql stable
  as $$
  select e.recorded_at <= known_at and (e.superseded_at is null or e.superseded_at > known_at)
    and (e.session_id is null or e.session_id = session and e.user_id = nullif(current_setting('app.user_id', true), '')::uuid)
$$;
comment on function world.applies(world.knowledge_edges, text, timestamptz) is 'Was this edge there at known_at, for everybody or in this session of the caller''s?';
revoke execute on function world.applies(world.knowledge_edges, text, timestamptz) from public;
grant execute on function world.applies(world.knowledge_edges, text, timestamptz) to omneuro_app;

create or replace function world.rank_of(source_type text) returns int
  language sql immutable parallel safe
  as $$ select case source_type when 'external' then 2 when 'model_extracted' then 1 when 'inferred' then 0 else 3 end $$;
comment on function world.rank_of(text) is 'How well founded: what people said or confirmed, then other systems, then models, then what was inferred.';
revoke execute on function world.rank_of(text) from public;
grant execute on function world.rank_of(text) to omneuro_app;

-- The arms exclude each other: all that is kept, for staff; what is his own; what an edge says he knows; what he believes
-- instead, of which the true value, words and source stay behind; what is public, last, so that a bound cuts that off and not
-- what concerns him. Of several edges that concern him, the session's comes first, then what a person set, then the newest.
-- Predicates of the caller are pushed into every arm, so that each uses its index; an arm that is not this knower's is not
-- even planned. An index of words reads all there is of a beginning (`pri:*`): what is his own, and what he was told, is
-- read by whose it is instead, and its words (`|| ''`) by no index.
-- Parameters by number: by name, `knower` would be an edge's own column. In a select of its own each is worked out once.
create or replace function world.seen_as(knower text, names text[], owners text[], overridden boolean, session text, as_of timestamptz, known_at timestamptz)
  returns table (fact_id text, row_id text, subject_entity_id text, key text, value jsonb, value_type text, unit text, statement text, tsv tsvector,
    status text, confidence real, source_type text, source_ref text, origin text, evidence_id text, evidence_version int, visibility smallint,
    contact_id text, session_id text, valid_from timestamptz, valid_to timestamptz, recorded_at timestamptz, stale boolean)
  language sql stable rows 100
  as $$
  select f.root_id, f.id, f.subject_entity_id, f.key, f.value, f.value_type, f.unit, f.statement, f.tsv,
    'confirmed'::text, f.confidence, f.source_type, f.source_ref, f.origin, f.evidence_id, f.evidence_version, f.visibility,
    f.contact_id, f.session_id, f.valid_from, f.valid_to, f.recorded_at, f.stale_at is not null and f.stale_at <= $7
  from world.facts f
  where f.project_id = shared.scope() and world.knows_all($1) and world.holds(f, $5, $6, $7)
    and not coalesce((select o.status in ('unknown', 'false_belief') from world.knowledge_edges o
      where (select $4) and o.project_id = f.project_id and o.knower = any ((select $2)::text[]) and o.fact_id = f.root_id and world.applies(o, $5, $7)
      order by o.session_id is not null desc, o.set_by_user desc, o.recorded_at desc, o.id desc limit 1), false)
  union all
  select f.root_id, f.id, f.subject_entity_id, f.key, f.value, f.value_type, f.unit, f.statement, f.tsv || '',
    'confirmed', f.confidence, f.source_type, f.source_ref, f.origin, f.evidence_id, f.evidence_version, f.visibility,
    f.contact_id, f.session_id, f.valid_from, f.valid_to, f.recorded_at, f.stale_at is not null and f.stale_at <= $7
  from world.facts f
  where f.project_id = shared.scope() and f.contact_id = any ((select $3)::text[]) and f.visibility = 1 and f.session_id is null
    and not world.knows_all($1) and world.holds(f, $5, $6, $7)
    and not coalesce((select o.status in ('unknown', 'false_belief') from world.knowledge_edges o
      where (select $4) and o.project_id = f.project_id and o.knower = any ((select $2)::text[]) and o.fact_id = f.root_id and world.applies(o, $5, $7)
      order by o.session_id is not null desc, o.set_by_user desc, o.recorded_at desc, o.id desc limit 1), false)
  union all
  select f.root_id, f.id, f.subject_entity_id, f.key, f.value, f.value_type, f.unit, f.statement, f.tsv || '',
    e.status, least(f.confidence, e.confidence), f.source_type, f.source_ref, f.origin, f.evidence_id, f.evidence_version, f.visibility,
    f.contact_id, f.session_id, f.valid_from, f.valid_to, f.recorded_at, f.stale_at is not null and f.stale_at <= $7
  from world.knowledge_edges e join world.facts f on f.project_id = shared.scope() and f.root_id = e.fact_id
  where e.project_id = shared.scope() and e.knower = any ((select $2)::text[]) and not world.knows_all($1)
    and e.status in ('confirmed', 'assumed') and world.applies(e, $5, $7) and world.holds(f, $5, $6, $7)
    and not (f.session_id is null and (f.visibility = 0 or f.visibility = 1 and f.contact_id = any ((select $3)::text[])))
    and not exists (select from world.knowledge_edges o where o.project_id = e.project_id and o.knower = any ((select $2)::text[]) and o.fact_id = e.fact_id
      and world.applies(o, $5, $7)
      and (o.session_id is not null, o.set_by_user, o.recorded_at, o.id) > (e.session_id is not null, e.set_by_user, e.recorded_at, e.id))
  union all
  select f.root_id, f.id, f.subject_entity_id, f.key, e.believed_value, f.value_type, f.unit, b.words, to_tsvector('simple'::regconfig, b.words),
    e.status, e.confidence, 'inferred', e.id, 'belief', e.evidence_id, e.evidence_version, f.visibility,
    f.contact_id, f.session_id, f.valid_from, f.valid_to, e.recorded_at, false
  from world.knowledge_edges e join world.facts f on f.project_id = shared.scope() and f.root_id = e.fact_id
    cross join lateral (select world.in_words(f.key, f.value_type, f.value, f.unit) as truth) t
    cross join lateral (select case when right(f.statement, length(t.truth)) = t.truth then left(f.statement, -length(t.truth)) else '' end
      || world.in_words(f.key, f.value_type, e.believed_value, f.unit) as words) b
  where e.project_id = shared.scope() and e.knower = any ((select $2)::text[]) and e.status = 'false_belief' and world.applies(e, $5, $7) and world.holds(f, $5, $6, $7)
    and not exists (select from world.knowledge_edges o where o.project_id = e.project_id and o.knower = any ((select $2)::text[]) and o.fact_id = e.fact_id
      and world.applies(o, $5, $7)
      and (o.session_id is not null, o.set_by_user, o.recorded_at, o.id) > (e.session_id is not null, e.set_by_user, e.recorded_at, e.id))
  union all
  select f.root_id, f.id, f.subject_entity_id, f.key, f.value, f.value_type, f.unit, f.statement, f.tsv,
    'confirmed', f.confidence, f.source_type, f.source_ref, f.origin, f.evidence_id, f.evidence_version, f.visibility,
    f.contact_id, f.session_id, f.valid_from, f.valid_to, f.recorded_at, f.stale_at is not null and f.stale_at <= $7
  from world.facts f
  where f.project_id = shared.scope() and f.visibility = 0 and f.session_id is null and not world.knows_all($1) and world.holds(f, $5, $6, $7)
    and not coalesce((select o.status in ('unknown', 'false_belief') from world.knowledge_edges o
      where (select $4) and o.project_id = f.project_id and o.knower = any ((select $2)::text[]) and o.fact_id = f.root_id and world.applies(o, $5, $7)
      order by o.session_id is not null desc, o.set_by_user desc, o.recorded_at desc, o.id desc limit 1), false)
$$;
comment on function world.seen_as(text, text[], text[], boolean, text, timestamptz, timestamptz) is
  'world.seen where it has been worked out who the knower is: world.names_of, world.owners_of and world.is_overridden of him.';
revoke execute on function world.seen_as(text, text[], text[], boolean, text, timestamptz, timestamptz) from public;
grant execute on function world.seen_as(text, text[], text[], boolean, text, timestamptz, timestamptz) to omneuro_app;

create or replace function world.seen(knower text, session text, as_of timestamptz, known_at timestamptz)
  returns table (fact_id text, row_id text, subject_entity_id text, key text, value jsonb, value_type text, unit text, statement text, tsv tsvector,
    status text, confidence real, source_type text, source_ref text, origin text, evidence_id text, evidence_version int, visibility smallint,
    contact_id text, session_id text, valid_from timestamptz, valid_to timestamptz, recorded_at timestamptz, stale boolean)
  language sql stable rows 100
  as $$
  select v.* from world.seen_as($1, world.names_of($1), world.owners_of($1), world.is_overridden($1), $2, $3, $4) v
$$;
comment on function world.seen(text, text, timestamptz, timestamptz) is
  'What a knower knows, in no order, to be joined and narrowed: the words `tsv` of a belief are those of what is believed.';
revoke execute on function world.seen(text, text, timestamptz, timestamptz) from public;
grant execute on function world.seen(text, text, timestamptz, timestamptz) to omneuro_app;

create or replace function world.visible_facts(knower text, session text, as_of timestamptz, known_at timestamptz)
  returns table (fact_id text, row_id text, subject_entity_id text, key text, value jsonb, value_type text, unit text, statement text, tsv tsvector,
    status text, confidence real, source_type text, source_ref text, origin text, evidence_id text, evidence_version int, visibility smallint,
    contact_id text, session_id text, valid_from timestamptz, valid_to timestamptz, recorded_at timestamptz, stale boolean)
  language sql stable rows 100
  as $$
  select v.* from world.seen($1, $2, $3, $4) v
  order by v.subject_entity_id, v.key, v.status = 'false_belief', world.rank_of(v.source_type) desc, v.confidence desc, v.recorded_at desc, v.row_id
$$;
comment on function world.visible_facts(text, text, timestamptz, timestamptz) is
  'What a knower (staff, public, technician:…, contact:…, entity:…) knew at known_at of what held at as_of, best founded first; the same bytes each time.';
revoke execute on function world.visible_facts(text, text, timestamptz, timestamptz) from public;
grant execute on function world.visible_facts(text, text, timestamptz, timestamptz) to omneuro_app;

-- The same of some entities, with a plan that is kept: to plan the five arms takes longer than to read a few entities.
create or replace function world.known_of(knower text, session text, as_of timestamptz, known_at timestamptz, subjects text[])
  returns table (fact_id text, row_id text, subject_entity_id text, key text, value jsonb, value_type text, unit text, statement text, tsv tsvector,
    status text, confidence real, source_type text, source_ref text, origin text, evidence_id text, evidence_version int, visibility smallint,
    contact_id text, session_id text, valid_from timestamptz, valid_to timestamptz, recorded_at timestamptz, stale boolean)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
#variable_conflict use_column
declare
  names constant text[] := world.names_of(knower);
  owners constant text[] := world.owners_of(knower);
  overridden constant boolean := world.is_overridden(knower);
begin
  return query select v.* from world.seen_as($1, names, owners, overridden, $2, $3, $4) v where v.subject_entity_id = any ($5)
    order by v.subject_entity_id, v.key, v.status = 'false_belief', world.rank_of(v.source_type) desc, v.confidence desc, v.recorded_at desc, v.row_id;
end $$;
comment on function world.known_of(text, text, timestamptz, timestamptz, text[]) is 'What a knower knows of these entities, in the order of world.visible_facts.';
revoke execute on function world.known_of(text, text, timestamptz, timestamptz, text[]) from public;
grant execute on function world.known_of(text, text, timestamptz, timestamptz, text[]) to omneuro_app;
