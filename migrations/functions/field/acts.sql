-- What a phone tells, in any order and as often as it likes. acts: [{id, job_id, kind, at}]. Returns [{id, state: applied | noted | refused, reason}]
-- in the order given. Jobs are locked in one order, then told again from all that is known of them.
create or replace function field.take_acts(acts jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  me text; job text;
begin
  select t.id into me from field.techs t where t.project_id = p and t.user_id = nullif(current_setting('app.user_id', true), '')::uuid;
  if me is null then
    perform shared.fail('conflict', 'tech_required', jsonb_build_object('detail', 'Only somebody who is a technician here has a day of his own.'));
  end if;
  perform from field.jobs j where j.project_id = p and j.id in (select a->>'job_id' from jsonb_array_elements(acts) a) order by j.id for update;

  insert into field.acts (project_id, tech_id, id, job_id, kind, at, assigned)
    select distinct on (a.id) p, me, a.id, j.id, a.kind, a.at, j.assigned_tech_id is not distinct from me
    from jsonb_to_recordset(acts) a (id text, job_id text, kind text, at timestamptz) join field.jobs j on j.project_id = p and j.id = a.job_id
    where a.at between shared.clock() - interval '60 days' and shared.clock() + interval '1 day'
      and (j.assigned_tech_id = me or exists (select from field.job_departures d where d.project_id = p and d.job_id = j.id and d.tech_id = me))
    order by a.id, a.at, a.kind
    on conflict do nothing;
  for job in select distinct x.job_id from field.acts x join jsonb_array_elements(acts) a on x.id = a->>'id'
      where x.project_id = p and x.tech_id = me order by 1 loop
    perform field.retell(job);
  end loop;

  return (select coalesce(jsonb_agg(jsonb_build_object('id', a.id,
      'state', case when x.job_id = a.job_id and x.kind = a.kind and x.at = a.at then x.state else 'refused' end,
      'reason', case when x.id is null then case when j.id is null then 'job_unknown' else 'time_implausible' end
        when x.job_id = a.job_id and x.kind = a.kind and x.at = a.at then x.reason else 'id_taken' end) order by a.n), '[]')
    from rows from (jsonb_to_recordset(acts) as (id text, job_id text, kind text, at timestamptz)) with ordinality a (id, job_id, kind, at, n)
    left join field.acts x on x.project_id = p and x.tech_id = me and x.id = a.id
    left join field.jobs j on j.project_id = p and j.id = a.job_id
      and (j.assigned_tech_id = me or exists (select from field.job_departures d where d.project_id = p and d.job_id = j.id and d.tech_id = me)));
end $$;
comment on function field.take_acts(jsonb) is 'Takes in what technicians did, in any order and any number of times.';
revoke execute on function field.take_acts(jsonb) from public;
grant execute on function field.take_acts(jsonb) to omneuro_app;

-- One act against what is so at its time. running: the technician's timers, {kind: {act, started}}. Returns {state, reason, status, starts, stops}.
create or replace function field.judge_act(act field.acts, stands text, running jsonb) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  wants constant text := case act.kind when 'arrived' then 'onsite' when 'start' then 'repairing' when 'finish' then 'ready' end;
  -- Arriving is being on site only for who was expected.
  moves constant boolean := wants is not null and (act.kind <> 'arrived' or stands = 'scheduled')
    and exists (select from field.job_transitions t where t.status = stands and t.next = wants);
  why text; starts text; stops text[] := '{}';
begin
  if not act.assigned then why := 'not_assigned';
  elsif stands in ('closed', 'cancelled') then why := 'job_over';
  elsif act.kind = 'on_my_way' then
    if running ? 'work' then why := 'already_started'; elsif running ? 'travel' then why := 'already_on_the_way'; else starts := 'travel'; end if;
  elsif act.kind = 'arrived' then
    if running ? 'travel' then stops := '{travel}'; elsif not moves then why := 'already_there'; end if;
  elsif act.kind = 'start' then
    if running ? 'work' then why := 'already_started'; else starts := 'work'; stops := '{travel}'; end if;
  elsif act.kind = 'pause' then
    if not running ? 'work' then why := 'not_started'; elsif running ? 'break' then why := 'already_paused'; else starts := 'break'; end if;
  elsif act.kind = 'resume' then
    if running ? 'break' then stops := '{break}'; else why := 'not_paused'; end if;
  elsif running = '{}' and not moves then why := 'not_started';
  else stops := '{travel,work,break}'; end if;
  return jsonb_build_object('state', case when why is null then 'applied' else 'noted' end, 'reason', why,
    'status', case when why is null and moves then wants else stands end, 'starts', starts, 'stops', to_jsonb(stops));
end $$;
comment on function field.judge_act(field.acts, text, jsonb) is 'What one act changes, or why it changes nothing.';
revoke execute on function field.judge_act(field.acts, text, jsonb) from public;
grant execute on function field.judge_act(field.acts, text, jsonb) to omneuro_app;

-- Tells a job again: the house's own moves from the ledger and all acts, in the order in which they happened. What comes of it depends on that order
-- alone. The caller holds the job.
create or replace function field.retell(job text) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  stands text; path jsonb := '[]'; running jsonb := '{}'; mine jsonb; timers jsonb := '[]'; verdicts jsonb := '[]'; ways jsonb := '[]';
  visit int := 0; r record; a field.acts; v jsonb; k text;
begin
  select e.payload->>'status' into stands from shared.events e
    where e.project_id = p and e.ref_type = 'job' and e.ref_id = job and e.kind = 'job.created' limit 1;
  stands := coalesce(stands, 'intake');
  for r in
    select e.ts as at, 0 as rank, (e.payload->>'version')::int as version, null::text as act_id, null::text as tech, e.payload->>'to' as moved, e.ts as said from shared.events e
      where e.project_id = p and e.ref_type = 'job' and e.ref_id = job and e.kind = 'job.status.changed' and not e.payload ? 'act'
    union all
    -- A clock that runs ahead does not put an act behind what came after it.
    select least(x.at, x.received_at), array_position(array['on_my_way', 'arrived', 'start', 'pause', 'resume', 'finish'], x.kind), 0, x.id, x.tech_id, null, x.at
      from field.acts x where x.project_id = p and x.job_id = job
    order by 1, 7, 2, 3, 4, 5
  loop
    if r.moved is not null then
      stands := r.moved; path := '[]';
      if r.moved = 'scheduled' then visit := visit + 1; end if;
      if r.moved not in ('onsite', 'repairing') then
        timers := timers || field.stopped(running, null, r.at); running := '{}';
      end if;
      continue;
    end if;
    select x.* into a from field.acts x where x.project_id = p and x.tech_id = r.tech and x.id = r.act_id;
    mine := coalesce(running->r.tech, '{}');
    v := field.judge_act(a, stands, mine);
    verdicts := verdicts || jsonb_build_object('tech', r.tech, 'act', a.id, 'state', v->'state', 'reason', v->'reason');
    for k in select jsonb_array_elements_text(v->'stops') loop
      if mine ? k then timers := timers || jsonb_build_array((mine->k) || jsonb_build_object('stopped', r.at)); mine := mine - k; end if;
    end loop;
    if v->>'starts' is not null then
      mine := mine || jsonb_build_object(v->>'starts', jsonb_build_object('kind', v->>'starts', 'tech', r.tech, 'act', a.id, 'started', r.at));
    end if;
    running := running || jsonb_build_object(r.tech, mine);
    if v->>'status' <> stands then
      stands := v->>'status'; path := path || jsonb_build_object('to', stands, 'act', a.id, 'at', r.at);
    end if;
    -- Whatever else is heard later of the same morning, it was said once.
    if a.kind = 'on_my_way' and a.assigned and v->>'reason' is distinct from 'job_over' and not ways @> jsonb_build_array(jsonb_build_object('visit', visit)) then
      ways := ways || jsonb_build_object('visit', visit, 'act', a.id, 'tech', r.tech, 'at', r.at);
    end if;
  end loop;
  timers := timers || field.stopped(running, null, null);
  perform field.keep_told(job, jsonb_build_object('status', stands, 'path', path, 'timers', timers, 'verdicts', verdicts, 'ways', ways));
end $$;
comment on function field.retell(text) is 'Brings a job''s state, timers and acts in line with all that is known to have happened.';
revoke execute on function field.retell(text) from public;
grant execute on function field.retell(text) to omneuro_app;

-- Running timers ({technician: {kind: timer}}) as a list, stopped at this time; null: they go on.
create or replace function field.stopped(running jsonb, only_tech text, at timestamptz) returns jsonb
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
  select coalesce(jsonb_agg(t.value || jsonb_build_object('stopped', at) order by t.value->>'act', t.key), '[]')
  from jsonb_each(running) m, jsonb_each(m.value) t where only_tech is null or m.key = only_tech
$$;
comment on function field.stopped(jsonb, text, timestamptz) is 'Running timers as rows.';
revoke execute on function field.stopped(jsonb, text, timestamptz) from public;
grant execute on function field.stopped(jsonb, text, timestamptz) to omneuro_app;

-- Writes what a job was told to be: only what is different.
create or replace function field.keep_told(job text, told jsonb) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare p constant uuid := shared.scope(); j field.jobs; step jsonb; said jsonb;
begin
  update field.acts x set state = v.state, reason = v.reason
    from jsonb_to_recordset(told->'verdicts') v (tech text, act text, state text, reason text)
    where x.project_id = p and x.tech_id = v.tech and x.id = v.act and (x.state, x.reason) is distinct from (v.state, v.reason);

  delete from field.timers t where t.project_id = p and t.job_id = job and t.id not in (
    select field.timer_id(job, n) from jsonb_array_elements(told->'timers') n);
  -- Those that stop first: one of a kind may run at a time.
  insert into field.timers as t (project_id, id, job_id, tech_id, kind, started_at, stopped_at)
    select p, field.timer_id(job, n), job, n->>'tech', n->>'kind', (n->>'started')::timestamptz, (n->>'stopped')::timestamptz
    from jsonb_array_elements(told->'timers') n order by n->>'stopped' nulls last, n->>'act'
    on conflict (project_id, id) do update set started_at = excluded.started_at, stopped_at = excluded.stopped_at, updated_at = shared.clock(), version = t.version + 1
      where (t.started_at, t.stopped_at) is distinct from (excluded.started_at, excluded.stopped_at);

  select x.* into j from field.jobs x where x.project_id = p and x.id = job;
  if j.status <> told->>'status' then
    for step in select s.value from jsonb_array_elements(told->'path') with ordinality s (value, n)
        where s.n > coalesce((select max(o.n) from jsonb_array_elements(told->'path') with ordinality o (value, n) where o.value->>'to' = j.status), 0) order by s.n loop
      if exists (select from field.job_transitions t where t.status = j.status and t.next = step->>'to') then
        perform set_config('app.act', step->>'act', true), set_config('app.act_at', step->>'at', true);
        update field.jobs x set status = step->>'to' where x.project_id = p and x.id = job returning x.* into j;
      end if;
    end loop;
    perform set_config('app.act', '', true), set_config('app.act_at', '', true);
    perform field.follow_move(j);
  end if;

  -- One line for each visit, whichever of its acts is heard of first.
  select jsonb_agg(jsonb_build_object('id', e.id, 'kind', 'job.on_my_way', 'ref_type', 'job', 'ref_id', job, 'ts', e.at,
      'payload', jsonb_build_object('tech', e.tech, 'client', j.client_id, 'act', e.act, 'visit', e.visit))) into said
    from (select shared.made_id('evt', concat_ws(':', job, 'on_my_way', w.visit)) as id, w.* from jsonb_to_recordset(told->'ways') w (visit int, act text, tech text, at timestamptz)) e
    where not exists (select from shared.events x where x.project_id = p and x.id = e.id);
  if said is not null then perform shared.record_events(said); end if;
end $$;
comment on function field.keep_told(text, jsonb) is 'Writes state, timers and verdicts of a job that was told again.';
revoke execute on function field.keep_told(text, jsonb) from public;
grant execute on function field.keep_told(text, jsonb) to omneuro_app;

create or replace function field.timer_id(job text, timer jsonb) returns text
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$ select shared.made_id('tmr', concat_ws(':', job, timer->>'tech', timer->>'kind', timer->>'act')) $$;
comment on function field.timer_id(text, jsonb) is 'A timer is named by the act that started it.';
revoke execute on function field.timer_id(text, jsonb) from public;
grant execute on function field.timer_id(text, jsonb) to omneuro_app;
