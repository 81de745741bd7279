-- The newest of what somebody knows, read from the ends of indexes: never more than a page and what is looked past for it.
-- Plans are kept; one that was made while there was little does not read all when there is much.

-- Each of the streams that can hold something he knows (all that is kept, or what is public, his own, what he was told) gives its
-- newest rows before the place where the page begins; what lies above the highest of their ends is complete. Where too little of
-- that is known to him, he being told otherwise, they give more. What he believes by mistake is dated by when he was said to.
create or replace function world.newest(knower text, session text, as_of timestamptz, known_at timestamptz, attribute text, upto timestamptz, upto_id text, most int)
  returns table (fact_id text, row_id text, subject_entity_id text, key text, value jsonb, value_type text, unit text, statement text, tsv tsvector,
    status text, confidence real, source_type text, source_ref text, origin text, evidence_id text, evidence_version int, visibility smallint,
    contact_id text, session_id text, valid_from timestamptz, valid_to timestamptz, recorded_at timestamptz, stale boolean)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  as $$
#variable_conflict use_column
declare
  p constant uuid := shared.scope();
  names constant text[] := world.names_of(knower);
  owners constant text[] := world.owners_of(knower);
  overridden constant boolean := world.is_overridden(knower);
  beliefs constant text[] := array(select f.id from world.knowledge_edges e join world.facts f on f.project_id = p and f.root_id = e.fact_id
    where e.project_id = p and e.knower = any (names) and e.status = 'false_belief');
  deep int := 2 * most; ids text[]; ends timestamptz; ends_id text; found int;
begin
  upto := coalesce(upto, 'infinity');
  upto_id := coalesce(upto_id, '');
  loop
    if world.knows_all(knower) then
      select array_agg(s.id), (array_agg(s.recorded_at))[deep], (array_agg(s.id))[deep] into ids, ends, ends_id from (
        select f.recorded_at, f.id from world.facts f where f.project_id = p and (f.recorded_at, f.id) < (upto, upto_id)
          and world.holds(f, $2, $3, $4) and (attribute is null or f.key = attribute) order by f.recorded_at desc, f.id desc limit deep) s;
    else
      with stream as materialized (
        (select 1 as n, f.recorded_at, f.id from world.facts f where f.project_id = p and f.visibility = 0 and f.session_id is null
          and (f.recorded_at, f.id) < (upto, upto_id) and world.holds(f, $2, $3, $4) and (attribute is null or f.key = attribute)
          order by f.recorded_at desc, f.id desc limit deep)
        union all
        (select 2, f.recorded_at, f.id from world.facts f where f.project_id = p and f.contact_id = any (owners) and f.visibility = 1
          and (f.recorded_at, f.id) < (upto, upto_id) and world.holds(f, $2, $3, $4) and (attribute is null or f.key = attribute)
          order by f.recorded_at desc, f.id desc limit deep)
        union all
        (select 3, f.recorded_at, f.id from world.knowledge_edges e join world.facts f on f.project_id = p and f.root_id = e.fact_id
          where e.project_id = p and e.knower = any (names) and e.status in ('confirmed', 'assumed') and world.applies(e, $2, $4)
          and (f.recorded_at, f.id) < (upto, upto_id) and world.holds(f, $2, $3, $4) and (attribute is null or f.key = attribute)
          order by f.recorded_at desc, f.id desc limit deep)
      ), cut as (
        select (array_agg(s.recorded_at order by s.recorded_at desc, s.id desc))[deep] as at, (array_agg(s.id order by s.recorded_at desc, s.id desc))[deep] as id
        from stream s group by s.n
      )
      select array(select s.id from stream s), c.at, c.id into ids, ends, ends_id
        from (select 1) once left join lateral (select u.at, u.id from cut u where u.at is not null order by u.at desc, u.id desc limit 1) c on true;
    end if;
    return query select v.* from world.seen_as(knower, names, owners, overridden, $2, $3, $4) v
      where v.row_id = any (ids || beliefs) and (attribute is null or v.key = attribute)
        and (v.recorded_at, v.row_id) < (upto, upto_id) and (ends is null or (v.recorded_at, v.row_id) >= (ends, ends_id))
      order by v.recorded_at desc, v.row_id desc limit most;
    get diagnostics found = row_count;
    exit when found = most or ends is null;
    -- Those that were given stand; the next are looked for below them.
    most := most - found;
    upto := ends;
    upto_id := ends_id;
    deep := least(4 * deep, 10000);
  end loop;
end $$;
comment on function world.newest(text, text, timestamptz, timestamptz, text, timestamptz, text, int) is
  'The newest of what a knower knows, before a place in that order, of an attribute or of all.';
revoke execute on function world.newest(text, text, timestamptz, timestamptz, text, timestamptz, text, int) from public;
grant execute on function world.newest(text, text, timestamptz, timestamptz, text, timestamptz, text, int) to omneuro_app;

-- Attributes of which the best founded facts contradict each other. At least one of any two that do is marked (`contradicts`);
-- the newest marked one that holds stands for its attribute, whether it still is in doubt is looked up.
create or replace function world.torn(as_of timestamptz, known_at timestamptz, about text, upto timestamptz, upto_id text, most int)
  returns table (subject text, name text, key text, since timestamptz, facts jsonb, place timestamptz, place_id text)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  as $$
#variable_conflict use_column
begin
  return query
    select m.subject_entity_id, e.name, m.key, t.since, t.facts, m.recorded_at, m.id
    from world.facts m
      join world.entities e on e.project_id = shared.scope() and e.id = m.subject_entity_id
      cross join lateral (
        select max(b.recorded_at) as since, jsonb_agg(to_jsonb(b) - 'tsv' - 'place' order by b.recorded_at desc, b.row_id) as facts,
          count(distinct jsonb_build_array(b.value, b.unit)) as said
        from (select v.*, rank() over (order by world.rank_of(v.source_type) desc) as place from world.seen('staff', null, $1, $2) v
          where v.subject_entity_id = m.subject_entity_id and v.key = m.key and v.status <> 'false_belief') b
        where b.place = 1) t
    where m.project_id = shared.scope() and m.contradicts and world.holds(m, null, $1, $2) and t.said > 1
      and ($3 is null or m.subject_entity_id = $3) and (m.recorded_at, m.id) < (coalesce($4, 'infinity'), coalesce($5, ''))
      and not exists (select from world.facts o where o.project_id = shared.scope() and o.subject_entity_id = m.subject_entity_id and o.key = m.key
        and o.contradicts and world.holds(o, null, $1, $2) and (o.recorded_at, o.id) > (m.recorded_at, m.id))
    order by m.recorded_at desc, m.id desc limit $6;
end $$;
comment on function world.torn(timestamptz, timestamptz, text, timestamptz, text, int) is
  'Attributes of which equally well founded facts disagree, the newest first, before a place in that order.';
revoke execute on function world.torn(timestamptz, timestamptz, text, timestamptz, text, int) from public;
grant execute on function world.torn(timestamptz, timestamptz, text, timestamptz, text, int) to omneuro_app;
