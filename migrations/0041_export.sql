-- What people say about the use of what is known of them, and exports and imports of it.

-- The three opt-ins are about a person and no channel.
alter table people.consents alter column channel drop not null;
alter table people.consents add constraint consents_channel_said check (channel is not null or scope in ('memory', 'telemetry', 'raw_text'));
comment on column people.consents.channel is 'Null for what is about the person: memory, telemetry, raw_text.';
create index consents_uses on people.consents (project_id, contact_id, scope, occurred_at desc) where channel is null;

create table shared.exports (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  kind text not null check (kind in ('project', 'mine', 'subject', 'dataset')),
  user_id uuid,
  contact_id text,
  plan jsonb not null default '[]',
  expires_at timestamptz not null,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  check ((kind = 'subject') = (contact_id is not null)),
  check (kind <> 'mine' or user_id is not null)
);
create index exports_newest on shared.exports (project_id, created_at desc, id desc);
comment on table shared.exports is 'An export that was begun: which rows are in which part. The rows themselves are read when a part is fetched; no copy is kept.';
comment on column shared.exports.user_id is 'Who asked; what is his own is shown to nobody else.';
comment on column shared.exports.contact_id is 'The person whose data these are.';
comment on column shared.exports.plan is 'A part each, a list of ranges: [table, key after which it begins or null, key that it ends with, rows].';
select shared.protect_tenant('shared.exports');
-- The update: rows that leave are locked first.
grant select, insert, update, delete on shared.exports to omneuro_app;

create table shared.imports (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  state text not null default 'open' check (state in ('open', 'done')),
  from_project uuid not null,
  lines int not null default 0,
  parts int not null check (parts > 0),
  part int not null default 1,
  part_lines int not null default 0,
  taken jsonb not null default '{}' check (shared.is_wordless(taken)),
  finished_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id)
);
create unique index imports_once on shared.imports (project_id);
comment on table shared.imports is 'A project that is brought here from an export, line by line; once, into an empty project.';
comment on column shared.imports.from_project is 'Its id where it comes from; texts that name it name this one instead.';
comment on column shared.imports.lines is 'Lines of the export taken so far, the manifest not counted.';
comment on column shared.imports.parts is 'Parts of the export, as the manifest says.';
comment on column shared.imports.part is 'Parts that are here whole.';
comment on column shared.imports.part_lines is 'Rows taken of the part after those.';
comment on column shared.imports.taken is 'Rows by table, as they were taken.';
select shared.protect_tenant('shared.imports');
grant select, insert, update on shared.imports to omneuro_app;

create table shared.import_links (
  project_id uuid not null,
  account_scope_id uuid not null,
  import_id text not null,
  line int not null,
  table_name text not null,
  key jsonb not null,
  links jsonb not null,
  primary key (project_id, import_id, line),
  foreign key (project_id, import_id) references shared.imports (project_id, id)
);
comment on table shared.import_links is 'Columns of an imported row that name a row further on; filled in when all rows are there.';
select shared.protect_tenant('shared.import_links');
grant select, insert, delete on shared.import_links to omneuro_app;

-- Secrets stay behind, so what needs one comes switched off.
alter table identity.project_sources drop constraint project_sources_check;
alter table identity.project_sources add constraint source_secret_missing
  check (not signed or secret_sealed is not null or disabled_at is not null);
alter table outbound.senders alter column credentials_sealed drop not null;
alter table outbound.senders add constraint sender_credentials_missing check (credentials_sealed is not null or disabled_at is not null);

insert into identity.role_permissions (role, permission) values ('owner', 'privacy:export');
