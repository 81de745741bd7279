-- The technician whose jobs alone this caller may see and move; null when he may see all of the house's. Nobody's, when he is no technician.
create or replace function field.only_tech() returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare may constant jsonb := coalesce(nullif(current_setting('app.permissions', true), '')::jsonb, '[]');
begin
  if may ? 'field:write' or not may ? 'field:work' then return null; end if;
  return coalesce((select t.id from field.techs t where t.project_id = shared.scope() and t.active
    and t.user_id = nullif(current_setting('app.user_id', true), '')::uuid), 'nobody');
end $$;
comment on function field.only_tech() is 'Whose jobs the caller is limited to; null for the whole house''s.';
revoke execute on function field.only_tech() from public;
grant execute on function field.only_tech() to omneuro_app;

-- The job, locked, if the caller may know of it. `read_version`: what he read, where he says so.
create or replace function field.hold_job(job text, read_version int) returns field.jobs
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare only_his constant text := field.only_tech(); j field.jobs;
begin
  select x.* into j from field.jobs x where x.project_id = shared.scope() and x.id = job for update;
  if j.id is null or (only_his is not null and j.assigned_tech_id is distinct from only_his) then
    perform shared.fail('not_found', 'job_unknown');
  end if;
  if read_version <> j.version then
    perform shared.fail('stale', 'job_changed', jsonb_build_object('version', j.version, 'detail', 'Read it again: it has changed.'));
  end if;
  return j;
end $$;
comment on function field.hold_job(text, int) is 'Locks a job that the caller may change, or says why not.';
revoke execute on function field.hold_job(text, int) from public;
grant execute on function field.hold_job(text, int) to omneuro_app;

-- A technician who can be given work.
create or replace function field.assert_tech(tech text) returns void
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare works boolean;
begin
  if tech is null then return; end if;
  select t.active into works from field.techs t where t.project_id = shared.scope() and t.id = tech;
  if works is null then perform shared.fail('not_found', 'tech_unknown'); end if;
  if not works then perform shared.fail('conflict', 'tech_inactive', jsonb_build_object('detail', 'This technician takes no work any more.')); end if;
end $$;
comment on function field.assert_tech(text) is 'Refuses a technician who is not there or takes no work.';
revoke execute on function field.assert_tech(text) from public;
grant execute on function field.assert_tech(text) to omneuro_app;

-- n: {id, event, client, title, kind, location, notes, minutes, scheduled_for, tech, message}
create or replace function field.create_job(n jsonb) returns field.jobs
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare p constant uuid := shared.scope(); given int; j field.jobs;
begin
  if not exists (select from people.contacts c where c.project_id = p and c.id = n->>'client' and c.erased_at is null) then
    perform shared.fail('not_found', 'contact_unknown');
  end if;
  perform field.assert_tech(n->>'tech');
  insert into field.job_counters as k (project_id, last) values (p, 1)
    on conflict (project_id) do update set last = k.last + 1 returning last into given;
  insert into field.jobs (project_id, id, number, client_id, title, kind, location, notes, minutes, scheduled_for, assigned_tech_id)
    values (p, n->>'id', given, n->>'client', n->>'title', n->>'kind', n->>'location', n->>'notes', (n->>'minutes')::int, (n->>'scheduled_for')::timestamptz, n->>'tech')
    returning * into j;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', n->>'event', 'kind', 'job.created', 'ref_type', 'job', 'ref_id', j.id, 'ts', shared.clock(),
    'payload', jsonb_build_object('version', 1, 'number', j.number, 'kind', j.kind, 'client', j.client_id, 'status', j.status, 'tech', j.assigned_tech_id,
      'scheduled_for', field.iso(j.scheduled_for)))));
  if n->>'message' is not null then perform field.attach(n->>'message', j.id); end if;
  return j;
end $$;
comment on function field.create_job(jsonb) is 'Takes in a piece of work: its number, its row, its line in the ledger.';
revoke execute on function field.create_job(jsonb) from public;
grant execute on function field.create_job(jsonb) to omneuro_app;

-- A time or a technician that an appointment has is changed there.
create or replace function field.assert_unplanned(j field.jobs, at timestamptz, tech text) returns void
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$ begin
  if exists (select from field.schedule s where s.project_id = j.project_id and s.job_id = j.id and s.status in ('planned', 'confirmed')
      and (s.start_ts is distinct from at or s.tech_id is distinct from tech)) then
    perform shared.fail('conflict', 'appointment_open', jsonb_build_object('detail', 'It has an appointment: move that one instead.'));
  end if;
end $$;
comment on function field.assert_unplanned(field.jobs, timestamptz, text) is 'Refuses a time and technician that differ from the job''s open appointment.';
revoke execute on function field.assert_unplanned(field.jobs, timestamptz, text) from public;
grant execute on function field.assert_unplanned(field.jobs, timestamptz, text) to omneuro_app;

-- n: {id, version, and what shall be different: title, kind, location, notes, minutes, scheduled_for}
create or replace function field.change_job(n jsonb) returns field.jobs
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare j field.jobs := field.hold_job(n->>'id', (n->>'version')::int);
begin
  if j.status in ('closed', 'cancelled') then
    perform shared.fail('conflict', 'job_over', jsonb_build_object('from', j.status, 'detail', 'It is over; write a note instead.'));
  end if;
  if n ? 'scheduled_for' then perform field.assert_unplanned(j, (n->>'scheduled_for')::timestamptz, j.assigned_tech_id); end if;
  update field.jobs x set title = coalesce(n->>'title', x.title), kind = coalesce(n->>'kind', x.kind), location = coalesce(n->>'location', x.location),
      notes = coalesce(n->>'notes', x.notes), minutes = case when n ? 'minutes' then (n->>'minutes')::int else x.minutes end,
      scheduled_for = case when n ? 'scheduled_for' then (n->>'scheduled_for')::timestamptz else x.scheduled_for end
    where x.project_id = j.project_id and x.id = j.id returning x.* into j;
  return j;
end $$;
comment on function field.change_job(jsonb) is 'Changes what is written about a job.';
revoke execute on function field.change_job(jsonb) from public;
grant execute on function field.change_job(jsonb) to omneuro_app;

-- n: {id, version, tech: null for nobody}
create or replace function field.assign_job(n jsonb) returns field.jobs
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare j field.jobs := field.hold_job(n->>'id', (n->>'version')::int);
begin
  if j.status in ('closed', 'cancelled') then
    perform shared.fail('conflict', 'job_over', jsonb_build_object('from', j.status, 'detail', 'It is over.'));
  end if;
  perform field.assert_tech(n->>'tech');
  perform field.assert_unplanned(j, j.scheduled_for, n->>'tech');
  update field.jobs x set assigned_tech_id = n->>'tech' where x.project_id = j.project_id and x.id = j.id returning x.* into j;
  return j;
end $$;
comment on function field.assign_job(jsonb) is 'Gives a job to a technician, or takes it from him.';
revoke execute on function field.assign_job(jsonb) from public;
grant execute on function field.assign_job(jsonb) to omneuro_app;

-- Ties a customer's message to a job of the same person; null: it is about none.
create or replace function field.attach(message text, job text) returns field.messages
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare p constant uuid := shared.scope(); m field.messages; was text; client text;
begin
  select x.* into m from field.messages x where x.project_id = p and x.id = message for update;
  if m.id is null then perform shared.fail('not_found', 'message_unknown'); end if;
  was := m.job_id;
  if job is not null then
    select j.client_id into client from field.jobs j where j.project_id = p and j.id = job;
    if client is null then perform shared.fail('not_found', 'job_unknown'); end if;
    if m.contact_id is null or not m.contact_id = any(people.same_person(array[client])) then
      perform shared.fail('conflict', 'job_of_another', jsonb_build_object('detail', 'The job is for somebody else than who wrote this.'));
    end if;
  end if;
  update field.messages x set job_id = job, client_id = coalesce(x.client_id, x.contact_id), waits = false, placed_at = shared.clock(),
      updated_at = shared.clock(), version = x.version + 1
    where x.project_id = p and x.id = message returning x.* into m;
  if was is distinct from job then
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', concat_ws(':', m.id, m.version, 'attached')),
      'kind', 'client.message.attached', 'ref_type', 'job', 'ref_id', coalesce(job, was), 'ts', shared.clock(),
      'payload', jsonb_build_object('message', m.id, 'from', was, 'to', job))));
  end if;
  return m;
end $$;
comment on function field.attach(text, text) is 'Ties a customer''s message to a job of the same person, or to none.';
revoke execute on function field.attach(text, text) from public;
grant execute on function field.attach(text, text) to omneuro_app;

-- The person a job is for, as he is known now: by the record that speaks for his, with the number met first.
create or replace function field.client_of(client text) returns table (name text, phone text)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare p constant uuid := shared.scope(); everyone constant text[] := people.same_person(array[client]);
begin
  return query select
    (select c.name from people.contacts c where c.project_id = p and c.id = any(everyone) and c.name is not null
      order by c.merged_into nulls first, c.id limit 1),
    (select t.value_norm from people.contact_points t where t.project_id = p and t.contact_id = any(everyone) and t.kind = 'phone'
      order by t.created_at, t.id limit 1);
end $$;
comment on function field.client_of(text) is 'The name and number of the person a job is for.';
revoke execute on function field.client_of(text) from public;
grant execute on function field.client_of(text) to omneuro_app;
