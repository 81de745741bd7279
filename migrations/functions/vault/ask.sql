-- Wishes for a sync. Whoever asks and whoever works lock the source's row of sync_status first, so that no wish is lost between
-- a run that ends and a wish that takes it for running.

-- Stages the source's wake-up; null when one that is due as early is pending already. A later one gives way: its message will
-- find nothing to do.
create or replace function vault.wake(bound text, outbox text, due timestamptz) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); made jsonb;
begin
  update shared.outbox o set state = 'done', updated_at = shared.clock()
    where o.project_id = p and o.kind = 'vault.sync' and o.dedupe_key = 'vault.sync:' || bound and o.state = 'pending'
      and o.due_at > due + interval '5 seconds';
  insert into shared.outbox as o (project_id, account_scope_id, id, kind, dedupe_key, payload, due_at)
    values (p, nullif(current_setting('app.account_scope_id', true), '')::uuid, outbox, 'vault.sync',
      'vault.sync:' || bound, jsonb_build_object('source', bound), due)
    on conflict (project_id, kind, dedupe_key) where state = 'pending' do nothing
    returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at) into made;
  return made;
end $$;
comment on function vault.wake(text, text, timestamptz) is 'Stages the wake-up of a source''s sync and returns it for publishing; null when one is pending.';
revoke execute on function vault.wake(text, text, timestamptz) from public;
grant execute on function vault.wake(text, text, timestamptz) to omneuro_app;

-- A wish: a run begins, or the running one is followed by another. A wait that the provider asked for is kept.
create or replace function vault.ask_sync(bound text, outbox text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); state vault.sync_status;
begin
  select s.* into state from vault.sync_status s where s.project_id = p and s.id = bound for update;
  if state.id is null then perform shared.fail('not_found', 'source_unknown'); end if;
  if state.status = 'in_progress' then
    update vault.sync_status s set again = true where s.project_id = p and s.id = bound;
    -- Its worker may have died: then nobody else would come for it.
    return vault.wake(bound, outbox, greatest(shared.clock(), state.lease_until, state.not_before));
  end if;
  update vault.sync_status s set status = 'pending', phase = null, not_before = null, failures = 0, again = false, updated_at = shared.clock()
    where s.project_id = p and s.id = bound and s.status <> 'pending';
  return vault.wake(bound, outbox, shared.clock());
end $$;
comment on function vault.ask_sync(text, text) is 'Asks for a sync of a source; returns the wake-up to publish, if it made one.';
revoke execute on function vault.ask_sync(text, text) from public;
grant execute on function vault.ask_sync(text, text) to omneuro_app;
