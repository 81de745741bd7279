-- Takes a run under a token and a lease: the one named, or whichever has been due longest. Only the token's holder may settle it.
-- Null: somebody else has it or had it. {skipped}: its schedule is another one now, or it came too late. {early}: seconds to wait.
create or replace function shared.take_run(run text, run_token text, lease interval, late interval) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); at constant timestamptz := shared.clock();
  r shared.worker_runs; s shared.scheduled_jobs; why text;
begin
  select w.* into r from shared.worker_runs w
    where w.project_id = p and w.status = 'pending' and case when run is null then w.due_at <= at else w.id = run end
    order by w.due_at, w.id limit 1 for update skip locked;
  if r.id is null then return null; end if;
  if r.due_at > at + interval '2 seconds' then
    return jsonb_build_object('early', ceil(extract(epoch from r.due_at - at))::int);
  end if;
  update shared.outbox o set state = 'done', updated_at = at
    where o.project_id = p and o.kind = 'shared.schedules.run' and o.dedupe_key = r.id and o.state = 'pending';
  select j.* into s from shared.scheduled_jobs j where j.project_id = p and j.id = r.scheduled_job_id for share;
  why := case
    when r.cause <> 'person' and not s.enabled then 'schedule_changed'
    when r.cause = 'clock' and s.version <> r.schedule_version then 'schedule_changed'
    when r.cause = 'clock' and r.attempts = 0 and r.due_at < at - late and (s.missed = 'skip' or s.missed = 'once'
      and exists (select from shared.worker_runs n where n.project_id = p and n.scheduled_job_id = s.id and n.cause = 'clock'
        and n.fire_time > r.fire_time and n.due_at <= at and n.status <> 'skipped')) then 'missed' end;
  if why is not null then
    update shared.worker_runs w set status = 'skipped', error = why, finished_at = at where w.project_id = p and w.id = r.id;
    return jsonb_build_object('skipped', why);
  end if;
  update shared.worker_runs w set status = 'running', token = run_token, lease_until = at + lease, attempts = w.attempts + 1,
      started_at = at, error = null
    where w.project_id = p and w.id = r.id;
  return jsonb_build_object('run', r.id, 'kind', s.kind, 'payload', s.payload, 'attempt', r.attempts + 1, 'attempts', s.max_attempts);
end $$;
comment on function shared.take_run(text, text, interval, interval) is 'Leases a due run: {run, kind, payload, attempt, attempts}, {skipped}, {early} or null.';
revoke execute on function shared.take_run(text, text, interval, interval) from public;
grant execute on function shared.take_run(text, text, interval, interval) to omneuro_app;
