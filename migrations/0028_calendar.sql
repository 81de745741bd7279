-- When technicians work, when they do not, and how much time an appointment keeps around itself.

create table field.calendar_settings (
  project_id uuid not null primary key,
  account_scope_id uuid not null,
  buffer_before int not null default 0 check (buffer_before between 0 and 240),
  buffer_after int not null default 0 check (buffer_after between 0 and 240),
  travel int not null default 0 check (travel between 0 and 240),
  grid int not null default 30 check (grid in (5, 10, 15, 20, 30, 60)),
  horizon_days int not null default 14 check (horizon_days between 1 and 14),
  drop_off_windows jsonb not null default '[{"opens": 600, "closes": 720}, {"opens": 720, "closes": 900}, {"opens": 900, "closes": 1080}]',
  drop_off_weekdays smallint[] not null default '{1,2,3,4,5}' check (drop_off_weekdays <@ '{1,2,3,4,5,6,7}'),
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1
);
comment on table field.calendar_settings is 'How a project plans; a project without a row has the defaults.';
comment on column field.calendar_settings.buffer_before is 'Minutes kept free before each appointment; buffer_after the same after it.';
comment on column field.calendar_settings.travel is 'Minutes of the way to a visit, before its buffer; a drop-off has none.';
comment on column field.calendar_settings.grid is 'Offered times are so many minutes apart, counted from the beginning of a working block.';
comment on column field.calendar_settings.drop_off_windows is '[{opens, closes}] in minutes since midnight: a thing is brought within one of them.';
comment on column field.calendar_settings.drop_off_weekdays is '1 Monday … 7 Sunday.';
select shared.protect_tenant('field.calendar_settings');
grant select, insert, update on field.calendar_settings to omneuro_app;

create table field.working_weeks (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  tech_id text,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  constraint one_week unique nulls not distinct (project_id, tech_id),
  foreign key (project_id, tech_id) references field.techs (project_id, id)
);
comment on table field.working_weeks is 'A technician''s week, changed as a whole; without technician the house''s, for those who have none of their own.';
select shared.protect_tenant('field.working_weeks');
grant select, insert, update, delete on field.working_weeks to omneuro_app;

create table field.working_blocks (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  week_id text not null,
  weekday smallint not null check (weekday between 1 and 7),
  opens smallint not null,
  closes smallint not null,
  capacity smallint not null default 1 check (capacity between 1 and 20),
  kind text not null default 'visit' check (kind in ('visit', 'drop_off')),
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, week_id) references field.working_weeks (project_id, id) on delete cascade,
  check (opens >= 0 and opens < closes and closes <= 1440),
  constraint blocks_overlap exclude using gist (
    project_id with =, week_id with =, weekday with =, int4range(opens::int, closes::int) with &&)
);
comment on table field.working_blocks is 'Hours of a weekday in which appointments of one kind may lie, each wholly within one block.';
comment on column field.working_blocks.weekday is '1 Monday … 7 Sunday (ISO 8601).';
comment on column field.working_blocks.opens is 'Minutes since midnight that clocks in the technician''s time zone show.';
comment on column field.working_blocks.capacity is 'How many appointments at once.';
select shared.protect_tenant('field.working_blocks');
grant select, insert, delete on field.working_blocks to omneuro_app;

create table field.blackouts (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  tech_id text,
  starts timestamp not null,
  ends timestamp not null,
  note text not null default '' check (length(note) <= 200),
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  foreign key (project_id, tech_id) references field.techs (project_id, id),
  check (starts < ends)
);
create index blackouts_ends on field.blackouts (project_id, ends);
comment on table field.blackouts is 'A time in which nobody is booked: of one technician, or of all.';
comment on column field.blackouts.starts is 'What clocks show in the technician''s time zone; until ends, half open.';
select shared.protect_tenant('field.blackouts');
grant select, insert, update, delete on field.blackouts to omneuro_app;

create table field.feeds (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  tech_id text not null,
  token_hash text not null,
  revoked_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  constraint one_feed unique (project_id, tech_id),
  foreign key (project_id, tech_id) references field.techs (project_id, id)
);
comment on table field.feeds is 'The address at which a technician''s calendar may be read by his own program.';
comment on column field.feeds.token_hash is 'SHA-256 of the address'' secret, which is stored nowhere.';
select shared.protect_tenant('field.feeds');
grant select, insert, update on field.feeds to omneuro_app;

alter table field.schedule
  add column origin text,
  add column sequence int not null default 0,
  add column alone boolean not null default false,
  add column overridden text check (overridden in ('outside_working_time', 'blackout')),
  add column reason text check (length(reason) between 1 and 500),
  add constraint schedule_length check (end_ts - start_ts <= interval '24 hours');
comment on column field.schedule.origin is 'The first appointment of a chain that was moved; null in the first itself. A calendar knows the whole chain by it.';
comment on column field.schedule.sequence is 'Rises with every change of the chain (RFC 5545 SEQUENCE).';
comment on column field.schedule.alone is 'Booked against the working time: it takes all places at once.';
comment on column field.schedule.overridden is 'Which rule somebody set aside, for the reason beside it.';
create index schedule_origin on field.schedule (project_id, origin) where origin is not null;

create function field.appointment_moves(status text) returns text[]
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select case status when 'planned' then '{confirmed,done,cancelled,no_show}'::text[] when 'confirmed' then '{done,cancelled,no_show}' else '{}' end $$;
comment on function field.appointment_moves(text) is 'The states that an appointment may come to from this one.';

create function field.guard_appointment() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
declare may constant text[] := field.appointment_moves(old.status);
begin
  if new.status is distinct from old.status and new.status <> all (may) then
    perform shared.fail('conflict', 'invalid_transition',
      jsonb_build_object('status', old.status, 'asked', new.status, 'allowed', to_jsonb(may)));
  end if;
  if new.status is distinct from old.status and new.sequence = old.sequence then new.sequence := old.sequence + 1; end if;
  return new;
end $$;
comment on function field.guard_appointment() is 'Trigger: what is done, cancelled or a no-show stays it; a calendar is told that something changed.';
create trigger guard_appointment before update of status on field.schedule for each row execute function field.guard_appointment();

create view field.appointments with (security_invoker = true) as
  select s.project_id, s.account_scope_id, s.id, s.job_id, s.tech_id, s.start_ts, s.end_ts,
    jsonb_build_object('id', j.id, 'number', j.number, 'title', j.title, 'status', j.status, 'location', j.location) as job,
    jsonb_build_object('id', c.id, 'name', c.name) as client,
    jsonb_build_object('id', t.id, 'name', t.name, 'timezone', coalesce(t.timezone, p.timezone)) as tech,
    j.kind, s.start_ts as start, s.end_ts as "end", s.blocked_from, s.blocked_until, s.lane, s.status, s.replaces, s.overridden, s.reason,
    s.created_at, s.updated_at, s.version
  from field.schedule s
    join field.jobs j on j.project_id = s.project_id and j.id = s.job_id
    join field.techs t on t.project_id = s.project_id and t.id = s.tech_id
    join identity.projects p on p.id = s.project_id
    join people.contacts c on c.project_id = j.project_id and c.id = j.client_id;
comment on view field.appointments is 'Appointments with what people call them by: the job, the client, the technician and his time zone.';
grant select on field.appointments to omneuro_app;
