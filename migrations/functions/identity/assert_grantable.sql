-- Nobody hands out a permission that he does not hold himself.
create or replace function identity.assert_grantable(asked jsonb) returns void
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare held jsonb := coalesce(nullif(current_setting('app.permissions', true), ''), '[]')::jsonb;
begin
  if not held @> asked then
    perform shared.fail('forbidden', 'permission_missing', jsonb_build_object(
      'detail', 'A key can carry only permissions that you hold yourself.',
      'permission', (select p from jsonb_array_elements_text(asked) p where not held ? p limit 1)));
  end if;
end $$;
comment on function identity.assert_grantable(jsonb) is 'Raises forbidden/permission_missing unless the entered caller holds every permission asked for.';
revoke execute on function identity.assert_grantable(jsonb) from public;
grant execute on function identity.assert_grantable(jsonb) to omneuro_app;
