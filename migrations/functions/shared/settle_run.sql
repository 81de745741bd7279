-- Writes down how a run ended. Who lost the lease in the meantime writes nothing: null.
-- said: {processed} | {error, retry_seconds: null when trying again is of no use}, and {trace}. Returns outbox rows to publish.
create or replace function shared.settle_run(run text, run_token text, said jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); at constant timestamptz := shared.clock();
  done constant int := (said->>'processed')::int; again constant int := (said->>'retry_seconds')::int;
  r shared.worker_runs; s shared.scheduled_jobs; follower shared.worker_runs; f record; staged jsonb := '[]';
begin
  select w.* into r from shared.worker_runs w
    where w.project_id = p and w.id = run and w.status = 'running' and w.token = run_token for update;
  if r.id is null then return null; end if;
  select j.* into s from shared.scheduled_jobs j where j.project_id = p and j.id = r.scheduled_job_id;
  update shared.worker_runs w set token = null, lease_until = null, error = said->>'error', processed_count = done,
      status = case when done is not null then 'ok' when again is not null then 'pending' else 'failed' end,
      due_at = case when again is null then w.due_at else at + make_interval(secs => again) end,
      finished_at = case when done is null and again is not null then null else at end
    where w.project_id = p and w.id = r.id returning w.* into r;
  if r.status = 'pending' then
    staged := staged || shared.stage_run(r);
  else
    update shared.scheduled_jobs j set last_run_at = at where j.project_id = p and j.id = s.id;
    delete from shared.worker_runs w where w.project_id = p and w.scheduled_job_id = s.id and w.id in (
      select z.id from shared.worker_runs z where z.project_id = p and z.scheduled_job_id = s.id
        and z.fire_time < at - interval '30 days' and z.status in ('ok', 'skipped', 'failed') order by z.fire_time limit 20);
  end if;
  if done is distinct from 0 then
    insert into shared.job_runs (project_id, job_name, status, started_at, finished_at, processed_count, error, meta)
      values (p, s.kind, case when done is null then 'failed' else 'ok' end, r.started_at, at, coalesce(done, 0), said->>'error',
        jsonb_build_object('trace', said->'trace', 'run', r.id) || jsonb_strip_nulls(jsonb_build_object('counts', said->'counts')));
  end if;
  if done > 0 then
    for f in select j.* from shared.scheduled_jobs j where j.project_id = p and j.enabled and s.kind = any (j.after_kinds) and j.id <> s.id
        order by j.id loop
      -- One that waits already will see what this run did. The microsecond keeps it apart from a fire time of the clock's.
      insert into shared.worker_runs as w (project_id, id, scheduled_job_id, fire_time, due_at, schedule_version, cause)
        select p, shared.made_id('run', r.id || ':' || f.id), f.id, at + interval '1 microsecond', at, f.version, 'after'
          where not exists (select from shared.worker_runs x where x.project_id = p and x.scheduled_job_id = f.id and x.cause = 'after'
            and x.status = 'pending' and x.attempts = 0)
        on conflict do nothing returning w.* into follower;
      if found then
        staged := staged || shared.stage_run(follower);
      end if;
    end loop;
  end if;
  return staged;
end $$;
comment on function shared.settle_run(text, text, jsonb) is
  'Ends a run, or sets its next attempt, and stages what follows it; outbox rows to publish, or null when the lease was lost.';
revoke execute on function shared.settle_run(text, text, jsonb) from public;
grant execute on function shared.settle_run(text, text, jsonb) to omneuro_app;
