-- What people at the door left behind: sessions that ended, sign-ups that came to nothing or are over, counts of tries,
-- answers kept for a repeat.
-- Security definer: it belongs to no project, so the tick takes it away.
create or replace function identity.purge_ended(most int, session_days int, other_days int) returns jsonb
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  at constant timestamptz := shared.clock();
  sessions int; requests int; tries int; answers int; digits int;
begin
  if current_setting('app.actor', true) is distinct from 'system:shared.tick' then
    perform shared.fail('forbidden', 'tick_only');
  end if;
  delete from identity.sessions s where s.id in (
    select x.id from identity.sessions x
      where least(x.ended_at, x.expires_at, x.last_seen_at + interval '3 days') < at - make_interval(days => session_days)
      order by x.expires_at, x.id limit most for update skip locked);
  get diagnostics sessions = row_count;
  delete from identity.signup_requests r where r.id in (
    select x.id from identity.signup_requests x where x.expires_at < at - make_interval(days => other_days)
      order by x.expires_at, x.id limit most for update skip locked);
  get diagnostics requests = row_count;
  delete from identity.attempts a where (a.key, a.window_start) in (
    select x.key, x.window_start from identity.attempts x where x.window_start < at - make_interval(days => other_days)
      order by x.window_start, x.key limit most for update skip locked);
  get diagnostics tries = row_count;
  delete from identity.user_idempotency_keys k where (k.user_id, k.id) in (
    select x.user_id, x.id from identity.user_idempotency_keys x where x.expires_at < at
      order by x.expires_at, x.id limit most for update skip locked);
  get diagnostics answers = row_count;
  delete from identity.email_codes c where c.user_id in (
    select x.user_id from identity.email_codes x where x.expires_at < at - make_interval(days => other_days)
      order by x.expires_at limit most for update skip locked);
  get diagnostics digits = row_count;
  return jsonb_build_object('identity.sessions', sessions, 'identity.signup_requests', requests, 'identity.attempts', tries,
    'identity.user_idempotency_keys', answers, 'identity.email_codes', digits);
end $$;
comment on function identity.purge_ended(int, int, int) is 'Removes ended sessions, old sign-ups and digits, counts of tries and answers kept for repeats, oldest first; for the tick only.';
revoke execute on function identity.purge_ended(int, int, int) from public;
grant execute on function identity.purge_ended(int, int, int) to omneuro_app;
