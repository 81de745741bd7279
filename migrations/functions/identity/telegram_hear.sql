-- What a Telegram update means for the binding of the installation owner. Security definer, because settings of the
-- installation are nobody's to write. One row is locked, so that a code binds one user however many send it at once.
-- bound: the right code, once; refreshed: the bound user from where he writes now; ignored: anybody else; repeated: heard before.
create or replace function identity.telegram_hear(heard text, sender text, chat text, code_hash text) returns text
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known jsonb; seen jsonb; outcome text := 'ignored';
begin
  insert into identity.app_settings (key, value) values ('telegram', '{}') on conflict (key) do nothing;
  select s.value::jsonb into known from identity.app_settings s where s.key = 'telegram' for update;
  seen := coalesce(known->'seen', '[]');
  if seen ? heard then return 'repeated'; end if;
  if code_hash is not null and known->'code'->>'hash' = code_hash and (known->'code'->>'until')::timestamptz > shared.clock() then
    outcome := 'bound';
    known := known - 'code';
  elsif known->'owner'->>'user' = sender then
    outcome := 'refreshed';
  end if;
  if outcome <> 'ignored' then
    known := known || jsonb_build_object('owner', jsonb_build_object('user', sender, 'chat', chat));
  end if;
  -- Telegram repeats an update soon or not at all.
  if jsonb_array_length(seen) >= 200 then seen := seen - 0; end if;
  update identity.app_settings s set updated_at = shared.clock(),
    value = (known || jsonb_build_object('seen', seen || to_jsonb(heard)))::text where s.key = 'telegram';
  return outcome;
end $$;
comment on function identity.telegram_hear(text, text, text, text) is 'Binds the owner by his code, follows him to another chat, ignores everybody else.';
revoke execute on function identity.telegram_hear(text, text, text, text) from public;
grant execute on function identity.telegram_hear(text, text, text, text) to omneuro_app;
