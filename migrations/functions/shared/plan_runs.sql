-- Turns worked-out fire times into runs, once each, and moves the schedules on. A plan made from a schedule that has changed since,
-- or was planned by another tick, no longer fits and is dropped. Two ticks at once: the second skips what the first holds.
-- plans: [{project, id, version, was: next_run_at as it was read, next, fires: [{at, missed?}]}]; a missed one is only written down.
create or replace function shared.plan_runs(plans jsonb) returns setof jsonb
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope();
begin
  if p is null then perform shared.assert_tick(); end if;
  return query
  with held as materialized (
    select s.project_id, s.account_scope_id, s.id, s.version, s.jitter_seconds, a.next, a.fires
      from shared.scheduled_jobs s
        join jsonb_to_recordset(plans) a (project uuid, id text, version int, was timestamptz, next timestamptz, fires jsonb)
          on a.project = s.project_id and a.id = s.id
      where s.enabled and s.version = a.version and s.next_run_at is not distinct from a.was and (p is null or s.project_id = p)
      order by s.project_id, s.id for update of s skip locked),
  moved as (
    update shared.scheduled_jobs s set next_run_at = h.next from held h where s.project_id = h.project_id and s.id = h.id),
  made as (
    insert into shared.worker_runs as r (project_id, account_scope_id, id, scheduled_job_id, fire_time, due_at, schedule_version, status,
        error, finished_at)
      select h.project_id, h.account_scope_id, shared.made_id('run', concat_ws(':', h.project_id, h.id, extract(epoch from f.at))), h.id, f.at,
        f.at + make_interval(secs => (hashtext(h.id) & 2147483647) % (h.jitter_seconds + 1)), h.version,
        case when f.missed then 'skipped' else 'pending' end, case when f.missed then 'missed' end,
        case when f.missed then shared.clock() end
      from held h cross join jsonb_to_recordset(h.fires) f (at timestamptz, missed boolean)
      -- A fire time that was called off by a change, and is wanted again after another.
      on conflict (project_id, scheduled_job_id, fire_time) do update set status = 'pending', error = null, finished_at = null,
          schedule_version = excluded.schedule_version, due_at = excluded.due_at
        where r.status = 'skipped' and r.error = 'schedule_changed' and excluded.status = 'pending'
      returning r.project_id, r.account_scope_id, r.id, r.status, r.due_at, r.schedule_version),
  staged as (
    insert into shared.outbox as o (project_id, account_scope_id, id, kind, dedupe_key, payload, due_at)
      select m.project_id, m.account_scope_id, shared.made_id('obx', concat_ws(':', m.id, m.schedule_version, 0, 0)), 'shared.schedules.run', m.id,
        jsonb_build_object('run', m.id), m.due_at
      from made m where m.status = 'pending'
      on conflict do nothing
      returning jsonb_build_object('project', o.project_id, 'id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at) as row)
  select staged.row from staged;
end $$;
comment on function shared.plan_runs(jsonb) is 'Makes the runs of the entered project, or of all for the tick; outbox rows to hand over.';
revoke execute on function shared.plan_runs(jsonb) from public;
grant execute on function shared.plan_runs(jsonb) to omneuro_app;
