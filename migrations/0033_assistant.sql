-- The assistant: what a person on staff has to do, wants and is troubled by, said once and kept to himself within the project.

create schema assistant;
comment on schema assistant is 'A person''s own planner: rows of one person in one project.';
grant usage on schema assistant to omneuro_app;

create table assistant.sessions (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  chat_id text not null check (length(chat_id) between 1 and 100),
  started_at timestamptz not null default shared.clock(),
  last_activity_at timestamptz not null default shared.clock(),
  ended_at timestamptz,
  primary key (project_id, id),
  unique (project_id, user_id, id),
  unique (project_id, user_id, chat_id, started_at)
);
create index sessions_latest on assistant.sessions (project_id, user_id, chat_id, last_activity_at desc);
comment on table assistant.sessions is 'A stretch of talk with the assistant in one chat; it ends when nothing is said for a while.';

create table assistant.inbox_items (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  chat_id text not null check (length(chat_id) between 1 and 100),
  session_id text not null,
  source text not null check (source ~ '^[a-z][a-z0-9_.-]{0,39}$'),
  client_msg_id text check (length(client_msg_id) between 1 and 200),
  message_raw text not null check (length(message_raw) between 1 and 4000),
  message_norm text not null,
  received_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  unique (project_id, user_id, id),
  foreign key (project_id, user_id, session_id) references assistant.sessions (project_id, user_id, id)
);
create unique index inbox_item_once on assistant.inbox_items (project_id, user_id, source, client_msg_id) where client_msg_id is not null;
create index inbox_items_newest on assistant.inbox_items (project_id, user_id, received_at desc, id desc);
comment on table assistant.inbox_items is 'What was said, word for word, whatever was made of it.';
comment on column assistant.inbox_items.source is 'The door it came by: rest, console, telegram.';
comment on column assistant.inbox_items.client_msg_id is 'The sender''s own id of the message: delivered again it is the same item.';

create table assistant.entities (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  entity_type text not null check (entity_type in ('task', 'goal', 'problem')),
  id text not null,
  primary key (project_id, id),
  unique (project_id, user_id, entity_type, id)
);
comment on table assistant.entities is 'Every task, goal and problem by its id, so that a link has a foreign key, and an owner, at both ends.';

create table assistant.goals (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  title text not null check (length(title) between 1 and 300),
  title_norm text not null check (length(title_norm) between 1 and 300),
  description text check (length(description) <= 4000),
  status text not null default 'active' check (status in ('active', 'paused', 'done', 'archived')),
  horizon text check (length(horizon) <= 40),
  target_date date,
  archived_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  unique (project_id, user_id, id)
);
create index goals_status on assistant.goals (project_id, user_id, status);
create index goals_title on assistant.goals (project_id, user_id, title_norm);
comment on table assistant.goals is 'Something a person wants to reach.';

create table assistant.problems (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  title text not null check (length(title) between 1 and 300),
  title_norm text not null check (length(title_norm) between 1 and 300),
  description text check (length(description) <= 4000),
  status text not null default 'active' check (status in ('active', 'monitoring', 'resolved', 'archived')),
  severity smallint check (severity between 1 and 5),
  horizon text check (length(horizon) <= 40),
  archived_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  unique (project_id, user_id, id)
);
create index problems_status on assistant.problems (project_id, user_id, status);
create index problems_title on assistant.problems (project_id, user_id, title_norm);
comment on table assistant.problems is 'Something that stands in the way.';

create table assistant.tasks (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  title text not null check (length(title) between 1 and 300),
  title_norm text not null check (length(title_norm) between 1 and 300),
  notes text check (length(notes) <= 4000),
  status text not null default 'open' check (status in ('open', 'blocked', 'done', 'archived')),
  priority smallint check (priority between 1 and 4),
  impact_score smallint check (impact_score between 1 and 5),
  due_date date,
  repeats text check (repeats ~ '^FREQ=[A-Z0-9=;,-]{3,80}$'),
  source_inbox_item_id text,
  completed_at timestamptz,
  archived_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  unique (project_id, user_id, id),
  foreign key (project_id, user_id, source_inbox_item_id) references assistant.inbox_items (project_id, user_id, id)
);
create index tasks_status on assistant.tasks (project_id, user_id, status, due_date);
create index tasks_title on assistant.tasks (project_id, user_id, title_norm);
create index tasks_newest on assistant.tasks (project_id, user_id, updated_at desc, id desc);
comment on table assistant.tasks is 'Something to do.';
comment on column assistant.tasks.title_norm is 'The title without case, surplus spaces and a last full stop: two titles are the same when these are.';
comment on column assistant.tasks.priority is '1 is the most urgent.';
comment on column assistant.tasks.repeats is 'A rule of RFC 5545, as it was said.';

create table assistant.entity_links (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  from_entity_type text not null,
  from_entity_id text not null,
  to_entity_type text not null,
  to_entity_id text not null,
  link_type text not null check (link_type in ('depends_on', 'blocks', 'supports_goal', 'related', 'addresses_problem')),
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  constraint link_once unique (project_id, user_id, from_entity_type, from_entity_id, to_entity_type, to_entity_id, link_type),
  constraint link_from foreign key (project_id, user_id, from_entity_type, from_entity_id)
    references assistant.entities (project_id, user_id, entity_type, id),
  constraint link_to foreign key (project_id, user_id, to_entity_type, to_entity_id)
    references assistant.entities (project_id, user_id, entity_type, id),
  check (link_type <> 'supports_goal' or to_entity_type = 'goal'),
  check (link_type <> 'addresses_problem' or to_entity_type = 'problem')
);
create index entity_links_from on assistant.entity_links (project_id, user_id, from_entity_id);
create index entity_links_to_id on assistant.entity_links (project_id, user_id, to_entity_id);
create index entity_links_to on assistant.entity_links (project_id, user_id, to_entity_type, to_entity_id);
comment on table assistant.entity_links is 'What hangs on what, of one person: the foreign keys carry him.';
comment on column assistant.entity_links.link_type is 'A depends_on B, and B blocks A, say the same: A waits for B.';

create table assistant.memory_summaries (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  chat_id text not null check (length(chat_id) between 1 and 100),
  session_id text,
  summary_type text not null check (summary_type in ('session', 'daily', 'weekly')),
  summary_text text not null,
  facts_json jsonb not null default '{}',
  source_event_ids jsonb not null default '[]',
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, user_id, session_id) references assistant.sessions (project_id, user_id, id)
);
create index memory_summaries_newest on assistant.memory_summaries (project_id, user_id, chat_id, created_at desc);
comment on table assistant.memory_summaries is 'What a session, day or week came to.';
comment on column assistant.memory_summaries.source_event_ids is 'Events of the ledger it rests on.';

create table assistant.recent_context_items (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  chat_id text not null check (length(chat_id) between 1 and 100),
  entity_type text not null,
  entity_id text not null,
  reason text check (length(reason) <= 40),
  position int not null default 1,
  surfaced_at timestamptz not null default shared.clock(),
  expires_at timestamptz not null,
  primary key (project_id, id),
  foreign key (project_id, user_id, entity_type, entity_id) references assistant.entities (project_id, user_id, entity_type, id)
);
create index recent_context_newest on assistant.recent_context_items (project_id, user_id, chat_id, surfaced_at desc, position);
create index recent_context_expiry on assistant.recent_context_items (project_id, expires_at);
comment on table assistant.recent_context_items is 'What a chat was shown, in that order: "the first one" and "that" mean these until they expire.';

create table assistant.captures (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  inbox_item_id text not null,
  extractor text not null check (extractor in ('rules', 'model')),
  outcome text not null check (outcome in ('changed', 'nothing', 'failed')),
  result jsonb not null default '{}',
  undone_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  unique (project_id, user_id, id),
  foreign key (project_id, user_id, inbox_item_id) references assistant.inbox_items (project_id, user_id, id)
);
create index captures_item on assistant.captures (project_id, user_id, inbox_item_id);
create index captures_newest on assistant.captures (project_id, user_id, created_at desc, id desc);
comment on table assistant.captures is 'What one message changed: a batch that can be taken back.';
comment on column assistant.captures.result is 'The answer that was given, and is given again to the same message.';

create table assistant.capture_changes (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  capture_id text not null,
  position int not null,
  op text not null check (op in ('created', 'updated', 'linked')),
  ref_type text not null check (ref_type in ('task', 'goal', 'problem', 'link')),
  ref_id text not null,
  before jsonb not null default '{}',
  version int not null default 1,
  primary key (project_id, capture_id, position),
  foreign key (project_id, user_id, capture_id) references assistant.captures (project_id, user_id, id)
);
create index capture_changes_ref on assistant.capture_changes (project_id, user_id, ref_type, ref_id);
comment on table assistant.capture_changes is 'One row that a capture made or changed, with what it was before.';
comment on column assistant.capture_changes.version is 'Of the row once it was changed: another one there means that it has moved on.';

create table assistant.questions (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  capture_id text not null,
  chat_id text not null check (length(chat_id) between 1 and 100),
  kind text not null check (kind in ('unreadable', 'unclear', 'unknown', 'ambiguous', 'cycle')),
  about text not null check (length(about) between 1 and 500),
  choices jsonb not null default '[]',
  wanted jsonb not null default '{}',
  answered_at timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, user_id, capture_id) references assistant.captures (project_id, user_id, id)
);
create index questions_open on assistant.questions (project_id, user_id, chat_id, created_at desc) where answered_at is null;
comment on table assistant.questions is 'What could not be read or has several meanings, with numbered choices where there are some.';
comment on column assistant.questions.wanted is 'What becomes of the choice: {status, due_date, priority}.';

-- Personal rows: the template personal, and the project's scope as in every table of a project.
do $$
declare t regclass;
begin
  foreach t in array array['assistant.sessions', 'assistant.inbox_items', 'assistant.entities', 'assistant.goals', 'assistant.problems',
    'assistant.tasks', 'assistant.entity_links', 'assistant.memory_summaries', 'assistant.recent_context_items', 'assistant.captures',
    'assistant.capture_changes', 'assistant.questions']::regclass[]
  loop
    perform shared.protect_personal(t);
    execute format('create trigger scope before insert or update of project_id, account_scope_id on %s
      for each row execute function shared.enforce_project_scope_match()', t);
    execute format('alter table %s add foreign key (project_id, account_scope_id) references identity.projects (id, account_scope_id)', t);
    execute format('grant select, insert, update on %s to omneuro_app', t);
  end loop;
end $$;
grant delete on assistant.entity_links, assistant.recent_context_items to omneuro_app;

create function assistant.keep_status() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  new.archived_at := case when new.status = 'archived' then coalesce(new.archived_at, shared.clock()) end;
  return new;
end $$;
comment on function assistant.keep_status() is 'Trigger: archived has its time, anything else has none.';

create function assistant.keep_completion() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  new.completed_at := case when new.status = 'done' then coalesce(new.completed_at, shared.clock()) end;
  return new;
end $$;
comment on function assistant.keep_completion() is 'Trigger: done has its time, leaving it clears it.';

create function assistant.note_entity() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  insert into assistant.entities (project_id, account_scope_id, user_id, entity_type, id)
    values (new.project_id, new.account_scope_id, new.user_id, tg_argv[0], new.id);
  return new;
end $$;
comment on function assistant.note_entity() is 'Trigger: what is made can be linked to.';

create trigger keep_status before insert or update on assistant.tasks for each row execute function assistant.keep_status();
create trigger keep_status before insert or update on assistant.goals for each row execute function assistant.keep_status();
create trigger keep_status before insert or update on assistant.problems for each row execute function assistant.keep_status();
create trigger keep_completion before insert or update on assistant.tasks for each row execute function assistant.keep_completion();
-- After `scope`, by name: the account is filled in by then.
create trigger to_entities before insert on assistant.tasks for each row execute function assistant.note_entity('task');
create trigger to_entities before insert on assistant.goals for each row execute function assistant.note_entity('goal');
create trigger to_entities before insert on assistant.problems for each row execute function assistant.note_entity('problem');

create function assistant.lock_person(project uuid, person uuid) returns void
  language sql volatile set search_path = pg_catalog, pg_temp
  as $$ select pg_advisory_xact_lock(hashtextextended('assistant ' || project || person, 0)) $$;
comment on function assistant.lock_person(uuid, uuid) is 'One writer of a person''s planner after the other: titles are compared, and cycles looked for, on settled ground.';

-- What the trigger below needs to be made; its body is functions/assistant/refuse_cycle.sql, applied right after the tables.
create function assistant.refuse_cycle() returns trigger
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$ begin raise exception 'functions/assistant/refuse_cycle.sql was not applied'; end $$;
comment on function assistant.refuse_cycle() is 'Trigger: nothing waits, in the end, for itself.';
create trigger z_refuse_cycle before insert or update on assistant.entity_links for each row execute function assistant.refuse_cycle();

create view assistant.things with (security_invoker = true) as
  select t.project_id, t.user_id, 'task'::text as entity_type, t.id, t.title, t.title_norm, t.status, t.version,
    t.status in ('open', 'blocked') as is_open, t.updated_at from assistant.tasks t
  union all
  select g.project_id, g.user_id, 'goal', g.id, g.title, g.title_norm, g.status, g.version, g.status in ('active', 'paused'), g.updated_at from assistant.goals g
  union all
  select b.project_id, b.user_id, 'problem', b.id, b.title, b.title_norm, b.status, b.version, b.status in ('active', 'monitoring'), b.updated_at from assistant.problems b;
comment on view assistant.things is 'Tasks, goals and problems by what they have in common; is_open: neither done nor put away.';
grant select on assistant.things to omneuro_app;

create view assistant.event_log with (security_invoker = true) as
  select e.project_id, e.id, e.request_id, e.user_id, upper(translate(e.kind, '.', '_')) as event_type,
    e.ref_type as entity_type, e.ref_id as entity_id, e.payload as payload_json, e.created_at
  from shared.events e
  where e.kind like 'assistant.%' and e.user_id = nullif(current_setting('app.user_id', true), '')::uuid;
comment on view assistant.event_log is 'The ledger''s rows of one''s own planner.';
grant select on assistant.event_log to omneuro_app;

insert into identity.role_permissions (role, permission) values
  ('owner', 'assistant:use'), ('lead_technician', 'assistant:use'), ('office', 'assistant:use'), ('technician', 'assistant:use');
