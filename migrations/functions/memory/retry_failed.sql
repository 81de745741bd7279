-- An operator's second chance for what failed for good: it counts as new and is tried at once, a pause notwithstanding.
create or replace function memory.retry_failed(wake_id text, event_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); at constant timestamptz := shared.clock(); freed int; woken jsonb;
begin
  perform pg_advisory_xact_lock_shared(7, hashtext(p::text));
  update memory.pending q set failed_at = null, error = null, not_before = null, token = null, lease_until = null, attempts = 0
    where q.project_id = p and q.failed_at is not null;
  get diagnostics freed = row_count;
  if freed > 0 then
    update memory.corpus k set paused_until = null where k.project_id = p and k.paused_until is not null;
    insert into shared.events (project_id, id, user_id, session_id, request_id, kind, actor, payload)
      values (p, event_id, nullif(current_setting('app.user_id', true), '')::uuid, nullif(current_setting('app.session_id', true), ''),
        current_setting('app.request_id', true), 'memory.embedding_retried', current_setting('app.actor', true),
        jsonb_build_object('chunks', freed));
    woken := memory.wake_at(wake_id, 'memory.embed', at);
  end if;
  return jsonb_build_object('retried', freed, 'wake', woken);
end $$;
comment on function memory.retry_failed(text, text) is 'Makes failed chunks pending again and wakes the embedder: {retried, wake}.';
revoke execute on function memory.retry_failed(text, text) from public;
grant execute on function memory.retry_failed(text, text) to omneuro_app;
