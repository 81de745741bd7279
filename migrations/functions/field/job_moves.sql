create or replace function field.allowed_moves(status text) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$ select coalesce(jsonb_agg(t.next order by t.next), '[]') from field.job_transitions t where t.status = allowed_moves.status $$;
comment on function field.allowed_moves(text) is 'The states a job may move to from this one.';
revoke execute on function field.allowed_moves(text) from public;
grant execute on function field.allowed_moves(text) to omneuro_app;

-- n: {id, version, to, reason, scheduled_for, tracking}. The trigger guard_status refuses what is not allowed.
create or replace function field.move_job(n jsonb) returns field.jobs
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  j field.jobs := field.hold_job(n->>'id', (n->>'version')::int);
  wanted constant text := n->>'to';
  at timestamptz := (n->>'scheduled_for')::timestamptz;
begin
  if wanted = j.status then
    perform shared.fail('conflict', 'invalid_transition', jsonb_build_object('from', j.status, 'asked', wanted, 'allowed', field.allowed_moves(j.status)));
  end if;
  if wanted = 'cancelled' then
    if not coalesce(current_setting('app.permissions', true)::jsonb ? 'field:write', false) then
      perform shared.fail('forbidden', 'permission_missing', '{"permission": "field:write"}');
    end if;
    if n->>'reason' is null then
      perform shared.fail('invalid', 'reason_required', jsonb_build_object('detail', 'Say why it is cancelled.'));
    end if;
  end if;
  if wanted = 'scheduled' then
    if at is not null then perform field.assert_unplanned(j, at, j.assigned_tech_id); end if;
    at := coalesce(at, j.scheduled_for, (select s.start_ts from field.schedule s where s.project_id = j.project_id and s.job_id = j.id
      and s.status in ('planned', 'confirmed')));
  end if;
  update field.jobs x set status = wanted, cancel_reason = case when wanted = 'cancelled' then n->>'reason' end,
      scheduled_for = case wanted when 'scheduled' then at when 'intake' then null else x.scheduled_for end, tracking = coalesce(n->>'tracking', x.tracking)
    where x.project_id = j.project_id and x.id = j.id returning x.* into j;
  perform field.follow_move(j);
  if j.status = 'closed' then perform field.propose_knowledge(j); end if;
  -- Timers that ran until now stop.
  if exists (select from field.acts a where a.project_id = j.project_id and a.job_id = j.id) then
    perform field.retell(j.id);
    select x.* into j from field.jobs x where x.project_id = j.project_id and x.id = j.id;
  end if;
  return j;
end $$;
comment on function field.move_job(jsonb) is 'Moves a job to another state, with what follows from it.';
revoke execute on function field.move_job(jsonb) from public;
grant execute on function field.move_job(jsonb) to omneuro_app;

-- What follows from a state that was just reached: an appointment that was kept is done, one that will not be kept is free again.
create or replace function field.follow_move(j field.jobs) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare ends constant text := case when j.status in ('ready', 'shipped', 'closed') then 'done' when j.status in ('cancelled', 'intake') then 'cancelled' end;
  said jsonb;
begin
  if ends is null then return; end if;
  with over as (
    update field.schedule s set status = ends, updated_at = shared.clock(), version = s.version + 1
      where s.project_id = j.project_id and s.job_id = j.id and s.status in ('planned', 'confirmed')
      returning s.id, s.tech_id, s.start_ts, s.version)
  select jsonb_agg(jsonb_build_object('id', shared.made_id('evt', concat_ws(':', o.id, o.version, ends)),
      'kind', 'schedule.' || ends, 'ref_type', 'job', 'ref_id', j.id, 'ts', shared.clock(),
      'payload', jsonb_build_object('schedule', o.id, 'job', j.id, 'tech', o.tech_id, 'start', field.iso(o.start_ts)))) into said from over o;
  if said is not null then perform shared.record_events(said); end if;
end $$;
comment on function field.follow_move(field.jobs) is 'Ends the appointment of a job that is over or not expected any more.';
revoke execute on function field.follow_move(field.jobs) from public;
grant execute on function field.follow_move(field.jobs) to omneuro_app;

-- What was learnt at a job that is closed may be worth knowing at the next one: a draft for a colleague to review, once a job. It rests on the
-- line in the ledger that says that the job was closed.
create or replace function field.propose_knowledge(j field.jobs) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare told text; used text;
begin
  select string_agg(n.body, E'\n\n' order by n.created_at, n.id) into told from field.job_notes n where n.project_id = j.project_id and n.job_id = j.id;
  select string_agg('- ' || p.name, E'\n' order by p.created_at, p.id) into used from field.job_parts p where p.project_id = j.project_id and p.job_id = j.id;
  perform memory.propose_entry(shared.made_id('kbe', 'job:' || j.id), shared.made_id('evt', concat_ws(':', j.id, 'proposed')), 'job:' || j.id, j.title,
    concat_ws(E'\n\n', told, used), shared.made_id('evt', concat_ws(':', j.id, j.version, 'job.status.changed')), 'diag', '{}');
end $$;
comment on function field.propose_knowledge(field.jobs) is 'Drafts an entry of knowledge from a job''s notes and parts.';
revoke execute on function field.propose_knowledge(field.jobs) from public;
grant execute on function field.propose_knowledge(field.jobs) to omneuro_app;
