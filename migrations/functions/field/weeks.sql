-- A technician's week as it holds: his own, else the house's, else the ordinary one. Null for nobody's.
create or replace function field.week_of(tech text) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select jsonb_build_object('tech', tech, 'own', own.id is not null, 'timezone', coalesce(t.timezone, p.timezone), 'version', coalesce(own.version, 0),
    'blocks', case
      when coalesce(own.id, shown.id) is null then (select jsonb_agg(jsonb_build_object('weekday', d, 'opens', 480, 'closes', 960, 'capacity', 1, 'kind', 'visit') order by d)
        from generate_series(1, 5) d)
      else coalesce((select jsonb_agg(jsonb_build_object('weekday', b.weekday, 'opens', b.opens, 'closes', b.closes, 'capacity', b.capacity, 'kind', b.kind)
          order by b.weekday, b.opens) from field.working_blocks b where b.project_id = p.id and b.week_id = coalesce(own.id, shown.id)), '[]') end)
  from identity.projects p
    left join field.techs t on t.project_id = p.id and t.id = tech
    left join field.working_weeks shown on shown.project_id = p.id and shown.tech_id is null
    left join field.working_weeks own on own.project_id = p.id and own.tech_id is not distinct from nullif(tech, 'house')
  where p.id = shared.scope() and (tech = 'house' or t.id is not null)
$$;
comment on function field.week_of(text) is 'A technician''s week as it holds, or the house''s.';
revoke execute on function field.week_of(text) from public;
grant execute on function field.week_of(text) to omneuro_app;

-- w: {tech, version, week, blocks: [{id, weekday, opens, closes, capacity, kind}]}. Whoever books waits for it, and it for him.
create or replace function field.set_week(w jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  tech constant text := nullif(w->>'tech', 'house');
  known field.working_weeks; place text;
begin
  perform from field.techs t where t.project_id = p and t.id = tech for no key update;
  if tech is not null and not found then perform shared.fail('not_found', 'tech_unknown'); end if;
  insert into field.working_weeks (project_id, id, tech_id, version) values (p, w->>'week', tech, 0) on conflict do nothing;
  select x.* into known from field.working_weeks x where x.project_id = p and x.tech_id is not distinct from tech for update;
  if known.version <> (w->>'version')::int then
    perform shared.fail('stale', 'week_changed', jsonb_build_object('version', known.version, 'detail', 'It has changed since you read it: read it again.'));
  end if;
  delete from field.working_blocks b where b.project_id = p and b.week_id = known.id;
  insert into field.working_blocks (project_id, id, week_id, weekday, opens, closes, capacity, kind)
    select p, b.id, known.id, b.weekday, b.opens, b.closes, b.capacity, b.kind
    from jsonb_to_recordset(w->'blocks') b (id text, weekday int, opens int, closes int, capacity int, kind text);
  update field.working_weeks x set version = x.version + 1, updated_at = shared.clock() where x.project_id = p and x.id = known.id;
  return (select field.week_of(w->>'tech'));
end $$;
comment on function field.set_week(jsonb) is 'Writes a week as a whole; returns it.';
revoke execute on function field.set_week(jsonb) from public;
grant execute on function field.set_week(jsonb) to omneuro_app;

create or replace function field.drop_week(tech text, read_version int) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare known field.working_weeks;
begin
  perform from field.techs t where t.project_id = shared.scope() and t.id = tech for no key update;
  if tech <> 'house' and not found then perform shared.fail('not_found', 'tech_unknown'); end if;
  select x.* into known from field.working_weeks x where x.project_id = shared.scope() and x.tech_id is not distinct from nullif(tech, 'house') for update;
  if known.version is distinct from read_version then
    perform shared.fail('stale', 'week_changed', jsonb_build_object('version', coalesce(known.version, 0), 'detail', 'It has changed since you read it: read it again.'));
  end if;
  delete from field.working_weeks x where x.project_id = shared.scope() and x.id = known.id;
  return (select field.week_of(tech));
end $$;
comment on function field.drop_week(text, int) is 'Takes a week away; returns the one that holds now.';
revoke execute on function field.drop_week(text, int) from public;
grant execute on function field.drop_week(text, int) to omneuro_app;
