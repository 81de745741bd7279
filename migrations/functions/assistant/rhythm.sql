-- A member's rhythm: what he wants, who is to hear something, and one message for one occasion.

create or replace function assistant.rhythm() returns assistant.rhythms
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare r assistant.rhythms;
begin
  select x.* into r from assistant.rhythms x where x.project_id = shared.scope() and x.user_id = assistant.me();
  if r.user_id is not null then return r; end if;
  return row (shared.scope(), null, assistant.me(), null, 'en', null, '21:00', '07:00', false, '07:30', '{1,2,3,4,5}', true, '15:00', 5, true, '16:00',
    shared.clock(), shared.clock(), 0)::assistant.rhythms;
end $$;
comment on function assistant.rhythm() is 'One''s own rhythm, or what holds until something was said about it.';
revoke execute on function assistant.rhythm() from public;
grant execute on function assistant.rhythm() to omneuro_app;

create or replace function assistant.own_email(person uuid) returns text
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select u.email from shared.users u where u.id = person and u.email_verified_at is not null and u.disabled_at is null $$;
comment on function assistant.own_email(uuid) is 'The address that was proven to be a person''s, or null.';
revoke execute on function assistant.own_email(uuid) from public;
grant execute on function assistant.own_email(uuid) to omneuro_app;

-- Null when it has changed since `seen`. Whoever wants to hear something wakes the project's schedule.
create or replace function assistant.set_rhythm(told jsonb, seen int) returns assistant.rhythms
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); person constant uuid := assistant.me(); r assistant.rhythms;
begin
  insert into assistant.rhythms (project_id, user_id, version) values (p, person, 0) on conflict do nothing;
  select x.* into r from assistant.rhythms x where x.project_id = p and x.user_id = person for update;
  if r.version <> seen then return null; end if;
  r := jsonb_populate_record(r, told);
  begin
    perform shared.clock() at time zone r.timezone;
  exception when invalid_parameter_value then
    perform shared.fail('unprocessable', 'timezone_unknown');
  end;
  if r.channel = 'email' and assistant.own_email(person) is null then perform shared.fail('conflict', 'email_unverified'); end if;
  if r.channel = 'telegram' and assistant.telegram_chat_of(person) is null then perform shared.fail('conflict', 'telegram_unbound'); end if;
  if r.plan_on and outbound.is_night(r.plan_at, r.quiet_from, r.quiet_until) or r.review_on and outbound.is_night(r.review_at, r.quiet_from, r.quiet_until)
    or r.reminders_on and outbound.is_night(r.reminders_at, r.quiet_from, r.quiet_until) then
    perform shared.fail('unprocessable', 'in_quiet_hours', jsonb_build_object('detail', 'What you want to hear of would come in your quiet hours.'));
  end if;
  update assistant.rhythms x set (channel, language, timezone, quiet_from, quiet_until, plan_on, plan_at, plan_days, review_on, review_at, review_day, reminders_on,
        reminders_at, updated_at, version) = (r.channel, r.language, r.timezone, r.quiet_from, r.quiet_until, r.plan_on, r.plan_at, r.plan_days, r.review_on,
        r.review_at, r.review_day, r.reminders_on, r.reminders_at, shared.clock(), x.version + 1)
    where x.project_id = p and x.user_id = person returning x.* into r;
  if r.channel is not null then
    -- Begins with the next tick; the job switches it off when nobody wants to hear anything. One that people have changed is theirs.
    insert into shared.scheduled_jobs as s (project_id, id, name, kind, interval_seconds, missed, jitter_seconds)
      values (p, shared.made_id('sch', p || ':assistant.rhythm.send'), 'assistant.rhythm.send', 'assistant.rhythm.send', 900, 'once', 45)
      on conflict (project_id, name) do update set enabled = true, next_run_at = null, updated_at = shared.clock() where s.version = 1 and not s.enabled;
  end if;
  return r;
end $$;
comment on function assistant.set_rhythm(jsonb, int) is 'Changes one''s own rhythm.';
revoke execute on function assistant.set_rhythm(jsonb, int) from public;
grant execute on function assistant.set_rhythm(jsonb, int) to omneuro_app;

-- Ids, for a job. Security definer: a rhythm is open to its own person only. Who has left the project is not among them.
create or replace function assistant.listeners() returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope();
begin
  perform assistant.assert_job();
  return query select r.user_id from assistant.rhythms r
      join identity.memberships m on m.project_id = p and m.user_id = r.user_id and m.ended_at is null
      join identity.role_permissions g on g.role = m.role and g.permission = 'assistant:use'
      join shared.users u on u.id = r.user_id and u.disabled_at is null
    where r.project_id = p and r.channel is not null order by r.user_id;
end $$;
comment on function assistant.listeners() is 'Ids of the members who want to hear from their planner, for a job.';
revoke execute on function assistant.listeners() from public;
grant execute on function assistant.listeners() to omneuro_app;

-- For the job: each member who wants to hear something, where, and what he has heard of in the last two days. Where nobody does, its
-- schedule rests until somebody does again.
create or replace function assistant.rhythms_on() returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); person uuid; one jsonb; listed jsonb := '[]';
begin
  for person in select x from assistant.listeners() x loop
    perform assistant.enter_person(person);
    select to_jsonb(r) || jsonb_build_object('zone', assistant.zone(), 'address',
        case r.channel when 'email' then assistant.own_email(person) else assistant.telegram_chat_of(person) end,
        'heard', coalesce((select jsonb_agg(o.occasion || ' ' || o.day) from assistant.rhythm_occasions o
          where o.project_id = p and o.user_id = person and o.day > assistant.today() - 3), '[]')) into one
      from assistant.rhythms r where r.project_id = p and r.user_id = person and r.channel is not null;
    if one is not null then listed := listed || one; end if;
  end loop;
  perform assistant.enter_person(null);
  if listed = '[]' then
    update shared.scheduled_jobs s set enabled = false, next_run_at = null, updated_at = shared.clock()
      where s.project_id = p and s.name = 'assistant.rhythm.send' and s.version = 1 and s.enabled;
  end if;
  return listed;
end $$;
comment on function assistant.rhythms_on() is 'Who wants to hear something, and when; for the job.';
revoke execute on function assistant.rhythms_on() from public;
grant execute on function assistant.rhythms_on() to omneuro_app;

-- n: {contact: an id for the record that stands for him, draft, lang, ground: what the approval rests on}. Approved and queued, with its line in
-- the ledger and in the audit trail; afterwards the transaction is still the system's.
create or replace function assistant.put_message(n jsonb) returns outbound.messages
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); person constant uuid := assistant.me(); at constant timestamptz := shared.clock(); who text; made outbound.messages;
begin
  perform set_config('app.actor', 'system:assistant', true);
  insert into people.contacts as c (project_id, id, origin, for_user_id, language, timezone) values (p, n->>'contact', 'staff', person, n->>'lang', assistant.zone())
    on conflict (project_id, for_user_id) where for_user_id is not null do update set language = excluded.language, timezone = excluded.timezone
    returning c.id into who;
  made := outbound.put_draft(n->'draft' || jsonb_build_object('contact', who, 'for_user', person));
  update outbound.messages m set state = 'approved', approved_at = at, approved_by = 'system:assistant', seal = outbound.seal(m),
    policy = outbound.rules(m.contact_id, m.channel, m.brand) where m.project_id = p and m.id = made.id;
  update outbound.messages m set state = 'queued' where m.project_id = p and m.id = made.id returning m.* into made;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', made.id), 'kind', 'outbound.message.queued',
    'ref_type', 'outbound_message', 'ref_id', made.id, 'ts', at, 'payload', jsonb_build_object('state', 'queued'))));
  insert into shared.audit_events (project_id, id, actor, action, ref_type, ref_id, evidence_refs, payload, request_id)
    values (p, shared.made_id('aud', made.id), 'system:assistant', 'outbound.message.approved', 'outbound_message', made.id, '{}',
      n->'ground' || '{"through_quiet": true}', current_setting('app.request_id'));
  return made;
end $$;
comment on function assistant.put_message(jsonb) is 'A message for the entered person''s eyes only, on its way.';
revoke execute on function assistant.put_message(jsonb) from public;
grant execute on function assistant.put_message(jsonb) to omneuro_app;

-- n: {occasion, day, reason: why nothing can be sent, draft: null when there is nothing to say, shown: its numbered tasks, contact, sender,
-- sealed, wake}: ids for what may have to be made. {state, wake: to publish}; null where another run has decided: once for each occasion and day.
create or replace function assistant.tell_member(n jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); person constant uuid := assistant.me(); at constant timestamptz := shared.clock();
  r assistant.rhythms := assistant.rhythm(); why text := n->>'reason'; made outbound.messages; by_bot text;
begin
  perform assistant.assert_job();
  perform set_config('app.actor', 'system:assistant', true);
  perform assistant.lock_person(p, person);
  if exists (select from assistant.rhythm_occasions o where o.project_id = p and o.user_id = person and o.occasion = n->>'occasion' and o.day = (n->>'day')::date) then
    return null;
  end if;
  if why is null and n->'draft' <> 'null' then
    begin
      if n->'draft'->>'channel' = 'telegram' then
        insert into outbound.senders as s (project_id, id, provider, channel, name, address, credentials_sealed, per_second, for_members)
          values (p, n->>'sender', 'telegram', 'telegram', 'Planner', '-', n->>'sealed', 25, true)
          on conflict (project_id, channel) where for_members do update set updated_at = s.updated_at returning s.id into by_bot;
      end if;
      -- The ground of the approval is the member's own wish, as it stood.
      made := assistant.put_message(jsonb_build_object('contact', n->'contact', 'lang', r.language,
        'draft', n->'draft' || jsonb_build_object('sender', by_bot),
        'ground', jsonb_build_object('rhythm', person, 'rhythm_version', r.version, 'occasion', n->>'occasion', 'day', n->>'day')));
      -- Answered in that chat, its numbers mean what they stood before.
      if made.channel = 'telegram' then perform assistant.surface('tg:' || made.recipient, 'rhythm', n->'shown'); end if;
    exception when others then
      -- What outbound refuses is written down with its name; what is our own mistake stops the run.
      if sqlstate not like 'OM4%' then raise; end if;
      why := sqlerrm;
      made := null;
    end;
  end if;
  -- Words of a day are worth nothing a quarter later.
  update outbound.messages m set subject = null, body = '-', erased_at = at, updated_at = at
    where m.project_id = p and m.contact_id = made.contact_id and m.for_user_id = person and m.created_at < at - interval '90 days' and m.erased_at is null
      and m.state in ('submitted', 'sent', 'delivered', 'read', 'failed', 'cancelled', 'blocked_opt_out');
  insert into assistant.rhythm_occasions (project_id, user_id, occasion, day, state, reason, message_id)
    values (p, person, n->>'occasion', (n->>'day')::date, case when why is not null then 'skipped' when made.id is null then 'nothing' else 'queued' end, why, made.id);
  if made.id is null then return jsonb_build_object('state', case when why is null then 'nothing' else 'skipped' end); end if;
  perform shared.record_events(jsonb_build_array(
    jsonb_build_object('id', shared.made_id('evt', p || ':told:' || made.id), 'kind', 'assistant.rhythm.queued', 'ref_type', 'rhythm', 'ref_id', person, 'ts', at,
      'payload', jsonb_build_object('occasion', n->>'occasion', 'day', n->>'day', 'message', made.id))));
  return jsonb_build_object('state', 'queued', 'wake', outbound.wake(n->>'wake', 'outbound.dispatch', made.sender_id, made.due_at));
end $$;
comment on function assistant.tell_member(jsonb) is 'Decides about one occasion of the entered person, and queues its message.';
revoke execute on function assistant.tell_member(jsonb) from public;
grant execute on function assistant.tell_member(jsonb) to omneuro_app;
