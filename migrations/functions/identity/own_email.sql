-- One's own e-mail address: digits are sent there, a try is spent before anything is compared, and the right ones make it his.

create or replace function identity.ask_own_email(address text, proof text, salt text, minutes int) returns timestamptz
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare person constant uuid := nullif(current_setting('app.user_id', true), '')::uuid; until timestamptz;
begin
  if person is null then perform shared.fail('forbidden', 'person_required'); end if;
  perform identity.count_attempt('own_email:' || person, 5, 3600);
  -- Whoever has that address is not to be written to again and again by people who say it is theirs.
  perform identity.count_attempt('own_email_to:' || encode(sha256(convert_to(address, 'utf8')), 'hex'), 10, 86400);
  insert into identity.email_codes as c (user_id, email, digits_hash, digits_salt, expires_at)
    values (person, address, proof, salt, shared.clock() + make_interval(mins => minutes))
    on conflict (user_id) do update set email = excluded.email, digits_hash = excluded.digits_hash, digits_salt = excluded.digits_salt,
      attempt_count = 0, expires_at = excluded.expires_at, used_at = null, created_at = shared.clock()
    returning c.expires_at into until;
  return until;
end $$;
comment on function identity.ask_own_email(text, text, text, int) is 'Keeps the keyed hash of the digits that are on their way; the ones before are worth nothing from now on.';
revoke execute on function identity.ask_own_email(text, text, text, int) from public;
grant execute on function identity.ask_own_email(text, text, text, int) to omneuro_app;

create or replace function identity.try_own_email(most int) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare person constant uuid := nullif(current_setting('app.user_id', true), '')::uuid; c identity.email_codes;
begin
  update identity.email_codes x set attempt_count = x.attempt_count + 1
    where x.user_id = person and x.attempt_count < most and x.used_at is null and x.expires_at > shared.clock() returning x.* into c;
  if c.user_id is not null then
    return jsonb_build_object('email', c.email, 'hash', c.digits_hash, 'salt', c.digits_salt, 'user', person);
  end if;
  select x.* into c from identity.email_codes x where x.user_id = person;
  if c.user_id is null or c.used_at is not null or c.expires_at <= shared.clock() then return null; end if;
  perform shared.fail('limited', 'digits_attempts_exceeded');
  return null;
end $$;
comment on function identity.try_own_email(int) is 'Spends a try and returns what to compare with; null where no digits are awaited.';
revoke execute on function identity.try_own_email(int) from public;
grant execute on function identity.try_own_email(int) to omneuro_app;

-- No row when the digits were used or replaced meanwhile. The address is written first: what changes it takes the proof away.
create or replace function identity.prove_own_email(proof text) returns setof shared.users
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare person constant uuid := nullif(current_setting('app.user_id', true), '')::uuid; address text;
begin
  update identity.email_codes c set used_at = shared.clock()
    where c.user_id = person and c.digits_hash = proof and c.used_at is null and c.expires_at > shared.clock() returning c.email into address;
  if address is null then return; end if;
  begin
    update shared.users u set email = address, updated_at = shared.clock(), version = u.version + 1
      where u.id = person and u.email is distinct from address;
  exception when unique_violation then
    perform shared.fail('conflict', 'email_taken', jsonb_build_object('detail', 'Another account here has that address.'));
  end;
  return query update shared.users u set email_verified_at = shared.clock() where u.id = person returning u.*;
end $$;
comment on function identity.prove_own_email(text) is 'Uses the digits up: the address is the entered person''s, and proven.';
revoke execute on function identity.prove_own_email(text) from public;
grant execute on function identity.prove_own_email(text) to omneuro_app;
