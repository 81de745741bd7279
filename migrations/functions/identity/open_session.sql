-- A session of somebody whose password was right a moment ago: the row is locked and the hash compared again, so that a
-- change of password in between ends this too. Security definer: who signs in is nobody yet.
-- session: { id, csrf, days, counter?, ends?, alone?, hash? }
--   counter: the count of tries that is over now; ends: the browser's session before this one; alone: end every other as well
--   hash: stored instead of the old one
create or replace function identity.open_session(person uuid, proof text, session jsonb) returns timestamptz
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known identity.app_users;
  project uuid;
  until timestamptz := shared.clock() + make_interval(days => (session->>'days')::int);
begin
  select a.* into known from identity.app_users a
    where a.id = person and a.username = nullif(current_setting('app.login_name', true), '') for update;
  if known.id is null or known.password_hash <> proof
    or exists (select from shared.users u where u.id = person and u.disabled_at is not null) then
    perform shared.fail('unauthenticated', 'login_refused');
  end if;
  delete from identity.attempts t where t.key = session->>'counter';
  select s.active_project_id into project from identity.sessions s where s.id = session->>'ends' and s.user_id = person;
  update identity.sessions s set ended_at = shared.clock()
    where s.ended_at is null and (s.id = session->>'ends' or (s.user_id = person and session ? 'alone'));
  if session ? 'hash' then
    update identity.app_users a set password_hash = session->>'hash', updated_at = shared.clock(), version = a.version + 1
      where a.id = person;
  end if;
  insert into identity.sessions (id, user_id, username, active_project_id, csrf_token, expires_at)
    values (session->>'id', person, known.username, project, session->>'csrf', until);
  return until;
end $$;
comment on function identity.open_session(uuid, text, jsonb) is 'Opens a session after a password; may replace the hash and end other sessions.';
revoke execute on function identity.open_session(uuid, text, jsonb) from public;
grant execute on function identity.open_session(uuid, text, jsonb) to omneuro_app;
