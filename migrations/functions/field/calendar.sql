-- What may be booked: one rule for the search and for the booking. Everything is computed over sets, in instants.

-- The same as instantOf in the code: what clocks show twice is the first, what they never show moves forward by as much.
create or replace function field.wall_instant(wall timestamp, zone text) returns timestamptz
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  utc constant timestamptz := wall at time zone 'UTC';
  -- More than any zone is from UTC, so that one probe lies before and one after a change of clocks that day.
  early constant timestamptz := utc - (((utc - interval '1 day') at time zone zone) - (wall - interval '1 day'));
  late constant timestamptz := utc - (((utc + interval '1 day') at time zone zone) - (wall + interval '1 day'));
begin
  if early = late then return early; end if;
  return case when late at time zone zone = wall and (late < early or early at time zone zone <> wall) then late else early end;
end $$;
comment on function field.wall_instant(timestamp, text) is 'The first instant at which clocks in the zone show this; a time they skip moves forward.';
revoke execute on function field.wall_instant(timestamp, text) from public;
grant execute on function field.wall_instant(timestamp, text) to omneuro_app;

create or replace function field.calendar_rules() returns field.calendar_settings
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select jsonb_populate_record(row(shared.scope(), null, 0, 0, 0, 30, 14,
      '[{"opens": 600, "closes": 720}, {"opens": 720, "closes": 900}, {"opens": 900, "closes": 1080}]', '{1,2,3,4,5}', null, null, 0)::field.calendar_settings,
    coalesce((select to_jsonb(s) from field.calendar_settings s where s.project_id = shared.scope()), '{}'))
$$;
comment on function field.calendar_rules() is 'How the entered project plans: its settings, else the defaults.';
revoke execute on function field.calendar_rules() from public;
grant execute on function field.calendar_rules() to omneuro_app;

-- Working blocks as instants. Of a drop-off, the windows that lie within a block.
create or replace function field.shifts(techs text[], kind text, since timestamptz, until timestamptz)
    returns table (tech_id text, zone text, capacity int, opens timestamptz, closes timestamptz)
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  with rules as materialized (select * from field.calendar_rules()),
  people as materialized (
    select t.id, coalesce(t.timezone, p.timezone) as zone, coalesce(
        (select w.id from field.working_weeks w where w.project_id = t.project_id and w.tech_id = t.id),
        (select w.id from field.working_weeks w where w.project_id = t.project_id and w.tech_id is null)) as week
      from field.techs t join identity.projects p on p.id = t.project_id
      where t.project_id = shared.scope() and t.active and (techs is null or t.id = any (techs))
  ), days as materialized (
    select x.id, x.zone, x.week, (since at time zone x.zone)::date + i as day, extract(isodow from (since at time zone x.zone)::date + i) as weekday
      from people x cross join lateral generate_series(0, (until at time zone x.zone)::date - (since at time zone x.zone)::date) i
  ), blocks as (
    select d.*, b.opens, b.closes, b.capacity, b.kind from days d
      join field.working_blocks b on b.project_id = shared.scope() and b.week_id = d.week and b.weekday = d.weekday
    -- Where nobody has said anything yet: an ordinary week.
    union all select d.*, 480, 960, 1, 'visit' from days d where d.week is null and d.weekday <= 5
  ), spans as materialized (
    select b.id, b.zone, b.day, b.capacity, b.opens, b.closes from blocks b where shifts.kind = 'visit' and b.kind = 'visit'
    union all
    select b.id, b.zone, b.day, b.capacity, w.opens, w.closes
      from blocks b, rules r, jsonb_to_recordset(r.drop_off_windows) w (opens int, closes int)
      where shifts.kind = 'drop_off' and b.kind = 'drop_off' and b.weekday = any (r.drop_off_weekdays) and w.opens >= b.opens and w.closes <= b.closes
  ), walls as materialized (
    -- Most technicians begin at the same time in the same zone.
    select w.zone, w.day, w.minute, field.wall_instant(w.day + make_interval(mins => w.minute), w.zone) as at
      from (select s.zone, s.day, s.opens::int as minute from spans s union select s.zone, s.day, s.closes::int from spans s) w
  )
  select s.id, s.zone, s.capacity::int, o.at, c.at from spans s
    join walls o on o.zone = s.zone and o.day = s.day and o.minute = s.opens
    join walls c on c.zone = s.zone and c.day = s.day and c.minute = s.closes
    where o.at < c.at and c.at > since and o.at < until
$$;
comment on function field.shifts(text[], text, timestamptz, timestamptz) is 'When technicians (null: all that are active) take appointments of a kind, as instants.';
revoke execute on function field.shifts(text[], text, timestamptz, timestamptz) from public;
grant execute on function field.shifts(text[], text, timestamptz, timestamptz) to omneuro_app;

-- The times at which an appointment may begin: per block and place, the whole block less what is taken, off, or past. A drop-off takes
-- its window, whatever `minutes` says. What is taken forbids the open interval of beginnings that would meet it, since ranges are half open.
create or replace function field.openings(techs text[], kind text, minutes int, since timestamptz, until timestamptz, without text default null)
    returns table (tech_id text, lane int, opens timestamptz, length interval, starts tstzmultirange)
  language sql stable
  set search_path = pg_catalog, ext, pg_temp
  as $$
  with rules as materialized (
    select make_interval(mins => r.buffer_before + case openings.kind when 'visit' then r.travel else 0 end) as pre,
      make_interval(mins => r.buffer_after) as post from field.calendar_rules() r
  ), spans as materialized (
    select row_number() over () as n, s.*, l.lane, case openings.kind when 'visit' then make_interval(mins => minutes) else s.closes - s.opens end as length
      from field.shifts(techs, openings.kind, since, until) s cross join lateral generate_series(0, s.capacity - 1) l (lane)
  ), busy as materialized (
    select b.tech_id, b.lane, b.alone, b.blocked_from, b.blocked_until from field.schedule b
      where b.project_id = shared.scope() and b.status in ('planned', 'confirmed', 'done') and (techs is null or b.tech_id = any (techs))
        and tstzrange(b.blocked_from, b.blocked_until) && tstzrange(since - interval '2 days', until + interval '2 days')
        and b.id is distinct from without
  ), taken as materialized (
    select s.n, range_agg(tstzrange(b.blocked_from - s.length - r.post, b.blocked_until + r.pre, '()')) as forbidden
      from spans s cross join rules r join busy b on b.tech_id = s.tech_id
        -- What was booked alone, or into a place that is no longer there, leaves room for nobody beside it.
        and (b.lane = s.lane or b.alone or b.lane >= s.capacity)
        and b.blocked_from < s.closes + r.post and b.blocked_until > s.opens - r.pre
      group by s.n
  ), off as materialized (
    select z.zone, b.tech_id, field.wall_instant(b.starts, z.zone) as starts, field.wall_instant(b.ends, z.zone) as ends
      from field.blackouts b cross join (select distinct s.zone from spans s) z
      where b.project_id = shared.scope() and b.ends > (since at time zone 'UTC') - interval '2 days' and b.starts < (until at time zone 'UTC') + interval '2 days'
  ), away as materialized (
    select s.n, range_agg(tstzrange(o.starts - s.length, o.ends, '()')) as forbidden
      from spans s join off o on o.zone = s.zone and (o.tech_id is null or o.tech_id = s.tech_id)
        and o.starts < o.ends and o.starts < s.closes and o.ends > s.opens
      group by s.n
  )
  select s.tech_id, s.lane, s.opens, s.length,
      tstzmultirange(tstzrange(s.opens, s.closes - s.length, '[]')) - tstzmultirange(tstzrange(null, shared.clock(), '()'))
        - coalesce(t.forbidden, '{}') - coalesce(a.forbidden, '{}')
    from spans s left join taken t on t.n = s.n left join away a on a.n = s.n
    where s.opens + s.length <= s.closes
$$;
comment on function field.openings(text[], text, int, timestamptz, timestamptz, text) is
  'At which times an appointment of so many minutes may begin, by technician, working block and place; `without` names one that is to be moved.';
revoke execute on function field.openings(text[], text, int, timestamptz, timestamptz, text) from public;
grant execute on function field.openings(text[], text, int, timestamptz, timestamptz, text) to omneuro_app;

-- The same on the grid: what is offered. asked: {techs, kind, minutes, since, until, without, after: {at, id}, most}.
create or replace function field.slots(asked jsonb) returns table (tech_id text, start_ts timestamptz, end_ts timestamptz)
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  with rule as materialized (select make_interval(mins => r.grid) as step from field.calendar_rules() r),
  open as materialized (
    select o.* from field.openings(case when asked->>'techs' is not null then array(select jsonb_array_elements_text(asked->'techs')) end,
      asked->>'kind', (asked->>'minutes')::int, (asked->>'since')::timestamptz, (asked->>'until')::timestamptz, asked->>'without') o
  )
  select distinct o.tech_id, s.at, s.at + o.length
    from rule g cross join open o cross join lateral unnest(o.starts) free
      cross join lateral generate_series(
        o.opens + ceil(extract(epoch from lower(free) - o.opens) / extract(epoch from g.step)) * g.step, upper(free), g.step) s (at)
    where s.at <@ free and s.at >= (asked->>'since')::timestamptz and s.at < (asked->>'until')::timestamptz
      and (asked->'after'->>'at' is null or (s.at, o.tech_id) > ((asked->'after'->>'at')::timestamptz, asked->'after'->>'id'))
    order by 2, 1 limit (asked->>'most')::int
$$;
comment on function field.slots(jsonb) is 'Times that are offered, soonest first, then by technician.';
revoke execute on function field.slots(jsonb) from public;
grant execute on function field.slots(jsonb) to omneuro_app;
