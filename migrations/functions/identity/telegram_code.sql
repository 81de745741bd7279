-- A new one-time code for the installation owner's Telegram; the one before is worth nothing from now on. Security definer,
-- because settings of the installation are nobody's to write; only who installed it, signed in, gets this far.
create or replace function identity.telegram_code(hash text, seconds int) returns timestamptz
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  person uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  until timestamptz := shared.clock() + make_interval(secs => seconds);
begin
  if nullif(current_setting('app.session_id', true), '') is null
    or not exists (select from shared.users u where u.id = person and u.role = 'owner') then
    perform shared.fail('forbidden', 'installation_owner_only');
  end if;
  insert into identity.app_settings as s (key, value, updated_at)
    values ('telegram', jsonb_build_object('code', jsonb_build_object('hash', hash, 'until', until))::text, shared.clock())
    on conflict (key) do update set updated_at = excluded.updated_at,
      value = (s.value::jsonb || jsonb_build_object('code', jsonb_build_object('hash', hash, 'until', until)))::text;
  return until;
end $$;
comment on function identity.telegram_code(text, int) is 'Stores the keyed hash of the next bind code and when it ends.';
revoke execute on function identity.telegram_code(text, int) from public;
grant execute on function identity.telegram_code(text, int) to omneuro_app;
