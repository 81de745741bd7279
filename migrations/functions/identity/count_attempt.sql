-- Counts one try of something guessable and refuses it above the limit. Durable and atomic; without the count there is no try.
create or replace function identity.count_attempt(subject text, most int, window_seconds int) returns int
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  opened timestamptz := to_timestamp(floor(extract(epoch from shared.clock()) / window_seconds) * window_seconds);
  tries int;
begin
  insert into identity.attempts as t (key, window_start, count) values (subject, opened, 1)
    on conflict (key, window_start) do update set count = t.count + 1 returning count into tries;
  if tries > most then
    perform shared.fail('limited', 'too_many_attempts', jsonb_build_object(
      'retryAfter', ceil(extract(epoch from opened + make_interval(secs => window_seconds) - shared.clock()))));
  end if;
  return tries;
end $$;
comment on function identity.count_attempt(text, int, int) is 'One more try in this window, or the fault limited/too_many_attempts.';
revoke execute on function identity.count_attempt(text, int, int) from public;
grant execute on function identity.count_attempt(text, int, int) to omneuro_app;
