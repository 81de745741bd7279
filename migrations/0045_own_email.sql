-- A member proves that an e-mail address is his: six digits are sent there, and he says them.

create table identity.email_codes (
  user_id uuid primary key references shared.users (id),
  email text not null check (email = lower(email) and length(email) <= 254),
  digits_hash text not null,
  digits_salt text not null,
  attempt_count int not null default 0,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default shared.clock()
);
create index email_codes_expiry on identity.email_codes (expires_at);
comment on table identity.email_codes is 'The one-time digits that were sent to an address somebody says is his; newer ones take their place.';
comment on column identity.email_codes.digits_hash is 'A keyed hash; the digits stand only in the message that carries them.';
select shared.protect_global('identity.email_codes',
  $$user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)$$,
  $$user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)$$);
grant select, insert, update on identity.email_codes to omneuro_app;

create function identity.doubt_email() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if new.email is distinct from old.email and new.email_verified_at is not distinct from old.email_verified_at then new.email_verified_at := null; end if;
  return new;
end $$;
comment on function identity.doubt_email() is 'Trigger: another address is not proven by what proved the one before.';
revoke execute on function identity.doubt_email() from public;
create trigger doubt_email before update of email on shared.users for each row execute function identity.doubt_email();
