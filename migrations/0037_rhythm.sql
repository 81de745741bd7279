-- A member's rhythm: his plan in the morning, his week looked back on, what falls due. Messages that only he may read. Tasks that follow
-- one another, and tasks that came from something and end with it.

alter table shared.users add column email_verified_at timestamptz;
comment on column shared.users.email_verified_at is 'The address was proven to be his: only then is he written to there.';

-- Null until he says where he wants to be written to: nobody is written to by default.
create table assistant.rhythms (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  channel text check (channel in ('telegram', 'email')),
  language text not null default 'en' check (language in ('en', 'da')),
  timezone text check (length(timezone) between 1 and 64),
  quiet_from time not null default '21:00',
  quiet_until time not null default '07:00',
  plan_on boolean not null default false,
  plan_at time not null default '07:30',
  plan_days smallint[] not null default '{1,2,3,4,5}' check (cardinality(plan_days) between 1 and 7 and plan_days <@ '{1,2,3,4,5,6,7}'),
  review_on boolean not null default true,
  review_at time not null default '15:00',
  review_day smallint not null default 5 check (review_day between 1 and 7),
  reminders_on boolean not null default true,
  reminders_at time not null default '16:00',
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, user_id)
);
comment on table assistant.rhythms is 'When and where a member wants to hear from his planner; who has no row hears nothing.';
comment on column assistant.rhythms.timezone is 'An IANA name; null: the project''s.';
comment on column assistant.rhythms.quiet_from is 'Wall time at his; the same as quiet_until: he has no quiet hours.';
comment on column assistant.rhythms.plan_days is 'ISO weekdays: 1 is Monday.';

create table assistant.rhythm_occasions (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  occasion text not null check (occasion in ('plan', 'review', 'reminder')),
  day date not null,
  state text not null check (state in ('queued', 'nothing', 'skipped')),
  reason text check (reason ~ '^[a-z_]{1,60}$'),
  message_id text,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, user_id, occasion, day),
  foreign key (project_id, message_id) references outbound.messages (project_id, id),
  check (state <> 'queued' or message_id is not null),
  check (state <> 'skipped' or reason is not null)
);
comment on table assistant.rhythm_occasions is 'What became of one plan, review or reminder: one row a day, however often the job runs.';
comment on column assistant.rhythm_occasions.state is 'nothing: there was nothing to say, so nothing was sent.';

do $$
declare t regclass;
begin
  foreach t in array array['assistant.rhythms', 'assistant.rhythm_occasions']::regclass[] loop
    perform shared.protect_personal(t);
    execute format('create trigger scope before insert or update of project_id, account_scope_id on %s
      for each row execute function shared.enforce_project_scope_match()', t);
    execute format('alter table %s add foreign key (project_id, account_scope_id) references identity.projects (id, account_scope_id)', t);
    execute format('grant select, insert, update on %s to omneuro_app', t);
  end loop;
end $$;
grant delete on assistant.rhythm_occasions to omneuro_app;

-- Words for one member. Whoever sends has to see them; nobody else does, whatever his permissions.
alter table people.contacts add column for_user_id uuid references shared.users (id),
  drop constraint contacts_origin_check,
  add constraint contacts_origin_check check (origin in ('heard', 'office', 'staff')),
  add constraint contacts_of_staff check ((origin = 'staff') = (for_user_id is not null));
create unique index contacts_for_user on people.contacts (project_id, for_user_id) where for_user_id is not null;
comment on column people.contacts.for_user_id is 'The member whom this record stands for, so that his planner can write to him: no client, and seen by no list.';
comment on column people.contacts.origin is
  'heard: he wrote first, or another system told of him. office: a colleague made the record. staff: a member, for what his planner writes to him.';
alter table outbound.messages add column for_user_id uuid references shared.users (id);
comment on column outbound.messages.for_user_id is 'The one member who may read it; null: whoever may read messages.';
alter table outbound.senders add column for_members boolean not null default false;
create unique index senders_for_members on outbound.senders (project_id, channel) where for_members;
comment on column outbound.senders.for_members is 'The installation''s own bot: it writes to members, never to clients.';

create function outbound.is_sending() returns boolean
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select coalesce(current_setting('app.actor', true), '') in ('system:outbound.dispatch', 'system:outbound.resolve', 'system:shared.sweep') $$;
comment on function outbound.is_sending() is 'The jobs that carry messages, and the sweep behind them: the only ones that see what is for one member.';
revoke execute on function outbound.is_sending() from public;
grant execute on function outbound.is_sending() to omneuro_app;

-- Not by the member himself either, but for his planner's job: no list of people or messages shows what is no client's.
create policy for_one_member on outbound.messages as restrictive to omneuro_app
  using (for_user_id is null or (select outbound.is_sending()) or (select current_setting('app.actor', true) like 'source:%')
    or (for_user_id = (select nullif(current_setting('app.user_id', true), '')::uuid) and (select current_setting('app.actor', true) like 'system:assistant%')));
create policy for_one_member on people.contacts as restrictive to omneuro_app
  using (for_user_id is null or (select outbound.is_sending())
    or (for_user_id = (select nullif(current_setting('app.user_id', true), '')::uuid) and (select current_setting('app.actor', true) like 'system:assistant%')));
create policy for_members on outbound.senders as restrictive to omneuro_app
  using (not for_members or (select outbound.is_sending()) or (select current_setting('app.actor', true) like 'system:assistant%'));

-- Tasks: what they follow, what they came from, what ended them.
alter table assistant.tasks
  add column follows_id text,
  add column source_evidence_id text,
  add column ref_type text check (ref_type in ('job', 'outbound_message')),
  add column ref_id text,
  add column closed_by_event_id text,
  add constraint tasks_ref_check check ((ref_type is null) = (ref_id is null)),
  add foreign key (project_id, user_id, follows_id) references assistant.tasks (project_id, user_id, id);
create unique index tasks_follow on assistant.tasks (project_id, user_id, follows_id) where follows_id is not null and status <> 'archived';
create index tasks_ref on assistant.tasks (project_id, ref_type, ref_id) where ref_id is not null;
comment on column assistant.tasks.follows_id is 'The one before it, of a task that repeats.';
comment on column assistant.tasks.source_evidence_id is 'The message or note that it came from.';
comment on column assistant.tasks.ref_type is 'What it came from, and is closed with: a job, or a message that waited for approval.';
comment on column assistant.tasks.closed_by_event_id is 'The ledger''s line that closed it.';

-- What the trigger below needs to be made; its body is functions/assistant/joined.sql, applied right after the tables.
create function assistant.hear_ledger() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $$ begin raise exception 'functions/assistant/joined.sql was not applied'; end $$;
comment on function assistant.hear_ledger() is 'Trigger: what a task came from has ended, and so has the task, whoever it belongs to.';
create trigger to_planners after insert on shared.events for each row
  when (new.kind in ('outbound.message.approved', 'outbound.message.returned', 'outbound.message.cancelled')
    or (new.kind = 'job.status.changed' and new.payload->>'to' in ('closed', 'cancelled')))
  execute function assistant.hear_ledger();
