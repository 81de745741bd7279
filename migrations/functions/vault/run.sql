-- A run of a sync: claimed with a token, worked through in steps, each fenced by the token. Every function that takes a token
-- answers null to one that is no longer the holder's, and nothing has changed then.
-- made: {ledger, outbox}: ids for rows that a step may need.

-- Takes up the run of a source if there is one to be worked on. {state: idle | busy | run, wake, …work}.
create or replace function vault.claim_sync(bound text, holder uuid, lease interval, most int, made jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); at constant timestamptz := shared.clock(); state vault.sync_status;
begin
  select s.* into state from vault.sync_status s where s.project_id = p and s.id = bound for update;
  if state.id is null then return '{"state": "idle"}'; end if;
  update shared.outbox o set state = 'done', updated_at = at
    where o.project_id = p and o.kind = 'vault.sync' and o.dedupe_key = 'vault.sync:' || bound and o.state = 'pending';
  if greatest(state.lease_until, state.not_before) > at then
    return jsonb_build_object('state', 'busy', 'wake', vault.wake(bound, made->>'outbox', greatest(state.lease_until, state.not_before)));
  end if;
  if state.status = 'success' or (state.status = 'error' and state.not_before is null) then return '{"state": "idle"}'; end if;
  if state.phase is null then
    update vault.sync_status s set phase = 'list', run = holder, cursor = null, next_checkpoint = null, changed = 0, removed = 0, started_at = at
      where s.project_id = p and s.id = bound;
  end if;
  update vault.sync_status s set status = 'in_progress', token = holder, lease_until = at + lease, not_before = null, updated_at = at
    where s.project_id = p and s.id = bound;
  return jsonb_build_object('state', 'run') || vault.work(bound, most, made) || (
    select jsonb_build_object('source', v.source, 'repository', v.repository, 'branch', v.branch, 'folder', v.folder, 'visibility', v.visibility,
      'token_sealed', i.api_token_sealed)
    from vault.sources v join identity.project_sources i on i.project_id = p and i.id = v.id where v.project_id = p and v.id = bound);
end $$;
comment on function vault.claim_sync(text, uuid, interval, int, jsonb) is 'Leases a source''s run to a token and tells what is to be done first.';
revoke execute on function vault.claim_sync(text, uuid, interval, int, jsonb) from public;
grant execute on function vault.claim_sync(text, uuid, interval, int, jsonb) to omneuro_app;

-- True when the token still holds the run, whose lease then begins anew; the row stays locked.
create or replace function vault.holds(bound text, holder uuid, lease interval) returns boolean
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$ begin
  update vault.sync_status s set lease_until = shared.clock() + lease, failures = 0, updated_at = shared.clock()
    where s.project_id = shared.scope() and s.id = bound and s.token = holder;
  return found;
end $$;
comment on function vault.holds(text, uuid, interval) is 'Checks a run''s token and renews its lease.';
revoke execute on function vault.holds(text, uuid, interval) from public;
grant execute on function vault.holds(text, uuid, interval) to omneuro_app;

-- What is to be done next, moving on where a phase has nothing left; {phase: done} ends the run.
create or replace function vault.work(bound text, most int, made jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); state vault.sync_status; rows jsonb;
begin
  select s.* into state from vault.sync_status s where s.project_id = p and s.id = bound;
  if state.phase = 'list' then
    return jsonb_build_object('phase', 'list', 'cursor', state.cursor, 'checkpoint', state.checkpoint);
  end if;
  if state.phase = 'fetch' then
    select jsonb_agg(to_jsonb(w)) into rows from (
      select e.path, e.ref, e.sha, e.title, e.url, e.occurred_at from vault.entries e
      where e.project_id = p and e.source_id = bound and e.skipped is null and not exists (
        select from vault.documents d where d.project_id = p and d.source = state.source and d.repository = state.repository
          and d.path = e.path and d.sha = e.sha)
      order by e.path limit most) w;
    if rows is not null then return jsonb_build_object('phase', 'fetch', 'rows', rows); end if;
    update vault.sync_status s set phase = 'remove' where s.project_id = p and s.id = bound;
  end if;
  -- What could not be had this time keeps its earlier copy; what is no text any more does not.
  select jsonb_agg(to_jsonb(w)) into rows from (
    select d.id, d.path, d.metadata->>'ref' as ref from vault.documents d
    where d.project_id = p and d.source_id = bound and not exists (
      select from vault.entries e where e.project_id = p and e.source_id = bound and e.path = d.path and e.run = state.run
        and coalesce(e.skipped, 'unreadable') = 'unreadable')
    order by d.path limit most) w;
  if rows is not null then return jsonb_build_object('phase', 'remove', 'rows', rows); end if;
  return vault.finish(bound, made);
end $$;
comment on function vault.work(text, int, jsonb) is 'The next piece of a run, at most so many documents.';
revoke execute on function vault.work(text, int, jsonb) from public;
grant execute on function vault.work(text, int, jsonb) to omneuro_app;

-- The run has ended well. A wish that came meanwhile begins the next one.
create or replace function vault.finish(bound text, made jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); state vault.sync_status; wake jsonb;
begin
  select s.* into state from vault.sync_status s where s.project_id = p and s.id = bound;
  update vault.sync_status s set status = case when state.again then 'pending' else 'success' end, phase = null, token = null,
      lease_until = null, again = false, error_message = null, failures = 0, cursor = null, last_sync_at = shared.clock(),
      -- What was not to be had this time must be asked for again.
      checkpoint = case when exists (select from vault.entries e where e.project_id = p and e.source_id = bound and e.skipped = 'unreadable')
        then null else state.next_checkpoint end,
      document_count = (select count(*) from vault.documents d where d.project_id = p and d.source_id = bound), updated_at = shared.clock()
    where s.project_id = p and s.id = bound returning s.* into state;
  if state.changed + state.removed > 0 then
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', made->>'ledger', 'kind', 'vault.sync.finished',
      'ref_type', 'source', 'ref_id', bound, 'ts', shared.clock(),
      'payload', jsonb_build_object('documents', state.document_count, 'changed', state.changed, 'removed', state.removed))));
  end if;
  if state.status = 'pending' then wake := vault.wake(bound, made->>'outbox', shared.clock()); end if;
  return jsonb_build_object('phase', 'done', 'wake', wake);
end $$;
comment on function vault.finish(text, jsonb) is 'Ends a run well and counts what there is.';
revoke execute on function vault.finish(text, jsonb) from public;
grant execute on function vault.finish(text, jsonb) to omneuro_app;

-- The worker's time is up, not the work: the next message goes on.
create or replace function vault.release(bound text, holder uuid, outbox text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$ begin
  update vault.sync_status s set token = null, lease_until = null, updated_at = shared.clock()
    where s.project_id = shared.scope() and s.id = bound and s.token = holder;
  if not found then return null; end if;
  return vault.wake(bound, outbox, shared.clock());
end $$;
comment on function vault.release(text, uuid, text) is 'Gives a run back and stages the message that goes on with it.';
revoke execute on function vault.release(text, uuid, text) from public;
grant execute on function vault.release(text, uuid, text) to omneuro_app;

-- The run met a failure. rest: it goes on after so long (null: it ends here); limited: the provider only asked for a pause.
create or replace function vault.fail_sync(bound text, holder uuid, said jsonb, waits int[], made jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); at constant timestamptz := shared.clock(); state vault.sync_status; rest int;
begin
  select s.* into state from vault.sync_status s where s.project_id = p and s.id = bound and s.token = holder for update;
  if state.id is null then return null; end if;
  rest := case when (said->>'limited')::boolean then (said->>'seconds')::int
    when (said->>'final')::boolean then null else greatest((said->>'seconds')::int, waits[state.failures + 1]) end;
  if rest is null or (not (said->>'limited')::boolean and state.failures >= cardinality(waits)) then
    update vault.sync_status s set status = 'error', phase = null, token = null, lease_until = null, not_before = null, again = false,
        failures = 0, error_message = said->>'message', updated_at = at
      where s.project_id = p and s.id = bound;
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', made->>'ledger', 'kind', 'vault.sync.failed',
      'ref_type', 'source', 'ref_id', bound, 'ts', at, 'payload', jsonb_build_object('code', said->>'code'))));
    return '{"failed": true}';
  end if;
  update vault.sync_status s set status = case when (said->>'limited')::boolean then 'in_progress' else 'error' end, token = null,
      lease_until = null, not_before = at + make_interval(secs => rest), error_message = said->>'message',
      failures = s.failures + case when (said->>'limited')::boolean then 0 else 1 end, updated_at = at
    where s.project_id = p and s.id = bound;
  return jsonb_build_object('wake', vault.wake(bound, made->>'outbox', at + make_interval(secs => rest)));
end $$;
comment on function vault.fail_sync(text, uuid, jsonb, int[], jsonb) is 'Notes why a run stopped and when it goes on, if it does.';
revoke execute on function vault.fail_sync(text, uuid, jsonb, int[], jsonb) from public;
grant execute on function vault.fail_sync(text, uuid, jsonb, int[], jsonb) to omneuro_app;
