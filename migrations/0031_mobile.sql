-- A technician's phone: what he did and when, timers that follow from it, and what his phone has not seen yet.

create table field.acts (
  project_id uuid not null,
  account_scope_id uuid not null,
  tech_id text not null,
  id text not null check (length(id) between 8 and 64),
  job_id text not null,
  kind text not null check (kind in ('on_my_way', 'arrived', 'start', 'pause', 'resume', 'finish')),
  at timestamptz not null,
  received_at timestamptz not null default shared.clock(),
  assigned boolean not null,
  state text not null default 'noted' check (state in ('applied', 'noted')),
  reason text check (length(reason) <= 40),
  primary key (project_id, tech_id, id),
  foreign key (project_id, tech_id) references field.techs (project_id, id),
  foreign key (project_id, job_id) references field.jobs (project_id, id)
);
create index acts_job on field.acts (project_id, job_id, at, id);
comment on table field.acts is 'Something a technician did at a job, as his phone says it; kept whatever became of it.';
comment on column field.acts.id is 'Made by the phone: the same act sent again is the same row.';
comment on column field.acts.at is 'When it happened, by the phone''s clock; received_at is ours, and bounds it.';
comment on column field.acts.assigned is 'The job was his when the act arrived.';
comment on column field.acts.state is 'noted: it changed nothing, for the reason beside it.';
select shared.protect_tenant('field.acts');
grant select, insert, update on field.acts to omneuro_app;

create table field.timers (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  job_id text not null,
  tech_id text not null,
  kind text not null check (kind in ('travel', 'work', 'break')),
  started_at timestamptz not null,
  stopped_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  foreign key (project_id, job_id) references field.jobs (project_id, id),
  foreign key (project_id, tech_id) references field.techs (project_id, id),
  check (started_at <= stopped_at)
);
create index timers_job on field.timers (project_id, job_id, started_at, id);
create unique index timers_one_open on field.timers (project_id, job_id, tech_id, kind) where stopped_at is null;
comment on table field.timers is 'How long something took: the way there, the work, and breaks, which lie within the work.';
select shared.protect_tenant('field.timers');
grant select, insert, update, delete on field.timers to omneuro_app;
create trigger touch_job after insert or update or delete on field.timers for each row execute function field.touch_job();

create table field.job_departures (
  project_id uuid not null,
  account_scope_id uuid not null,
  job_id text not null,
  tech_id text not null,
  tx xid8 not null,
  primary key (project_id, job_id, tech_id),
  foreign key (project_id, job_id) references field.jobs (project_id, id),
  foreign key (project_id, tech_id) references field.techs (project_id, id)
);
create index job_departures_tech on field.job_departures (project_id, tech_id, tx);
comment on table field.job_departures is 'A job that was taken from a technician: his phone has to forget it.';
select shared.protect_tenant('field.job_departures');
grant select, insert, update on field.job_departures to omneuro_app;

create index jobs_tech_tx on field.jobs (project_id, assigned_tech_id, tx);

create function field.note_departure() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  insert into field.job_departures as d (project_id, account_scope_id, job_id, tech_id, tx)
    values (old.project_id, old.account_scope_id, old.id, old.assigned_tech_id, pg_current_xact_id())
    on conflict (project_id, job_id, tech_id) do update set tx = excluded.tx;
  return null;
end $$;
comment on function field.note_departure() is 'Trigger: remembers whose a job was.';
create trigger note_departure after update of assigned_tech_id on field.jobs for each row
  when (old.assigned_tech_id is not null and old.assigned_tech_id is distinct from new.assigned_tech_id) execute function field.note_departure();

-- A client's name or number changed: the jobs that are shown with it have changed too.
create function field.touch_client() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
declare r jsonb := case tg_op when 'DELETE' then to_jsonb(old) else to_jsonb(new) end; ids text[];
begin
  if not exists (select from field.jobs j where j.project_id = (r->>'project_id')::uuid) then return null; end if;
  ids := array[coalesce(r->>'contact_id', r->>'id')];
  if tg_op = 'UPDATE' and tg_table_name = 'contacts' then ids := array_remove(ids || (to_jsonb(old)->>'merged_into'), null); end if;
  update field.jobs j set tx = pg_current_xact_id()
    where j.project_id = (r->>'project_id')::uuid and j.client_id = any(people.same_person(ids) || ids) and j.tx <> pg_current_xact_id();
  return null;
end $$;
comment on function field.touch_client() is 'Trigger: stamps the jobs of a person whose name or number changed.';
create trigger touch_client after update of name, merged_into, erased_at on people.contacts for each row
  when ((old.name, old.merged_into, old.erased_at) is distinct from (new.name, new.merged_into, new.erased_at)) execute function field.touch_client();
create trigger touch_client after insert or delete or update of value_norm, contact_id on people.contact_points for each row execute function field.touch_client();
