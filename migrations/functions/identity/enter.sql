-- Authentication rides in every batch: this is its first statement. It finds the credential, checks the permission, and
-- leaves the scope in transaction-local settings for row security. Security definer: nobody is anybody yet.
-- credential: key:<id>:<sha256> | session:<sha256> | source:<id>:<version, 0 before its signature could be checked> | system:<project>:<job> | login:<username> | none
--   member:<project>:<person>: proven by another domain's own door, a function that ends in this one
-- context: { project?, projects?, invitation?, proven_within?, csrf?, now?, request, trace?, scope: none|user|project }
--   project: the one wanted, instead of the session's; projects: tell which ones this person may choose
--   proven_within: a session must have begun, with a password, at most so many seconds ago
--   invitation: hash of a token, which opens its project to this person for the one permission asked
create or replace function identity.enter(credential text, permission text, context jsonb) returns jsonb
  language plpgsql volatile security definer
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  door text := split_part(credential, ':', 1);
  a text := split_part(credential, ':', 2);
  b text := split_part(credential, ':', 3);
  at timestamptz;
  project uuid; account uuid; person uuid; who text; session text; granted text[] := '{}';
  key identity.api_keys; seat identity.sessions; src identity.project_sources; seated text; wanted uuid; choices jsonb;
begin
  perform set_config('TimeZone', 'UTC', true), set_config('app.now', coalesce(context->>'now', ''), true),
    set_config('app.request_id', coalesce(context->>'request', ''), true), set_config('app.trace', coalesce(context->>'trace', ''), true),
    set_config('app.project_id', '', true), set_config('app.account_scope_id', '', true),
    set_config('app.user_id', '', true), set_config('app.session_id', '', true), set_config('app.login_name', '', true);
  at := shared.clock();

  if door = 'key' then
    select k.* into key from identity.api_keys k where k.id = a;
    if key.id is null or key.secret_hash <> b or key.revoked_at <= at or key.expires_at <= at then
      perform shared.fail('unauthenticated', 'invalid_credentials');
    end if;
    project := key.project_id; person := key.user_id; who := 'key:' || key.id; granted := key.permissions;
    if key.last_used_at is null or key.last_used_at < at - interval '1 minute' then
      update identity.api_keys k set last_used_at = at
        where (k.project_id, k.id) = (select z.project_id, z.id from identity.api_keys z where z.id = a for update skip locked);
    end if;

  elsif door = 'session' then
    select s.* into seat from identity.sessions s join shared.users u on u.id = s.user_id
      where s.id = a and s.ended_at is null and s.expires_at > at and s.last_seen_at > at - interval '3 days' and u.disabled_at is null;
    if seat.id is null then perform shared.fail('unauthenticated', 'invalid_credentials'); end if;
    if context ? 'csrf' and sha256(convert_to(coalesce(context->>'csrf', ''), 'UTF8')) <> sha256(convert_to(seat.csrf_token, 'UTF8')) then
      perform shared.fail('forbidden', 'csrf_mismatch');
    end if;
    person := seat.user_id; session := seat.id; who := 'user:' || person;
    if context ? 'invitation' then
      select i.project_id, array[permission] into project, granted from identity.invitations i
        where i.token_hash = context->>'invitation' and i.accepted_at is null and i.revoked_at is null and i.expires_at > at;
      if project is null then perform shared.fail('not_found', 'invitation_unknown'); end if;
    else
      wanted := coalesce((context->>'project')::uuid, seat.active_project_id);
      select m.project_id, m.role into project, seated from identity.memberships m
        where m.user_id = person and m.ended_at is null and (wanted is null or m.project_id = wanted)
        order by m.created_at, m.project_id limit 1;
      if project is null and context ? 'project' then perform shared.fail('not_found', 'project_unknown'); end if;
      select array_agg(r.permission order by r.permission) into granted from identity.role_permissions r where r.role = seated;
    end if;
    if context ? 'projects' then
      select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'timezone', p.timezone, 'role', m.role) order by p.name, p.id) into choices
        from identity.memberships m join identity.projects p on p.id = m.project_id where m.user_id = person and m.ended_at is null;
    end if;
    if seat.last_seen_at < at - interval '1 minute' then
      update identity.sessions s set last_seen_at = at where s.id = (select z.id from identity.sessions z where z.id = a for update skip locked);
    end if;

  elsif door = 'source' then
    select s.* into src from identity.project_sources s where s.id = a and s.disabled_at is null;
    if src.id is null then perform shared.fail('not_found', 'source_unknown'); end if;
    -- Version 0 may look up how the source signs, and nothing else.
    if b <> '0' and src.secret_version::text <> b then perform shared.fail('conflict', 'source_stale'); end if;
    project := src.project_id; who := 'source:' || src.id;
    granted := array[case when b = '0' then 'identity:source' else permission end];

  elsif door = 'system' then
    project := nullif(a, '')::uuid; who := 'system:' || b; granted := array[permission];

  elsif door = 'member' then
    select m.project_id, m.user_id, m.role into project, person, seated from identity.memberships m join shared.users u on u.id = m.user_id
      where m.project_id = a::uuid and m.user_id = b::uuid and m.ended_at is null and u.disabled_at is null;
    if project is null then perform shared.fail('unauthenticated', 'invalid_credentials'); end if;
    who := 'user:' || person;
    select array_agg(r.permission order by r.permission) into granted from identity.role_permissions r where r.role = seated;

  elsif door = 'login' then
    who := 'anonymous'; granted := array[permission];
    perform set_config('app.login_name', a, true);

  elsif door = 'none' then
    who := 'anonymous';
    if context->>'scope' <> 'none' then perform shared.fail('unauthenticated', 'credentials_required'); end if;
    granted := array[permission];
  else
    perform shared.fail('unauthenticated', 'credentials_required');
  end if;

  if project is not null then
    select p.account_scope_id into account from identity.projects p where p.id = project;
    if account is null then perform shared.fail('not_found', 'project_unknown'); end if;
  elsif context->>'scope' = 'project' then
    perform shared.fail('conflict', 'project_required');
  end if;
  if key.id is not null and context ? 'projects' then
    select jsonb_build_array(jsonb_build_object('id', p.id, 'name', p.name, 'timezone', p.timezone, 'role', null)) into choices from identity.projects p where p.id = project;
  end if;
  if context->>'scope' = 'project' and not permission = any(coalesce(granted, '{}')) then
    perform shared.fail('forbidden', 'permission_missing', jsonb_build_object('permission', permission));
  end if;
  if session is not null and seat.created_at < at - make_interval(secs => (context->>'proven_within')::int) then
    perform shared.fail('forbidden', 'reauthentication_required', jsonb_build_object(
      'detail', 'Give your password again first: POST /v1/identity/password/confirm.'));
  end if;

  perform set_config('app.project_id', coalesce(project::text, ''), true),
    set_config('app.account_scope_id', coalesce(account::text, ''), true),
    set_config('app.user_id', coalesce(person::text, ''), true),
    set_config('app.session_id', coalesce(session, ''), true),
    set_config('app.permissions', to_jsonb(coalesce(granted, '{}'))::text, true),
    set_config('app.actor', who, true);
  return jsonb_build_object('project', project, 'account_scope', account, 'user', person, 'actor', who,
    'username', seat.username, 'rate_limit', key.rate_limit, 'proven_at', seat.created_at, 'csrf', seat.csrf_token, 'permissions', to_jsonb(coalesce(granted, '{}')), 'projects', coalesce(choices, '[]'), 'now', at);
end $$;
comment on function identity.enter(text, text, jsonb) is 'First statement of every batch: who is this, may he, and in which project.';
revoke execute on function identity.enter(text, text, jsonb) from public;
grant execute on function identity.enter(text, text, jsonb) to omneuro_app;
