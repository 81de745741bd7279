-- One try of a sign-up's PIN is spent before anything is compared: a single guarded update, so that no race gives an extra one.
-- Security definer: who confirms is nobody yet and knows only the request's id.
create or replace function identity.try_pin(request uuid, most int) returns jsonb
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare found_row identity.signup_requests;
begin
  update identity.signup_requests r set attempt_count = r.attempt_count + 1
    where r.id = request and r.attempt_count < most and r.used_at is null and r.expires_at > shared.clock()
    returning r.* into found_row;
  if found_row.id is not null then
    return jsonb_build_object('username', found_row.username, 'pin_hash', found_row.pin_hash, 'pin_salt', found_row.pin_salt,
      'attempt', found_row.attempt_count);
  end if;
  select r.* into found_row from identity.signup_requests r where r.id = request;
  if found_row.id is null or found_row.used_at is not null then perform shared.fail('invalid', 'signup_request_invalid'); end if;
  if found_row.expires_at <= shared.clock() then perform shared.fail('invalid', 'pin_expired'); end if;
  perform shared.fail('limited', 'pin_attempts_exceeded');
  return null;
end $$;
comment on function identity.try_pin(uuid, int) is 'Spends a try and returns what to compare with, or says why there is none.';
revoke execute on function identity.try_pin(uuid, int) from public;
grant execute on function identity.try_pin(uuid, int) to omneuro_app;
