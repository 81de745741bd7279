-- What canary questions were answered: [{id, run, ledger, passed, failures, status, sentences, cited, degraded}]. Nothing but their own
-- rows is written, and the ledger where one begins to fail or passes again. {ran, passed, regressed}.
create or replace function memory.note_canaries(told jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); c record; before boolean; regressed boolean; ran int := 0; good int := 0; bad int := 0;
begin
  for c in select * from jsonb_to_recordset(told) t (id text, run text, ledger text, passed boolean, failures jsonb, status text,
      sentences jsonb, cited jsonb, degraded boolean) order by t.id loop
    select y.last_passed into before from memory.canaries y where y.project_id = p and y.id = c.id for update;
    continue when not found;
    regressed := not c.passed and before is distinct from false;
    update memory.canaries y set last_run_at = shared.clock(), last_passed = c.passed,
        failing_since = case when not c.passed then coalesce(y.failing_since, shared.clock()) end
      where y.project_id = p and y.id = c.id;
    insert into memory.canary_runs (project_id, id, canary_id, passed, regressed, failures, status, sentences, cited, degraded)
      values (p, c.run, c.id, c.passed, regressed, array(select jsonb_array_elements_text(c.failures)), c.status, c.sentences, c.cited, c.degraded);
    if regressed or c.passed and before = false then
      perform shared.record_events(jsonb_build_array(jsonb_build_object('id', c.ledger,
        'kind', case when regressed then 'memory.canary.regressed' else 'memory.canary.recovered' end, 'ref_type', 'canary', 'ref_id', c.id,
        'ts', shared.clock(), 'payload', jsonb_build_object('run', c.run, 'failures', c.failures))));
    end if;
    ran := ran + 1; good := good + c.passed::int; bad := bad + regressed::int;
  end loop;
  return jsonb_build_object('ran', ran, 'passed', good, 'regressed', bad);
end $$;
comment on function memory.note_canaries(jsonb) is 'Keeps what canary questions were answered, and raises the alarm for those that begin to fail.';
revoke execute on function memory.note_canaries(jsonb) from public;
grant execute on function memory.note_canaries(jsonb) to omneuro_app;
