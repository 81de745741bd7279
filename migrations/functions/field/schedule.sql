-- Appointments: booked, moved, confirmed, ended. Whoever acts holds the job first, then the technician, so that two never wait for each other.

create or replace function field.text_of(at timestamptz) returns text
  language sql immutable parallel safe
  set search_path = pg_catalog, pg_temp
  as $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;
comment on function field.text_of(timestamptz) is 'An instant as the ledger says it.';
revoke execute on function field.text_of(timestamptz) from public;
grant execute on function field.text_of(timestamptz) to omneuro_app;

-- Why nothing may begin then; called when nothing may.
create or replace function field.why_not_then(tech text, kind text, begins timestamptz, ends timestamptz) returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select case
    when begins < shared.clock() then 'in_the_past'
    when not exists (select from field.shifts(array[tech], why_not_then.kind, begins, ends) s where case why_not_then.kind
      when 'visit' then s.opens <= begins and ends <= s.closes else s.opens = begins and s.closes = ends end) then 'outside_working_time'
    when exists (select from field.blackouts b join field.techs t on t.project_id = b.project_id and t.id = tech
        join identity.projects p on p.id = t.project_id
      where b.project_id = shared.scope() and (b.tech_id is null or b.tech_id = tech)
        and field.wall_instant(b.starts, coalesce(t.timezone, p.timezone)) < ends
        and field.wall_instant(b.ends, coalesce(t.timezone, p.timezone)) > begins) then 'blackout'
    else 'slot_taken' end
$$;
comment on function field.why_not_then(text, text, timestamptz, timestamptz) is 'Which rule refuses an appointment: past, working time, blackout, or somebody else''s.';
revoke execute on function field.why_not_then(text, text, timestamptz, timestamptz) from public;
grant execute on function field.why_not_then(text, text, timestamptz, timestamptz) to omneuro_app;

-- Books an appointment, or moves one: the old row is cancelled and stays, the new one names it.
-- b: {id, job, tech, start, minutes, reason, replaces, version, event}; a reason sets working time and blackouts aside.
create or replace function field.book(b jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, ext, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  old field.schedule; made field.schedule; j field.jobs; t field.techs; r constant field.calendar_settings := field.calendar_rules();
  begins timestamptz; ends timestamptz; place int; why text; pre interval; post interval; said jsonb;
begin
  select x.* into j from field.jobs x where x.project_id = p and x.id = coalesce(b->>'job',
    (select s.job_id from field.schedule s where s.project_id = p and s.id = b->>'replaces')) for no key update;
  if b ? 'replaces' then
    select s.* into old from field.schedule s where s.project_id = p and s.id = b->>'replaces' for update;
    if old.id is null then perform shared.fail('not_found', 'appointment_unknown'); end if;
    if old.version <> (b->>'version')::int then
      perform shared.fail('stale', 'appointment_changed', jsonb_build_object('version', old.version, 'detail', 'It has changed since you read it: read it again.'));
    end if;
    update field.schedule s set status = 'cancelled', updated_at = shared.clock(), version = s.version + 1
      where s.project_id = p and s.id = old.id;
  end if;
  if j.id is null then perform shared.fail('not_found', 'job_unknown'); end if;
  if j.status in ('closed', 'cancelled') then
    perform shared.fail('conflict', 'job_over', jsonb_build_object('status', j.status, 'detail', 'It is over: nobody is expected any more.'));
  end if;

  select x.* into t from field.techs x where x.project_id = p and x.id = coalesce(b->>'tech', old.tech_id) for no key update;
  if t.id is null then perform shared.fail('not_found', 'tech_unknown'); end if;
  if not t.active then
    perform shared.fail('conflict', 'tech_inactive', jsonb_build_object('tech', t.id, 'detail', 'This technician takes no jobs any more.'));
  end if;

  begins := coalesce((b->>'start')::timestamptz, old.start_ts);
  if begins > shared.clock() + interval '2 years' then perform shared.fail('unprocessable', 'too_far_ahead'); end if;
  ends := begins + coalesce(make_interval(mins => (b->>'minutes')::int), old.end_ts - old.start_ts, make_interval(mins => j.minutes), interval '1 hour');
  if j.kind = 'drop_off' then
    select s.closes into ends from (select ends as known) k
      left join field.shifts(array[t.id], 'drop_off', begins, begins + interval '1 minute') s on s.opens = begins
      order by s.closes limit 1;
    ends := coalesce(ends, begins + coalesce(make_interval(mins => (b->>'minutes')::int), interval '2 hours'));
  end if;
  pre := make_interval(mins => r.buffer_before + case j.kind when 'visit' then r.travel else 0 end);
  post := make_interval(mins => r.buffer_after);

  select min(o.lane) into place from field.openings(array[t.id], j.kind, (extract(epoch from ends - begins) / 60)::int, begins, ends) o
    where begins <@ o.starts and begins + o.length = ends;
  if place is null then
    why := field.why_not_then(t.id, j.kind, begins, ends);
    if why not in ('outside_working_time', 'blackout') or b->>'reason' is null then
      perform shared.fail('conflict', why, jsonb_build_object('tech', t.id, 'start', field.text_of(begins), 'end', field.text_of(ends)));
    end if;
    -- Against the rules with a reason, but never beside somebody else.
    if exists (select from field.schedule s where s.project_id = p and s.tech_id = t.id and s.status in ('planned', 'confirmed', 'done')
        and tstzrange(s.blocked_from, s.blocked_until) && tstzrange(begins - pre, ends + post)) then
      perform shared.fail('conflict', 'slot_taken', jsonb_build_object('tech', t.id));
    end if;
  end if;

  insert into field.schedule (project_id, account_scope_id, id, job_id, tech_id, start_ts, end_ts, blocked_from, blocked_until, lane, status, replaces,
      origin, sequence, alone, overridden, reason)
    values (p, j.account_scope_id, b->>'id', j.id, t.id, begins, ends, begins - pre, ends + post, coalesce(place, 0),
      case when begins = old.start_ts and ends = old.end_ts then old.status else 'planned' end, old.id, coalesce(old.origin, old.id),
      coalesce(old.sequence + 1, 0), place is null, case when place is null then why end, b->>'reason')
    returning * into made;
  update field.jobs x set scheduled_for = begins, assigned_tech_id = t.id, updated_at = shared.clock(), version = x.version + 1,
      status = case when exists (select from field.job_transitions m where m.status = x.status and m.next = 'scheduled') then 'scheduled' else x.status end
    where x.project_id = p and x.id = j.id returning x.* into j;

  said := jsonb_build_object('schedule', made.id, 'job', j.id, 'tech', t.id, 'start', field.text_of(begins), 'end', field.text_of(ends));
  if old.id is not null then
    said := said || jsonb_build_object('replaces', old.id, 'from_tech', old.tech_id, 'from_start', field.text_of(old.start_ts));
  end if;
  if made.overridden is not null then said := said || jsonb_build_object('overridden', made.overridden); end if;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', b->>'event', 'kind', case when old.id is null then 'schedule.created'
      when made.start_ts = old.start_ts and made.end_ts = old.end_ts then 'schedule.reassigned' else 'schedule.moved' end,
    'ref_type', 'job', 'ref_id', j.id, 'payload', said, 'ts', shared.clock())));
  return (select to_jsonb(a) from field.appointments a where a.project_id = p and a.id = made.id);
end $$;
comment on function field.book(jsonb) is 'Books an appointment where all rules allow it, or moves one; the job follows. Returns it.';
revoke execute on function field.book(jsonb) from public;
grant execute on function field.book(jsonb) to omneuro_app;

-- Confirms or ends an appointment. What nobody comes to any more leaves its job waiting for another one.
-- b: {id, to: confirmed | done | cancelled | no_show, version (null: whichever), reason, event}.
create or replace function field.settle_appointment(b jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  s field.schedule; was text;
begin
  select x.status into was from field.jobs x where x.project_id = p
    and x.id = (select y.job_id from field.schedule y where y.project_id = p and y.id = b->>'id') for no key update;
  select x.* into s from field.schedule x where x.project_id = p and x.id = b->>'id' for update;
  -- A technician keeps his own appointments, and knows of no others.
  if s.id is null or s.tech_id is distinct from coalesce(field.only_tech(), s.tech_id) then perform shared.fail('not_found', 'appointment_unknown'); end if;
  if s.version <> (b->>'version')::int then
    perform shared.fail('stale', 'appointment_changed', jsonb_build_object('version', s.version, 'detail', 'It has changed since you read it: read it again.'));
  end if;
  if b->>'to' = 'no_show' and s.start_ts > shared.clock() then
    perform shared.fail('conflict', 'not_begun', jsonb_build_object('start', field.text_of(s.start_ts)));
  end if;
  if s.status = b->>'to' then
    perform shared.fail('conflict', 'invalid_transition', jsonb_build_object('status', s.status, 'asked', s.status, 'allowed', to_jsonb(field.appointment_moves(s.status))));
  end if;
  update field.schedule x set status = b->>'to', reason = coalesce(b->>'reason', x.reason), updated_at = shared.clock(),
      version = x.version + 1
    where x.project_id = p and x.id = s.id returning x.* into s;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', b->>'event', 'kind', 'schedule.' || s.status, 'ref_type', 'job',
    'ref_id', s.job_id, 'payload', jsonb_build_object('schedule', s.id, 'job', s.job_id, 'tech', s.tech_id, 'start', field.text_of(s.start_ts)), 'ts', shared.clock())));
  if s.status in ('cancelled', 'no_show') and was = 'scheduled' then
    update field.jobs x set status = 'intake', scheduled_for = null, updated_at = shared.clock(), version = x.version + 1
      where x.project_id = p and x.id = s.job_id;
  end if;
  return (select to_jsonb(a) from field.appointments a where a.project_id = p and a.id = s.id);
end $$;
comment on function field.settle_appointment(jsonb) is 'Confirms or ends an appointment, once; its job goes back to intake when nobody comes. Returns it.';
revoke execute on function field.settle_appointment(jsonb) from public;
grant execute on function field.settle_appointment(jsonb) to omneuro_app;
