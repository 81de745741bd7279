-- A week looked back on: what was done and what was not, and what the next one asks for. A list holds the first hundred; `counts` has all.
create or replace function assistant.review_state(monday date) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
  as $$
  with span as materialized (
    select assistant.today() as today, monday + 6 as sunday, assistant.zone() as zone,
      monday::timestamp at time zone assistant.zone() as starts, (monday + 7)::timestamp at time zone assistant.zone() as ends,
      least(shared.clock(), (monday + 7)::timestamp at time zone assistant.zone()) as seen
  ), own as materialized (
    select t.id, t.title, t.status, t.due_date, t.priority, t.completed_at, t.updated_at, t.status in ('open', 'blocked') as is_open
      from assistant.tasks t where t.project_id = shared.scope() and t.user_id = assistant.me() and t.status <> 'archived'
  ), ties as materialized (
    select l.from_entity_id as task, l.to_entity_id as thing, l.link_type from assistant.entity_links l
      where l.project_id = shared.scope() and l.user_id = assistant.me() and l.link_type in ('supports_goal', 'addresses_problem')
  ), found (part, place, id, item) as (
    select 'done', o.completed_at::text, o.id, jsonb_build_object('id', o.id, 'title', o.title, 'due_date', o.due_date,
        'on', (o.completed_at at time zone s.zone)::date)
      from own o, span s where o.status = 'done' and o.completed_at >= s.starts and o.completed_at < s.ends
    union all
    select 'slipped', o.due_date::text, o.id, jsonb_build_object('id', o.id, 'title', o.title, 'due_date', o.due_date,
        'on', (o.completed_at at time zone s.zone)::date)
      from own o, span s where o.due_date < s.today and o.due_date <= s.sunday
        and (o.is_open or (o.due_date >= monday and (o.completed_at at time zone s.zone)::date > s.sunday))
    union all
    select 'stale', o.updated_at::text, o.id, jsonb_build_object('id', o.id, 'title', o.title, 'due_date', o.due_date,
        'on', (o.updated_at at time zone s.zone)::date)
      from own o, span s where o.is_open and o.updated_at <= s.seen - interval '14 days'
    union all
    select 'next_week', o.due_date::text || coalesce(o.priority, 5), o.id, jsonb_build_object('id', o.id, 'title', o.title, 'due_date', o.due_date, 'on', null)
      from own o, span s where o.is_open and o.due_date between s.sunday + 1 and s.sunday + 7
    union all
    select 'still_goals', coalesce(g.target_date::text, '9'), g.id, jsonb_build_object('id', g.id, 'title', g.title, 'due_date', g.target_date,
        'on', (g.updated_at at time zone s.zone)::date)
      from assistant.goals g, span s where g.project_id = shared.scope() and g.user_id = assistant.me() and g.status = 'active'
        and g.created_at < s.starts and g.updated_at < s.starts
        and not exists (select from ties l join own o on o.id = l.task where l.thing = g.id and l.link_type = 'supports_goal'
          and o.updated_at >= s.starts and o.updated_at < s.ends)
    union all
    select 'open_problems', (9 - coalesce(b.severity, 0))::text, b.id, jsonb_build_object('id', b.id, 'title', b.title, 'due_date', null,
        'on', (b.updated_at at time zone s.zone)::date)
      from assistant.problems b, span s where b.project_id = shared.scope() and b.user_id = assistant.me() and b.status = 'active'
        and b.created_at < s.ends
        and not exists (select from ties l join own o on o.id = l.task where l.thing = b.id and l.link_type = 'addresses_problem' and o.is_open)
    union all
    select 'questions', q.created_at::text, q.id, jsonb_build_object('id', q.id, 'title', q.about, 'due_date', null,
        'on', (q.created_at at time zone s.zone)::date)
      from assistant.questions q, span s where q.project_id = shared.scope() and q.user_id = assistant.me() and q.answered_at is null
        and q.created_at >= s.starts and q.created_at < s.ends
  ), placed as (
    select f.*, row_number() over (partition by f.part order by f.place, f.id) as n from found f
  ), listed as (
    select p.part, count(*) as count, jsonb_agg(p.item order by p.n) filter (where p.n <= 100) as items from placed p group by p.part
  )
  select jsonb_build_object('from', monday, 'until', monday + 6, 'counts', coalesce((select jsonb_object_agg(l.part, l.count) from listed l), '{}'))
    || coalesce((select jsonb_object_agg(l.part, l.items) from listed l), '{}') $$;
comment on function assistant.review_state(date) is 'One''s own week that begins on this Monday, in lists.';
revoke execute on function assistant.review_state(date) from public;
grant execute on function assistant.review_state(date) to omneuro_app;
