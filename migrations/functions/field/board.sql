-- The day board as one document. asked: {day, days, tech}. A technician sees his own row; who takes no work any more is there while he is expected somewhere.
create or replace function field.board(asked jsonb) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, ext, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  zone_here constant text := (select i.timezone from identity.projects i where i.id = p);
  day constant date := coalesce((asked->>'day')::date, (shared.clock() at time zone zone_here)::date);
  days constant int := (asked->>'days')::int;
  since constant timestamptz := field.wall_instant(day::timestamp, zone_here);
  until constant timestamptz := field.wall_instant((day + days)::timestamp, zone_here);
  one constant text := coalesce(field.only_tech(), asked->>'tech');
  techs jsonb;
begin
  with met as materialized (
    select s.tech_id, jsonb_agg(jsonb_build_object('id', s.id, 'job', j.id, 'number', j.number, 'title', j.title, 'client', c.name, 'location', j.location,
        'kind', j.kind, 'start', s.start_ts, 'end', s.end_ts, 'blocked_from', s.blocked_from, 'blocked_until', s.blocked_until, 'status', s.status)
        order by s.start_ts, s.id) as list
      from field.schedule s join field.jobs j on j.project_id = s.project_id and j.id = s.job_id
        join people.contacts c on c.project_id = j.project_id and c.id = j.client_id
      where s.project_id = p and s.status <> 'cancelled' and s.start_ts < until and s.start_ts > since - interval '1 day' and s.end_ts > since
        and (one is null or s.tech_id = one)
      group by s.tech_id
  ), working as materialized (
    select h.tech_id, jsonb_agg(jsonb_build_object('kind', k.kind, 'capacity', h.capacity, 'from', h.opens, 'until', h.closes) order by h.opens, k.kind) as list
      from (values ('visit'), ('drop_off')) k (kind)
        cross join lateral field.shifts(case when one is not null then array[one] end, k.kind, since, until) h
      group by h.tech_id
  ), off as materialized (
    select b.tech_id, z.zone, field.wall_instant(b.starts, z.zone) as starts, field.wall_instant(b.ends, z.zone) as ends
      from field.blackouts b cross join (select distinct coalesce(t.timezone, zone_here) as zone from field.techs t where t.project_id = p) z
      where b.project_id = p and b.ends > (since at time zone 'UTC') - interval '2 days' and b.starts < (until at time zone 'UTC') + interval '2 days'
  )
  select jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'timezone', coalesce(t.timezone, zone_here), 'active', t.active,
      'shifts', coalesce(w.list, '[]'), 'appointments', coalesce(m.list, '[]'),
      'off', coalesce((select jsonb_agg(jsonb_build_object('from', o.starts, 'until', o.ends) order by o.starts) from off o
        where o.zone = coalesce(t.timezone, zone_here) and (o.tech_id is null or o.tech_id = t.id) and o.starts < until and o.ends > since), '[]'))
      order by t.name, t.id) into techs
    from field.techs t left join met m on m.tech_id = t.id left join working w on w.tech_id = t.id
    where t.project_id = p and (t.active or m.list is not null) and (one is null or t.id = one);
  return jsonb_build_object('day', day, 'days', days, 'timezone', zone_here, 'from', since, 'until', until, 'techs', techs);
end $$;
comment on function field.board(jsonb) is 'Technicians with their working time, blackouts and appointments of some days.';
revoke execute on function field.board(jsonb) from public;
grant execute on function field.board(jsonb) to omneuro_app;
