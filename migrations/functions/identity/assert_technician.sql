-- Who has left is still asked what he knew then; who asks for himself is somebody.
create or replace function identity.assert_technician(wanted text) returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$ begin
  if wanted is null or wanted = current_setting('app.user_id', true)
    or exists (select from identity.memberships m where m.project_id = shared.scope() and m.user_id::text = wanted) then return; end if;
  perform shared.fail('not_found', 'technician_unknown', jsonb_build_object('detail', 'technician:<id> names a member of this project by his account.'));
end $$;
comment on function identity.assert_technician(text) is 'Refuses a reader who was never a member of the project; null is nobody in particular.';
revoke execute on function identity.assert_technician(text) from public;
grant execute on function identity.assert_technician(text) to omneuro_app;
