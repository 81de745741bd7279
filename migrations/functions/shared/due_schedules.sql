-- What the tick has to plan: schedules whose next fire time comes within the horizon, or is not known yet; and planned runs whose
-- message was never handed over. Security definer: the tick belongs to no project.
create or replace function shared.due_schedules(horizon interval, most int) returns jsonb
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare due jsonb; lost jsonb;
begin
  perform shared.assert_tick();
  select jsonb_agg(to_jsonb(d)) into due from (
    select s.project_id as project, s.id, s.cron, s.interval_seconds, s.timezone, s.missed, s.version, s.next_run_at,
      least(s.updated_at, shared.clock()) as since
      from shared.scheduled_jobs s
      where s.enabled and (s.cron is not null or s.interval_seconds is not null)
        and (s.next_run_at is null or s.next_run_at <= shared.clock() + horizon)
      order by s.next_run_at, s.project_id, s.id limit most) d;
  select jsonb_agg(to_jsonb(l)) into lost from (
    select o.project_id as project, o.id, o.kind, o.payload, o.due_at, o.request_id, o.trace, o.round from shared.outbox o
      where o.kind = 'shared.schedules.run' and o.state = 'pending' and o.published_at is null
        and o.created_at < shared.clock() - interval '5 seconds'
      order by o.created_at limit most) l;
  return jsonb_build_object('due', coalesce(due, '[]'), 'lost', coalesce(lost, '[]'));
end $$;
comment on function shared.due_schedules(interval, int) is
  'For the tick only: {due: schedules to plan, lost: outbox rows of planned runs that nobody handed over}.';
revoke execute on function shared.due_schedules(interval, int) from public;
grant execute on function shared.due_schedules(interval, int) to omneuro_app;
