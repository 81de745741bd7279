-- What belongs to a job: parts, notes, photos; and the ledger's lines about it, whoever changes it.

create table field.job_parts (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  job_id text not null,
  name text not null check (length(name) between 1 and 200),
  quantity numeric(10, 3) not null default 1 check (quantity > 0),
  price_minor bigint check (price_minor between 0 and 1000000000000),
  currency text check (currency ~ '^[A-Z]{3}$'),
  added_by text not null,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, job_id) references field.jobs (project_id, id),
  check ((price_minor is null) = (currency is null))
);
create index job_parts_job on field.job_parts (project_id, job_id, created_at, id);
comment on table field.job_parts is 'Something that was used or is needed for a job.';
comment on column field.job_parts.price_minor is 'Of one, in the currency''s smallest unit, before tax.';
select shared.protect_tenant('field.job_parts');
grant select, insert, update, delete on field.job_parts to omneuro_app;

create table field.job_notes (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  job_id text not null,
  visibility text not null default 'internal' check (visibility in ('internal', 'client')),
  body text not null check (length(body) between 1 and 20000),
  written_by text not null,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, job_id) references field.jobs (project_id, id)
);
create index job_notes_job on field.job_notes (project_id, job_id, created_at, id);
comment on table field.job_notes is 'What somebody of the house wrote down about a job.';
comment on column field.job_notes.visibility is 'internal: the house''s; client: the person it is for may be told it, and nobody else.';
select shared.protect_tenant('field.job_notes');
grant select, insert, update, delete on field.job_notes to omneuro_app;

create table field.job_photos (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  job_id text not null,
  state text not null default 'awaited' check (state in ('awaited', 'stored', 'deleted')),
  type text not null check (type in ('image/jpeg', 'image/png', 'image/webp')),
  bytes int check (bytes > 0),
  caption text not null default '' check (length(caption) <= 500),
  added_by text not null,
  stored_at timestamptz,
  deleted_at timestamptz,
  removed_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  foreign key (project_id, job_id) references field.jobs (project_id, id),
  check ((state = 'stored') <= (bytes is not null and stored_at is not null)),
  check ((state = 'deleted') = (deleted_at is not null))
);
create index job_photos_job on field.job_photos (project_id, job_id, created_at, id);
create index job_photos_leftover on field.job_photos (project_id, created_at) where state <> 'stored' and removed_at is null;
comment on table field.job_photos is 'A picture of a job. The row comes first and the object after, so that no object is without a row.';
comment on column field.job_photos.state is 'awaited: nobody has brought the object yet; deleted: nobody is shown it any more.';
comment on column field.job_photos.removed_at is 'When the object was seen to be gone; until then a sweep removes it again.';
select shared.protect_tenant('field.job_photos');
grant select, insert, update, delete on field.job_photos to omneuro_app;

alter table field.jobs
  add column tx xid8 not null default pg_current_xact_id();
comment on column field.jobs.tx is 'The transaction that last changed it or anything that a technician is shown with it.';

-- Before a change: its version rises, it is stamped, and what follows from its new state is set.
create function field.stamp_job() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if new.tx is distinct from old.tx and to_jsonb(new) - 'tx' = to_jsonb(old) - 'tx' then return new; end if;
  new.tx := pg_current_xact_id();
  if new.version = old.version then new.version := old.version + 1; end if;
  if new.updated_at = old.updated_at then new.updated_at := shared.clock(); end if;
  if new.status is distinct from old.status then
    new.closed_at := case when new.status = 'closed' then shared.clock() end;
  end if;
  return new;
end $$;
comment on function field.stamp_job() is 'Trigger: a changed job has a new version and the time of its closing.';
create trigger stamp_job before update on field.jobs for each row execute function field.stamp_job();

-- After a change: one line each for its state, its technician and its time, in the name of whoever entered. app.act and app.act_at are set while a
-- technician's act is carried out that happened earlier than it arrived.
create function field.tell_of_job() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
declare
  act constant text := nullif(current_setting('app.act', true), '');
  said jsonb := '[]';
begin
  if new.status is distinct from old.status then
    said := said || jsonb_build_object('kind', 'job.status.changed', 'payload', jsonb_build_object('from', old.status, 'to', new.status));
  end if;
  if new.assigned_tech_id is distinct from old.assigned_tech_id then
    said := said || jsonb_build_object('kind', 'job.assigned', 'payload', jsonb_build_object('from', old.assigned_tech_id, 'to', new.assigned_tech_id));
  end if;
  if new.scheduled_for is distinct from old.scheduled_for then
    said := said || jsonb_build_object('kind', 'job.time.changed', 'payload', jsonb_build_object('from', field.iso(old.scheduled_for), 'to', field.iso(new.scheduled_for)));
  end if;
  if said = '[]' then return null; end if;
  perform shared.record_events((select jsonb_agg(jsonb_build_object('id', shared.made_id('evt', concat_ws(':', new.id, new.version, s->>'kind')),
      'kind', s->>'kind', 'ref_type', 'job', 'ref_id', new.id,
      'payload', (s->'payload') || jsonb_build_object('version', new.version) || case when act is null then '{}' else jsonb_build_object('act', act) end,
      'ts', coalesce(nullif(current_setting('app.act_at', true), '')::timestamptz, shared.clock())))
    from jsonb_array_elements(said) s));
  return null;
end $$;
comment on function field.tell_of_job() is 'Trigger: the ledger''s lines about a changed job.';

create function field.iso(at timestamptz) returns text
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;
comment on function field.iso(timestamptz) is 'An instant in UTC as the ledger may hold it: without a plus or a space.';

create trigger tell_of_job after update of status, assigned_tech_id, scheduled_for on field.jobs for each row execute function field.tell_of_job();

-- What belongs to a job and is not in its row: a phone that has seen the job has to hear of it.
create function field.touch_job() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
declare r record;
begin
  if tg_op = 'DELETE' then r := old; else r := new; end if;
  update field.jobs j set tx = pg_current_xact_id() where j.project_id = r.project_id and j.id = r.job_id and j.tx <> pg_current_xact_id();
  return null;
end $$;
comment on function field.touch_job() is 'Trigger: stamps the job of a part, a note, a photo or an appointment.';
create trigger touch_job after insert or update or delete on field.job_parts for each row execute function field.touch_job();
create trigger touch_job after insert or update or delete on field.job_notes for each row execute function field.touch_job();
create trigger touch_job after insert or update or delete on field.job_photos for each row execute function field.touch_job();
create trigger touch_job after insert or update or delete on field.schedule for each row execute function field.touch_job();

-- A message that may concern one of several jobs waits until somebody says which.
alter table field.messages
  add column waits boolean not null default false,
  add column placed_at timestamptz;
comment on column field.messages.waits is 'Its writer has open jobs, and nobody can say which of them it is about.';
comment on column field.messages.placed_at is 'When somebody said which job it is about, or that it is about none.';
comment on column field.messages.client_id is 'The client it concerns.';
comment on column field.messages.job_id is 'The job it is about, where that is known.';
create index messages_waiting on field.messages (project_id, ts desc, id desc) where waits;

-- `status` is the answer's own number: where a job stands is said as `from`.
create or replace function field.guard_status() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if new.status is distinct from old.status
    and not exists (select from field.job_transitions t where t.status = old.status and t.next = new.status) then
    perform shared.fail('conflict', 'invalid_transition', jsonb_build_object('from', old.status, 'asked', new.status,
      'allowed', coalesce((select jsonb_agg(t.next order by t.next) from field.job_transitions t where t.status = old.status), '[]')));
  end if;
  return new;
end $$;
