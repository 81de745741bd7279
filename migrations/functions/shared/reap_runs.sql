-- Runs whose lease passed: their worker was never heard of again. They begin anew after a wait, and are poison after too many.
create or replace function shared.reap_runs(most_recoveries int, most int) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); at constant timestamptz := shared.clock(); r shared.worker_runs; staged jsonb := '[]';
begin
  for r in select w.* from shared.worker_runs w where w.project_id = p and w.status = 'running' and w.lease_until < at
      order by w.lease_until limit most for update skip locked loop
    update shared.worker_runs w set token = null, lease_until = null, recoveries = w.recoveries + 1,
        status = case when w.recoveries >= most_recoveries then 'poison' else 'pending' end,
        error = case when w.recoveries >= most_recoveries then 'poison' else 'lease_lost' end,
        finished_at = case when w.recoveries >= most_recoveries then at end,
        due_at = case when w.recoveries >= most_recoveries then w.due_at
          else at + make_interval(secs => 30 * (1 << least(w.recoveries, 6)) + (hashtext(w.id) & 15)) end
      where w.project_id = p and w.id = r.id returning w.* into r;
    if r.status = 'pending' then
      staged := staged || shared.stage_run(r);
    end if;
  end loop;
  return staged;
end $$;
comment on function shared.reap_runs(int, int) is 'Frees the runs whose lease passed, or calls them poison; outbox rows to publish.';
revoke execute on function shared.reap_runs(int, int) from public;
grant execute on function shared.reap_runs(int, int) to omneuro_app;

create or replace function shared.lapsed_projects() returns setof uuid
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$ begin
  perform shared.assert_tick();
  return query select distinct w.project_id from shared.worker_runs w where w.status = 'running' and w.lease_until < shared.clock();
end $$;
comment on function shared.lapsed_projects() is 'Ids of projects with a run whose lease passed; for the tick only.';
revoke execute on function shared.lapsed_projects() from public;
grant execute on function shared.lapsed_projects() to omneuro_app;
