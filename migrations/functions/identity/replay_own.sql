-- The idempotency check of what a person does for himself: as shared.replay, by person instead of by project.
create or replace function identity.replay_own(asked_route text, asked_key text, asked_hash text) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare seen identity.user_idempotency_keys;
begin
  select k.* into seen from identity.user_idempotency_keys k
    where k.user_id = nullif(current_setting('app.user_id', true), '')::uuid and k.route = asked_route and k.idempotency_key = asked_key;
  if seen.id is null then return; end if;
  if seen.expires_at <= shared.clock() then
    delete from identity.user_idempotency_keys k where k.user_id = seen.user_id and k.id = seen.id;
    return;
  end if;
  if seen.request_hash <> asked_hash then
    perform shared.fail('unprocessable', 'idempotency_key_reused',
      jsonb_build_object('detail', 'This Idempotency-Key was used with another body. Use a new key for a new request.'));
  end if;
  perform shared.fail('replay', 'stored', jsonb_build_object('status', seen.response_status, 'body', seen.response_body));
end $$;
comment on function identity.replay_own(text, text, text) is 'Raises the stored answer or a mismatch for a key this person has used before; silent for a new one.';
revoke execute on function identity.replay_own(text, text, text) from public;
grant execute on function identity.replay_own(text, text, text) to omneuro_app;
