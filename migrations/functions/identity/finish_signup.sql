-- The PIN was right: the request is used up, the person, his login and his first session exist, all at once or not at all.
-- Security definer: who signs up is nobody yet. The hash proves that the caller was given the request's PIN.
create or replace function identity.finish_signup(request uuid, proof text, person uuid, session jsonb) returns timestamptz
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  used identity.signup_requests;
  until timestamptz := shared.clock() + make_interval(days => (session->>'days')::int);
begin
  update identity.signup_requests r set used_at = shared.clock()
    where r.id = request and r.pin_hash = proof and r.used_at is null and r.expires_at > shared.clock()
    returning r.* into used;
  if used.id is null then perform shared.fail('invalid', 'signup_request_invalid'); end if;
  insert into shared.users (id, name) values (person, used.username);
  insert into identity.app_users (id, username, password_hash) values (person, used.username, used.password_hash);
  insert into identity.sessions (id, user_id, username, csrf_token, expires_at)
    values (session->>'id', person, used.username, session->>'csrf', until);
  return until;
end $$;
comment on function identity.finish_signup(uuid, text, uuid, jsonb) is 'Uses up a sign-up and opens its first session ({id, csrf, days}).';
revoke execute on function identity.finish_signup(uuid, text, uuid, jsonb) from public;
grant execute on function identity.finish_signup(uuid, text, uuid, jsonb) to omneuro_app;
