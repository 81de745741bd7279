-- Nobody gives a role that may do more than he may.
create or replace function identity.assert_role_grantable(wanted text) returns void
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform identity.assert_grantable((select coalesce(jsonb_agg(r.permission), '[]') from identity.role_permissions r
    where r.role = wanted and wanted <> 'client_bot'));
end $$;
comment on function identity.assert_role_grantable(text) is 'Raises forbidden/permission_missing unless the caller holds what the role holds; asking for the public is less than any of it.';
revoke execute on function identity.assert_role_grantable(text) from public;
grant execute on function identity.assert_role_grantable(text) to omneuro_app;
