-- Work orders: technicians, jobs with their allowed moves, and when somebody is expected where.

create extension if not exists btree_gist with schema ext;

create table field.techs (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  user_id uuid references shared.users (id),
  name text not null check (length(name) between 1 and 200),
  phone text check (phone ~ '^\+[1-9][0-9]{4,14}$'),
  email text check (length(email) <= 320),
  timezone text check (length(timezone) <= 64),
  active boolean not null default true,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  constraint tech_once unique (project_id, user_id)
);
comment on table field.techs is 'Somebody who does jobs; with a user_id he can sign in and sees his own day.';
comment on column field.techs.phone is 'E.164.';
comment on column field.techs.timezone is 'IANA name; null means the project''s.';
select shared.protect_tenant('field.techs');
grant select, insert, update on field.techs to omneuro_app;

create table field.job_counters (
  project_id uuid not null primary key,
  account_scope_id uuid not null,
  last int not null default 0
);
comment on table field.job_counters is 'The last job number given in a project.';
select shared.protect_tenant('field.job_counters');
grant select, insert, update on field.job_counters to omneuro_app;

create table field.job_transitions (
  status text not null,
  next text not null,
  primary key (status, next)
);
comment on table field.job_transitions is 'Which state a job may move to from which; docs draw their diagram from it.';
select shared.protect_global('field.job_transitions', 'true');
grant select on field.job_transitions to omneuro_app;
insert into field.job_transitions (status, next) values
  ('intake', 'scheduled'), ('intake', 'repairing'), ('intake', 'cancelled'),
  ('scheduled', 'onsite'), ('scheduled', 'repairing'), ('scheduled', 'intake'), ('scheduled', 'cancelled'),
  ('onsite', 'repairing'), ('onsite', 'ready'), ('onsite', 'scheduled'), ('onsite', 'cancelled'),
  ('repairing', 'ready'), ('repairing', 'scheduled'), ('repairing', 'cancelled'),
  ('ready', 'shipped'), ('ready', 'closed'), ('ready', 'repairing'),
  ('shipped', 'closed'), ('shipped', 'repairing');

create table field.jobs (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  number int not null,
  client_id text not null,
  title text not null check (length(title) between 1 and 200),
  kind text not null default 'visit' check (kind in ('visit', 'drop_off')),
  status text not null default 'intake'
    check (status in ('intake', 'scheduled', 'onsite', 'repairing', 'ready', 'shipped', 'closed', 'cancelled')),
  scheduled_for timestamptz,
  assigned_tech_id text,
  minutes int check (minutes between 5 and 1440),
  location text not null default '' check (length(location) <= 500),
  notes text not null default '' check (length(notes) <= 20000),
  cancel_reason text check (length(cancel_reason) between 1 and 1000),
  tracking text check (length(tracking) <= 200),
  closed_at timestamptz,
  erased_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  constraint job_number unique (project_id, number),
  foreign key (project_id, client_id) references people.contacts (project_id, id),
  foreign key (project_id, assigned_tech_id) references field.techs (project_id, id),
  constraint scheduled_has_time check (status <> 'scheduled' or scheduled_for is not null),
  constraint cancelled_has_reason check ((status = 'cancelled') = (cancel_reason is not null))
);
create index jobs_client on field.jobs (project_id, client_id, created_at desc);
create index jobs_status on field.jobs (project_id, status, updated_at desc, id desc);
create index jobs_scheduled on field.jobs (project_id, scheduled_for) where scheduled_for is not null;
create index jobs_tech on field.jobs (project_id, assigned_tech_id, updated_at);
create index jobs_changed on field.jobs (project_id, updated_at, id);
comment on table field.jobs is 'A piece of work for a client.';
comment on column field.jobs.number is 'What people call it by: 1, 2, 3 … within the project.';
comment on column field.jobs.client_id is 'The person it is for (people.contacts).';
comment on column field.jobs.kind is 'visit: we go there; drop_off: the thing comes to us.';
comment on column field.jobs.minutes is 'How long it is thought to take.';
comment on column field.jobs.notes is 'For the house only; what a client may read is a note of its own.';
comment on column field.jobs.tracking is 'The carrier''s number of a thing that was sent back.';
select shared.protect_tenant('field.jobs');
grant select, insert, update on field.jobs to omneuro_app;

create function field.guard_status() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if new.status is distinct from old.status
    and not exists (select from field.job_transitions t where t.status = old.status and t.next = new.status) then
    perform shared.fail('conflict', 'invalid_transition', jsonb_build_object('status', old.status, 'asked', new.status,
      'allowed', coalesce((select jsonb_agg(t.next order by t.next) from field.job_transitions t where t.status = old.status), '[]')));
  end if;
  return new;
end $$;
comment on function field.guard_status() is 'Trigger: a job moves only along field.job_transitions.';
create trigger guard_status before update of status on field.jobs for each row execute function field.guard_status();

create table field.schedule (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  job_id text not null,
  tech_id text not null,
  start_ts timestamptz not null,
  end_ts timestamptz not null,
  blocked_from timestamptz not null,
  blocked_until timestamptz not null,
  lane smallint not null default 0 check (lane between 0 and 99),
  status text not null default 'planned' check (status in ('planned', 'confirmed', 'done', 'cancelled', 'no_show')),
  replaces text,
  meta jsonb not null default '{}',
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  foreign key (project_id, job_id) references field.jobs (project_id, id),
  foreign key (project_id, tech_id) references field.techs (project_id, id),
  foreign key (project_id, replaces) references field.schedule (project_id, id),
  check (start_ts < end_ts and blocked_from <= start_ts and end_ts <= blocked_until),
  constraint slot_taken exclude using gist (
    project_id with =, tech_id with =, lane with =, tstzrange(blocked_from, blocked_until) with &&
  ) where (status in ('planned', 'confirmed', 'done'))
);
create index schedule_tech on field.schedule (project_id, tech_id, start_ts);
create index schedule_job on field.schedule (project_id, job_id, start_ts);
create index schedule_day on field.schedule (project_id, start_ts);
create unique index schedule_one_open on field.schedule (project_id, job_id) where status in ('planned', 'confirmed');
comment on table field.schedule is 'Somebody is expected somewhere, from start_ts to end_ts (half open).';
comment on column field.schedule.blocked_from is 'Travel and preparation begin here; until blocked_until nobody else gets this time.';
comment on column field.schedule.lane is 'Which of the places that are open at once: 0 unless a working block has room for several.';
comment on column field.schedule.replaces is 'The appointment that this one took the place of.';
select shared.protect_tenant('field.schedule');
grant select, insert, update on field.schedule to omneuro_app;

alter table field.messages
  add foreign key (project_id, job_id) references field.jobs (project_id, id),
  add foreign key (project_id, tech_id) references field.techs (project_id, id),
  add foreign key (project_id, client_id) references people.contacts (project_id, id);
create index messages_job on field.messages (project_id, job_id, ts) where job_id is not null;

create view field.clients with (security_invoker = true) as
  select c.project_id, c.account_scope_id, c.id, c.name,
    (select p.value_norm from people.contact_points p
      where p.project_id = c.project_id and p.contact_id = c.id and p.kind = 'phone' order by p.created_at, p.id limit 1) as phone,
    (select p.value_norm from people.contact_points p
      where p.project_id = c.project_id and p.contact_id = c.id and p.kind = 'email' order by p.created_at, p.id limit 1) as email,
    c.preferred_channel, c.created_at, c.updated_at
  from people.contacts c where c.merged_into is null and c.erased_at is null;
comment on view field.clients is 'People as a service business sees them: one row per person, with the number and address met first.';
grant select on field.clients to omneuro_app;

insert into identity.role_permissions (role, permission)
select r.role, p.permission from (values
  ('owner', '{field:write,field:work,field:plan}'::text[]),
  ('lead_technician', '{field:write,field:work,field:plan}'),
  ('office', '{field:write,field:work,field:plan}'),
  ('technician', '{field:work}')) r (role, permissions), unnest(r.permissions) p (permission);
