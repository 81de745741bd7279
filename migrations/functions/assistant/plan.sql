-- All that a plan is made of, in one document: open tasks, and every link of theirs with the state of its other end. Written as json
-- and turned into jsonb once: building ten thousand small jsonb values took most of the time.
create or replace function assistant.plan_state() returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
  as $$
  with own as materialized (
    select t.id, t.title, t.status, t.priority, t.impact_score, t.due_date, t.updated_at from assistant.tasks t
      where t.project_id = shared.scope() and t.user_id = assistant.me() and t.status in ('open', 'blocked')
  ), waits as (
    select l.from_entity_id as waiter, l.to_entity_id as awaited from assistant.entity_links l
      where l.project_id = shared.scope() and l.user_id = assistant.me() and l.link_type = 'depends_on'
    union
    select l.to_entity_id, l.from_entity_id from assistant.entity_links l
      where l.project_id = shared.scope() and l.user_id = assistant.me() and l.link_type = 'blocks'
  ), ends as materialized (
    select x.id, x.entity_type, x.title, x.is_open from assistant.things x
      where x.project_id = shared.scope() and x.user_id = assistant.me()
  )
  select json_build_object(
    'today', assistant.today(),
    'tasks', coalesce((select json_agg(o) from own o), '[]'),
    'waits', coalesce((select json_agg(x) from (select w.waiter as task, e.id as "on", e.entity_type as type, e.title, e.is_open as open
      from waits w join own o on o.id = w.waiter join ends e on e.id = w.awaited) x), '[]'),
    'supports', coalesce((select json_agg(x) from (select o.id as task, g.id as goal, g.title
      from assistant.entity_links l join own o on o.id = l.from_entity_id
        join assistant.goals g on g.project_id = l.project_id and g.id = l.to_entity_id and g.status = 'active'
      where l.project_id = shared.scope() and l.user_id = assistant.me() and l.link_type = 'supports_goal') x), '[]'))::jsonb $$;
comment on function assistant.plan_state() is 'The state that a plan is computed from.';
revoke execute on function assistant.plan_state() from public;
grant execute on function assistant.plan_state() to omneuro_app;
