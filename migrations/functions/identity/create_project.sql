-- A new project in an account scope of its own, with its maker as owner; the rest of the batch works inside it. Security
-- definer: a project that does not exist yet belongs to nobody who could be asked.
create or replace function identity.create_project(project uuid, account uuid, membership text, wanted jsonb) returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare person uuid := nullif(current_setting('app.user_id', true), '')::uuid;
begin
  if person is null or nullif(current_setting('app.session_id', true), '') is null then
    perform shared.fail('forbidden', 'session_required');
  end if;
  perform identity.count_attempt('projects:' || person, 10, 86400);
  insert into identity.account_scopes (id, scope_key, name) values (account, 'scope-' || replace(account::text, '-', ''), wanted->>'name');
  insert into identity.projects (id, account_scope_id, name, region, timezone)
    values (project, account, wanted->>'name', wanted->>'region', wanted->>'timezone');
  insert into identity.memberships (project_id, account_scope_id, id, user_id, role)
    values (project, account, membership, person, 'owner');
  update identity.sessions s set active_project_id = project where s.id = current_setting('app.session_id', true);
  perform set_config('app.project_id', project::text, true), set_config('app.account_scope_id', account::text, true);
end $$;
comment on function identity.create_project(uuid, uuid, text, jsonb) is 'Makes a project ({name, region, timezone}), its owner, and enters it.';
revoke execute on function identity.create_project(uuid, uuid, text, jsonb) from public;
grant execute on function identity.create_project(uuid, uuid, text, jsonb) to omneuro_app;
