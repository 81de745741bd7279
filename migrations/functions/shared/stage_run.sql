-- The message that brings a run about; one that still waits for the same run is replaced. Its id follows from the run and how
-- often it was begun, so that staging twice is one message to QStash.
create or replace function shared.stage_run(run shared.worker_runs) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare made jsonb;
begin
  insert into shared.outbox as o (project_id, id, kind, dedupe_key, payload, due_at)
    values (run.project_id, shared.made_id('obx', concat_ws(':', run.id, run.schedule_version, run.attempts, run.recoveries)),
      'shared.schedules.run', run.id, jsonb_build_object('run', run.id), run.due_at)
    on conflict (project_id, kind, dedupe_key) where state = 'pending' do update
      set id = excluded.id, due_at = excluded.due_at, published_at = null, message_id = null, updated_at = shared.clock()
    returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at) into made;
  return made;
end $$;
comment on function shared.stage_run(shared.worker_runs) is 'Stages a run''s message and returns it for publishing.';
revoke execute on function shared.stage_run(shared.worker_runs) from public;
grant execute on function shared.stage_run(shared.worker_runs) to omneuro_app;
