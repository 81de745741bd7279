-- Who may come in, and to which project.

create table identity.account_scopes (
  id uuid primary key,
  scope_key text not null unique check (scope_key ~ '^[a-z0-9][a-z0-9._-]{1,62}$'),
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1
);
comment on table identity.account_scopes is 'An isolation boundary: one customer of ours, with one or more projects.';

create table identity.projects (
  id uuid primary key,
  account_scope_id uuid not null references identity.account_scopes (id),
  name text not null check (length(name) between 1 and 200),
  region text not null default 'DK' check (region ~ '^[A-Z]{2}$'),
  timezone text not null default 'Europe/Copenhagen',
  hmac_key bytea not null default ext.gen_random_bytes(32),
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  unique (id, account_scope_id)
);
comment on table identity.projects is 'A service business (or one part of it): every domain row belongs to exactly one.';
comment on column identity.projects.region is 'ISO 3166 country whose phone numbers need no prefix.';
comment on column identity.projects.hmac_key is 'Key of the keyed hashes that stand for personal values in ledger and audit.';

-- Fills a missing account scope from the project and refuses a foreign one. Definer: the writer may not see the project's row.
create function shared.enforce_project_scope_match() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare expected uuid;
begin
  if new.project_id is null then return new; end if;
  if new.project_id::text = current_setting('app.project_id', true) then
    expected := nullif(current_setting('app.account_scope_id', true), '')::uuid;
  end if;
  if expected is null then
    select p.account_scope_id into expected from identity.projects p where p.id = new.project_id;
  end if;
  if new.account_scope_id is null then new.account_scope_id := expected; end if;
  if new.account_scope_id is distinct from expected then
    raise exception 'cross-scope write rejected' using errcode = '42501',
      detail = format('%s.%s', tg_table_schema, tg_table_name);
  end if;
  return new;
end $$;
comment on function shared.enforce_project_scope_match() is 'Second line behind the composite foreign keys: project and account scope must belong together.';

-- Three row-security templates. Policies read the setting in a sub-select so that it is evaluated once and indexes stay usable.
create function shared.protect_tenant(t regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format($q$create policy tenant on %s to omneuro_app
    using (project_id = (select nullif(current_setting('app.project_id', true), '')::uuid))
    with check (project_id = (select nullif(current_setting('app.project_id', true), '')::uuid))$q$, t);
  execute format('create trigger scope before insert or update of project_id, account_scope_id on %s
    for each row execute function shared.enforce_project_scope_match()', t);
  execute format('alter table %s add foreign key (project_id, account_scope_id) references identity.projects (id, account_scope_id)', t);
end $$;
comment on function shared.protect_tenant(regclass) is 'Template tenant: rows of the entered project only, scope trigger, composite foreign key.';

create function shared.protect_personal(t regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format($q$create policy personal on %s to omneuro_app
    using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
      and project_id is not distinct from (select nullif(current_setting('app.project_id', true), '')::uuid))
    with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
      and project_id is not distinct from (select nullif(current_setting('app.project_id', true), '')::uuid))$q$, t);
end $$;
comment on function shared.protect_personal(regclass) is 'Template personal: rows of the entered person in the entered project only.';

create function shared.protect_global(t regclass, readable text, writable text default 'false') returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('create policy global_read on %s for select to omneuro_app using (%s)', t, readable);
  execute format('create policy global_write on %s for all to omneuro_app using (%s) with check (%s)', t, writable, writable);
end $$;
comment on function shared.protect_global(regclass, text, text) is 'Template global: no project; who may read and write is an explicit predicate.';

create function shared.append_only(t regclass) returns void language plpgsql as $$
begin
  execute format('create trigger no_change before update or delete on %s for each row execute function shared.refuse_change()', t);
  execute format('create trigger no_truncate before truncate on %s for each statement execute function shared.refuse_change()', t);
  execute format('grant select, insert on %s to omneuro_app', t);
end $$;
comment on function shared.append_only(regclass) is 'Template append-only: insert and select are granted, every change raises.';
revoke execute on function shared.protect_tenant(regclass), shared.protect_personal(regclass),
  shared.protect_global(regclass, text, text), shared.append_only(regclass) from public;

create table shared.users (
  id uuid primary key,
  email text unique check (email = lower(email)),
  name text,
  role text not null default 'user' check (role in ('user', 'owner', 'system')),
  metadata jsonb not null default '{}',
  disabled_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1
);
comment on table shared.users is 'A person on staff, the same in every project he works in.';
comment on column shared.users.role is 'owner: the one who installed the system; a role in a project is a membership.';

create table identity.app_users (
  id uuid primary key references shared.users (id),
  username text not null unique check (username ~ '^[a-z0-9._-]{3,32}$'),
  password_hash text not null,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1
);
comment on table identity.app_users is 'The login of a person on staff.';
comment on column identity.app_users.password_hash is 'scrypt$v=1$N,r,p$salt$hash; never leaves the login verb.';

create table identity.sessions (
  id text primary key,
  user_id uuid not null references shared.users (id),
  username text not null,
  active_project_id uuid references identity.projects (id) on delete set null,
  csrf_token text not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  last_seen_at timestamptz not null default shared.clock()
);
create index sessions_user on identity.sessions (user_id) where ended_at is null;
comment on table identity.sessions is 'A signed-in browser.';
comment on column identity.sessions.id is 'SHA-256 (hex) of the cookie value; the value itself is never stored.';
comment on column identity.sessions.expires_at is 'Absolute end, 14 days after login.';

create table identity.signup_requests (
  id uuid primary key,
  username text not null,
  password_hash text not null,
  pin_hash text not null,
  pin_salt text not null,
  attempt_count int not null default 0,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default shared.clock()
);
create index signup_requests_username on identity.signup_requests (username, created_at desc);
create index signup_requests_expiry on identity.signup_requests (expires_at);
comment on table identity.signup_requests is 'Someone who asked to join and must still prove it with the PIN the owner received.';

create table identity.app_settings (
  key text primary key,
  value text not null,
  updated_at timestamptz not null default shared.clock()
);
comment on table identity.app_settings is 'One setting of the whole installation.';
comment on column identity.app_settings.value is 'Text; of the key telegram a JSON document {owner: {user, chat}, code: {hash, until}, seen: [update ids]}.';

create table identity.attempts (
  key text not null,
  window_start timestamptz not null,
  count int not null default 0,
  primary key (key, window_start)
);
comment on table identity.attempts is 'How often something guessable was tried in one window: logins, PINs. Fails closed.';
comment on column identity.attempts.key is 'purpose:sha256 of the subject, never the name typed.';

create table identity.role_permissions (
  role text not null check (role in ('owner', 'lead_technician', 'technician', 'office', 'client_bot')),
  permission text not null check (permission ~ '^[a-z_]+:[a-z_]+$'),
  primary key (role, permission)
);
comment on table identity.role_permissions is 'What a role may do; enter() reads it.';

create table identity.memberships (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  user_id uuid not null references shared.users (id),
  role text not null check (role in ('owner', 'lead_technician', 'technician', 'office', 'client_bot')),
  ended_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  unique (project_id, user_id)
);
create index memberships_user on identity.memberships (user_id) where ended_at is null;
comment on table identity.memberships is 'A person''s role in a project.';
select shared.protect_tenant('identity.memberships');

create table identity.invitations (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  role text not null check (role in ('owner', 'lead_technician', 'technician', 'office', 'client_bot')),
  email text,
  token_hash text not null,
  invited_by uuid references shared.users (id),
  expires_at timestamptz not null,
  accepted_by uuid references shared.users (id),
  accepted_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  unique (token_hash)
);
comment on table identity.invitations is 'An offer to join a project with a role, open until it is accepted, revoked or expired.';
comment on column identity.invitations.invited_by is 'Null when a machine''s key made it.';
select shared.protect_tenant('identity.invitations');

create table identity.project_sources (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null unique,
  source_kind text not null check (source_kind in ('chatwoot_account', 'twilio_number', 'telegram_bot', 'telnyx_number', 'email_domain')),
  external_id text not null check (length(external_id) between 1 and 200),
  name text not null default '',
  signed boolean not null default true,
  secret_sealed text,
  secret_version int not null default 1,
  api_url text,
  api_token_sealed text,
  disabled_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  unique (source_kind, external_id),
  unique (project_id, source_kind),
  check (not signed or secret_sealed is not null)
);
comment on table identity.project_sources is 'An outside account that feeds one project: the place its webhooks arrive.';
comment on column identity.project_sources.id is 'Named in the webhook URL; unguessable, and unique over all projects because a webhook knows nothing else.';
comment on column identity.project_sources.signed is 'False only for senders too old to sign: then the unguessable URL is the only proof.';
comment on column identity.project_sources.secret_sealed is 'AES-256-GCM, bound to table, column, row and project.';
comment on column identity.project_sources.secret_version is 'Rises with every change of secret or binding; isolates that remember an older one are told to reread.';
select shared.protect_tenant('identity.project_sources');

create table identity.api_keys (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null unique,
  name text not null check (length(name) between 1 and 100),
  secret_hash text not null,
  permissions text[] not null check (cardinality(permissions) between 1 and 64),
  user_id uuid references shared.users (id),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  rate_limit int check (rate_limit between 1 and 600),
  replaced_by text,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  foreign key (project_id, replaced_by) references identity.api_keys (project_id, id)
);
create index api_keys_replaced_by on identity.api_keys (project_id, replaced_by) where replaced_by is not null;
comment on table identity.api_keys is 'A key of a mobile client or a machine, bound to one project.';
comment on column identity.api_keys.secret_hash is 'SHA-256 (hex) of the whole key, which is shown once.';
comment on column identity.api_keys.rate_limit is 'Requests a minute, where fewer than every caller has.';
comment on column identity.api_keys.replaced_by is 'The key a rotation made in its place; this one then expires.';
select shared.protect_tenant('identity.api_keys');

-- The entered project and the person's own projects are visible; nothing else is.
select shared.protect_global('identity.projects',
  $$id = (select nullif(current_setting('app.project_id', true), '')::uuid)$$,
  $$id = (select nullif(current_setting('app.project_id', true), '')::uuid)$$);
select shared.protect_global('identity.account_scopes',
  $$id = (select nullif(current_setting('app.account_scope_id', true), '')::uuid)$$);
select shared.protect_global('shared.users',
  $$id = (select nullif(current_setting('app.user_id', true), '')::uuid)
    or exists (select from identity.memberships m where m.user_id = users.id)
    or id = (select a.id from identity.app_users a where a.username = nullif(current_setting('app.login_name', true), ''))$$,
  $$id = (select nullif(current_setting('app.user_id', true), '')::uuid)$$);
select shared.protect_global('identity.app_users',
  $$username = (select nullif(current_setting('app.login_name', true), '')) or id = (select nullif(current_setting('app.user_id', true), '')::uuid)$$,
  $$id = (select nullif(current_setting('app.user_id', true), '')::uuid)$$);
select shared.protect_global('identity.sessions',
  $$user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)$$,
  $$user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
    or username = (select nullif(current_setting('app.login_name', true), ''))$$);
select shared.protect_global('identity.signup_requests',
  $$username = (select nullif(current_setting('app.login_name', true), ''))$$,
  $$username = (select nullif(current_setting('app.login_name', true), ''))$$);
select shared.protect_global('identity.app_settings', 'true');
select shared.protect_global('identity.attempts', 'true', 'true');
select shared.protect_global('identity.role_permissions', 'true');

grant select, update on identity.projects to omneuro_app;
grant select on identity.account_scopes, identity.role_permissions, identity.app_settings to omneuro_app;
grant select, update on shared.users, identity.app_users to omneuro_app;
grant select, insert, update on identity.sessions to omneuro_app;
grant select, insert, update, delete on identity.signup_requests to omneuro_app;
grant select, insert, update, delete on identity.attempts to omneuro_app;
grant select, insert, update on identity.memberships, identity.invitations, identity.project_sources, identity.api_keys to omneuro_app;

insert into identity.role_permissions (role, permission)
select r.role, p.permission from (values
  ('owner', '{identity:read,identity:write,inbox:read,inbox:write,people:read,people:write,memory:read,memory:write,memory:ask,memory:ask_as,shared:read,shared:operate}'::text[]),
  ('lead_technician', '{identity:read,inbox:read,inbox:write,people:read,people:write,memory:read,memory:write,memory:ask,memory:ask_as,shared:read}'),
  ('office', '{identity:read,inbox:read,inbox:write,people:read,people:write,memory:read,memory:write,memory:ask,memory:ask_as,shared:read,shared:operate}'),
  ('technician', '{inbox:read,people:read,memory:read,memory:ask}'),
  ('client_bot', '{memory:ask}')) r (role, permissions), unnest(r.permissions) p (permission);
