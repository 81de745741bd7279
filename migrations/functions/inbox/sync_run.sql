-- A run begins: a first import where there is no watermark, else a catch-up from a week before it, unless told which. One runs
-- per source. It comes back when whoever began it dies: its outbox row is there from the start.
create or replace function inbox.begin_run(run_id text, wanted_source text, wanted_kind text) returns inbox.sync_runs
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  src identity.project_sources; run inbox.sync_runs; mark timestamptz; chosen text := wanted_kind;
begin
  select s.* into src from identity.project_sources s where s.project_id = p and s.id = wanted_source and s.source_kind = 'chatwoot_account' and s.disabled_at is null;
  if src.id is null then perform shared.fail('not_found', 'source_unknown'); end if;
  if src.api_url is null or src.api_token_sealed is null then perform shared.fail('unprocessable', 'source_not_connected'); end if;
  select w.cursor_ts into mark from inbox.sync_watermarks w where w.project_id = p and w.source = src.id;
  if chosen is null then chosen := case when mark is null then 'import' else 'catch_up' end; end if;
  delete from inbox.sync_seen s where s.project_id = p
    and not exists (select from inbox.sync_runs r where r.project_id = p and r.id = s.run_id and r.state = 'running');
  delete from inbox.sync_runs r where r.project_id = p and r.source = src.id and r.finished_at < shared.clock() - interval '30 days';
  insert into inbox.sync_runs (project_id, id, source, kind, window_from)
    values (p, run_id, src.id, chosen, case when chosen = 'catch_up' then least(mark, shared.clock()) - interval '7 days' end)
    on conflict (project_id, source) where state = 'running' do nothing returning * into run;
  if run.id is null then perform shared.fail('conflict', 'sync_running'); end if;
  return run;
end $$;
comment on function inbox.begin_run(text, text, text) is 'Starts reading a source''s API; raises when it is being read or cannot be.';
revoke execute on function inbox.begin_run(text, text, text) from public;
grant execute on function inbox.begin_run(text, text, text) to omneuro_app;

-- The run's only pending message, due later: publishes it again when whoever works now dies. Returns it for publishing.
create or replace function inbox.stage_run(run_id text, outbox_id text, due timestamptz) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare staged jsonb;
begin
  update shared.outbox o set state = 'done', updated_at = shared.clock()
    where o.project_id = shared.scope() and o.kind = 'inbox.reconcile' and o.dedupe_key = run_id and o.state = 'pending';
  if outbox_id is null then return null; end if;
  insert into shared.outbox as o (project_id, id, kind, dedupe_key, payload, due_at)
    values (shared.scope(), outbox_id, 'inbox.reconcile', run_id, jsonb_build_object('run', run_id), due)
    returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at) into staged;
  return staged;
end $$;
comment on function inbox.stage_run(text, text, timestamptz) is 'Replaces the message that carries a run on; none when no id is given.';
revoke execute on function inbox.stage_run(text, text, timestamptz) from public;
grant execute on function inbox.stage_run(text, text, timestamptz) to omneuro_app;

-- Takes a run for one step-maker under a lease: {state} of one that is over, else everything he needs. Raises when another has it.
create or replace function inbox.claim_run(run_id text, new_token text, lease interval, outbox_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  run inbox.sync_runs; src identity.project_sources;
begin
  select r.* into run from inbox.sync_runs r where r.project_id = p and r.id = run_id for update;
  if run.id is null then perform shared.fail('not_found', 'sync_run_unknown'); end if;
  if run.state <> 'running' then return jsonb_build_object('state', run.state); end if;
  if run.lease_until > shared.clock() then perform shared.fail('limited', 'sync_busy', '{"retryAfter": 60}'); end if;
  update inbox.sync_runs r set token = new_token, lease_until = shared.clock() + lease, waiting_until = null
    where r.project_id = p and r.id = run_id returning r.* into run;
  perform inbox.stage_run(run_id, outbox_id, run.lease_until);
  select s.* into src from identity.project_sources s where s.project_id = p and s.id = run.source and s.disabled_at is null;
  return inbox.run_state(run) || jsonb_build_object('account', src.external_id, 'url', src.api_url, 'sealed', src.api_token_sealed);
end $$;
comment on function inbox.claim_run(text, text, interval, text) is 'Leases a run to one token.';
revoke execute on function inbox.claim_run(text, text, interval, text) from public;
grant execute on function inbox.claim_run(text, text, interval, text) to omneuro_app;

create or replace function inbox.run_state(run inbox.sync_runs) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$ begin
  return jsonb_build_object('run', run.id, 'source', run.source, 'kind', run.kind, 'state', run.state, 'phase', run.phase,
    'position', run.position, 'todo', run.todo, 'counts', run.counts, 'failures', run.failures,
    'window_from', extract(epoch from run.window_from)::float8, 'as_of', extract(epoch from run.as_of)::float8,
    'seen', (select jsonb_build_object('conversations', count(*) filter (where s.kind = 'conversation'), 'contacts', count(*) filter (where s.kind = 'contact'))
      from inbox.sync_seen s where s.project_id = run.project_id and s.run_id = run.id));
end $$;
comment on function inbox.run_state(inbox.sync_runs) is 'Where a run stands, for the next step.';
revoke execute on function inbox.run_state(inbox.sync_runs) from public;
grant execute on function inbox.run_state(inbox.sync_runs) to omneuro_app;

-- First statement of every step's writing: the run is still this token's, and nobody takes it before this transaction ends.
create or replace function inbox.hold_run(run_id text, held_token text) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$ begin
  perform from inbox.sync_runs r where r.project_id = shared.scope() and r.id = run_id and r.token = held_token and r.state = 'running' for update;
  if not found then perform shared.fail('conflict', 'sync_superseded'); end if;
end $$;
comment on function inbox.hold_run(text, text) is 'Raises unless the run is still the token''s: a step that was overtaken writes nothing.';
revoke execute on function inbox.hold_run(text, text) from public;
grant execute on function inbox.hold_run(text, text) to omneuro_app;

-- Last statement of every step: {phase, position, todo, counts (added), as_of, failures, error, state, lease, next: {id, seconds}}.
-- Where todo is absent the stored one stays. Returns where the run stands now, and the message to publish.
create or replace function inbox.advance_run(run_id text, held_token text, step jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  run inbox.sync_runs; staged jsonb; over boolean := coalesce(step->>'state', 'running') <> 'running'; pause interval;
begin
  perform inbox.hold_run(run_id, held_token);
  pause := make_interval(secs => coalesce((step->'next'->>'seconds')::float8, 0));
  update inbox.sync_runs r set phase = coalesce(step->>'phase', r.phase), position = coalesce(step->'position', r.position),
      todo = coalesce(step->'todo', r.todo), as_of = coalesce(r.as_of, (step->>'as_of')::timestamptz),
      counts = r.counts || (select coalesce(jsonb_object_agg(c.key, coalesce((r.counts->>c.key)::bigint, 0) + c.value::bigint), '{}') from jsonb_each_text(coalesce(step->'counts', '{}')) c)
        || coalesce(step->'totals', '{}'),
      failures = coalesce((step->>'failures')::int, 0), error = step->>'error',
      waiting_until = case when pause > '0' then at + pause end,
      lease_until = case when over or step ? 'next' then null else at + make_interval(secs => (step->>'lease')::float8) end,
      token = case when over or step ? 'next' then null else r.token end,
      state = coalesce(step->>'state', 'running'), finished_at = case when over then at end, updated_at = at
    where r.project_id = p and r.id = run_id returning r.* into run;
  if step ? 'next' or over then
    staged := inbox.stage_run(run_id, case when over then null else step->'next'->>'id' end, at + pause);
  end if;
  if over then perform inbox.end_run(run, step->>'event'); end if;
  return inbox.run_state(run) || jsonb_build_object('staged', staged);
end $$;
comment on function inbox.advance_run(text, text, jsonb) is 'Writes down a step, ends the run or stages its next message; refused when the run is another''s.';
revoke execute on function inbox.advance_run(text, text, jsonb) from public;
grant execute on function inbox.advance_run(text, text, jsonb) to omneuro_app;

-- What is left when a run ends. Only a complete one moves the watermark, never back, and only to a message that is stored and
-- was written in Chatwoot before the run's first look. A check looks at newest messages, so that older ones may be missing.
create or replace function inbox.end_run(run inbox.sync_runs, event_id text) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  written constant bigint := coalesce((run.counts->>'written')::bigint, 0) + coalesce((run.counts->>'gone')::bigint, 0);
begin
  delete from inbox.sync_seen s where s.project_id = p and s.run_id = run.id;
  if run.state = 'done' and run.phase = 'done' and run.kind <> 'check' and run.todo = '[]' and coalesce((run.counts->>'skipped')::int, 0) = 0 then
    insert into inbox.sync_watermarks as w (project_id, source, cursor_ts, cursor_id, meta)
      select p, run.source, m.created_at, m.message_id::text, jsonb_build_object('run', run.id)
      from identity.project_sources s join inbox.cw_messages m on m.project_id = p and m.account_id = s.external_id::bigint
      where s.project_id = p and s.id = run.source and date_trunc('second', m.created_at) <= run.as_of
      order by m.created_at desc, m.message_id desc limit 1
      on conflict (project_id, source) do update set cursor_ts = excluded.cursor_ts, cursor_id = excluded.cursor_id,
        meta = w.meta || excluded.meta, updated_at = shared.clock()
      where w.cursor_ts is null or (excluded.cursor_ts, excluded.cursor_id::bigint) > (w.cursor_ts, w.cursor_id::bigint);
  end if;
  if written > 0 or run.state <> 'done' or (run.counts->>'held_back')::int > 0 then
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', event_id, 'kind', 'inbox.sync.' || run.state, 'ref_type', 'source',
      'ref_id', run.source, 'ts', shared.clock(), 'payload', jsonb_strip_nulls(jsonb_build_object('run', run.id, 'kind', run.kind, 'error', run.error)) || run.counts)));
  end if;
end $$;
comment on function inbox.end_run(inbox.sync_runs, text) is 'Clears what a run remembered, moves the watermark of a complete one, tells the ledger.';
revoke execute on function inbox.end_run(inbox.sync_runs, text) from public;
grant execute on function inbox.end_run(inbox.sync_runs, text) to omneuro_app;

create or replace function inbox.count_step(run_id text, what text, n int) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$ begin
  if n <> 0 then
    update inbox.sync_runs r set counts = r.counts || jsonb_build_object(what, coalesce((r.counts->>what)::bigint, 0) + n)
      where r.project_id = shared.scope() and r.id = run_id;
  end if;
end $$;
comment on function inbox.count_step(text, text, int) is 'Adds to one of a run''s counts.';
revoke execute on function inbox.count_step(text, text, int) from public;
grant execute on function inbox.count_step(text, text, int) to omneuro_app;

-- The scheduled beginning: null where nothing is connected or a run is under way.
create or replace function inbox.begin_due(run_id text, wanted_kind text, outbox_id text) returns text
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare src text;
begin
  -- Of two clocks that strike at once the second finds the first one's run.
  perform pg_advisory_xact_lock(12, hashtext(shared.scope()::text));
  select s.id into src from identity.project_sources s
    where s.project_id = shared.scope() and s.source_kind = 'chatwoot_account' and s.disabled_at is null and s.api_url is not null and s.api_token_sealed is not null
      and not exists (select from inbox.sync_runs r where r.project_id = s.project_id and r.source = s.id and r.state = 'running');
  if src is null then return null; end if;
  perform inbox.begin_run(run_id, src, wanted_kind);
  perform inbox.stage_run(run_id, outbox_id, shared.clock() + interval '1 minute');
  return run_id;
end $$;
comment on function inbox.begin_due(text, text, text) is 'Starts the project''s run when the clock says so; the new run''s id, or null.';
revoke execute on function inbox.begin_due(text, text, text) from public;
grant execute on function inbox.begin_due(text, text, text) to omneuro_app;
