-- Shuts a person of the entered project out of everything, or lets him in again. Security definer: people belong to no
-- project, so only the installation owner, signed in, may do it. His sessions and keys end with it.
create or replace function identity.disable_member(membership text, off boolean) returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  caller uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  person uuid;
begin
  select m.user_id into person from identity.memberships m
    where m.project_id = shared.scope() and m.id = membership and m.ended_at is null;
  if person is null then perform shared.fail('not_found', 'member_unknown'); end if;
  if nullif(current_setting('app.session_id', true), '') is null
    or not exists (select from shared.users u where u.id = caller and u.role = 'owner') then
    perform shared.fail('forbidden', 'installation_owner_only');
  end if;
  if not off then
    update shared.users u set disabled_at = null, updated_at = shared.clock(), version = u.version + 1
      where u.id = person and u.disabled_at is not null;
    return;
  end if;
  if person = caller then perform shared.fail('conflict', 'own_account'); end if;
  perform 1 from identity.memberships m where m.role = 'owner' and m.ended_at is null
    and m.project_id in (select z.project_id from identity.memberships z where z.user_id = person and z.role = 'owner' and z.ended_at is null)
    order by m.project_id, m.id for update;
  if exists (select from identity.memberships m where m.user_id = person and m.role = 'owner' and m.ended_at is null
      and not exists (select from identity.memberships o join shared.users u on u.id = o.user_id
        where o.project_id = m.project_id and o.role = 'owner' and o.ended_at is null and o.user_id <> person and u.disabled_at is null)) then
    perform shared.fail('conflict', 'last_owner');
  end if;
  update shared.users u set disabled_at = coalesce(u.disabled_at, shared.clock()), updated_at = shared.clock(), version = u.version + 1
    where u.id = person;
  update identity.sessions s set ended_at = shared.clock() where s.user_id = person and s.ended_at is null;
  update identity.api_keys k set revoked_at = shared.clock() where k.user_id = person and k.revoked_at is null;
end $$;
comment on function identity.disable_member(text, boolean) is 'Ends a person''s sessions and keys and refuses new ones, or lifts that.';
revoke execute on function identity.disable_member(text, boolean) from public;
grant execute on function identity.disable_member(text, boolean) to omneuro_app;
