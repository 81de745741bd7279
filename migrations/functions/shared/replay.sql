-- The idempotency check of a mutating request, before its change in the same batch.
create or replace function shared.replay(asked_route text, asked_key text, asked_hash text) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare seen shared.idempotency_keys;
begin
  select k.* into seen from shared.idempotency_keys k
    where k.project_id = shared.scope() and k.principal = current_setting('app.actor') and k.route = asked_route
      and k.idempotency_key = asked_key;
  if seen.id is null then return; end if;
  if seen.expires_at <= shared.clock() then
    delete from shared.idempotency_keys k where k.project_id = seen.project_id and k.id = seen.id;
    return;
  end if;
  if seen.request_hash <> asked_hash then
    perform shared.fail('unprocessable', 'idempotency_key_reused',
      jsonb_build_object('detail', 'This Idempotency-Key was used with another body. Use a new key for a new request.'));
  end if;
  if seen.status = 'running' then
    perform shared.fail('conflict', 'idempotency_in_progress', jsonb_build_object('retryAfter', 1));
  end if;
  perform shared.fail('replay', 'stored', jsonb_build_object('status', seen.response_status, 'body', seen.response_body));
end $$;
comment on function shared.replay(text, text, text) is 'Raises the stored answer, a mismatch or "still running" for a key seen before; silent for a new one.';
revoke execute on function shared.replay(text, text, text) from public;
grant execute on function shared.replay(text, text, text) to omneuro_app;
