-- One notice: decided, and where it is to be told drafted, approved by the rule, sealed and queued. What a job's earlier notice about its
-- time still had to say is withdrawn. n: {id, event, event_id, job, contact, reason, channel, instead_of, first, again, ids: {...}}; `first` and
-- `again` are drafts for outbound.put_draft: for who has been told nothing of this job's time yet, and for who has.
create or replace function field.tell_one(n jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  of_time constant boolean := n->>'event' in ('scheduled', 'rescheduled', 'cancelled');
  why text := n->>'reason'; draft jsonb := n->'first'; made outbound.messages; was_told boolean;
begin
  if of_time and why is distinct from 'overtaken' then
    with withdrawn as (
      update outbound.messages m set state = 'cancelled', code = 'replaced', reserved_at = null, updated_at = at, version = m.version + 1
        where m.project_id = p and m.state in ('draft', 'pending', 'approved', 'queued') and m.id in (select x.message_id from field.notices x
          where x.project_id = p and x.job_id = n->>'job' and x.event in ('scheduled', 'rescheduled', 'cancelled') and x.state = 'queued')
        returning m.id)
    update field.notices x set state = 'replaced', updated_at = at from withdrawn d where x.project_id = p and x.message_id = d.id;
    was_told := exists (select from field.notices x join outbound.messages m on m.project_id = x.project_id and m.id = x.message_id
      where x.project_id = p and x.job_id = n->>'job' and x.event in ('scheduled', 'rescheduled') and m.state not in ('cancelled', 'blocked_opt_out'));
    if was_told then draft := coalesce(nullif(n->'again', 'null'), draft); end if;
    if n->>'event' = 'cancelled' and not was_told and why is null then why := 'never_told'; end if;
  end if;
  if why is null then
    begin
      made := outbound.put_draft(draft);
      update outbound.messages m set state = 'approved', approved_at = at, approved_by = 'system:notices', seal = outbound.seal(m),
        policy = outbound.rules(m.contact_id, m.channel, m.brand) where m.project_id = p and m.id = made.id;
      update outbound.messages m set state = 'queued' where m.project_id = p and m.id = made.id;
    exception when others then
      -- What outbound refuses is written down with its name; what is our own mistake stops the run.
      if sqlstate not like 'OM4%' then raise; end if;
      why := sqlerrm;
      made := null;
    end;
  end if;
  insert into field.notices (project_id, id, event, event_id, job_id, contact_id, channel, message_id, state, code)
    values (p, n->>'id', n->>'event', n->>'event_id', n->>'job', n->>'contact', case when why is null then n->>'channel' end, made.id,
      case when why is null then 'queued' else 'skipped' end, coalesce(why, n->>'instead_of'));
  if why is not null then
    if why <> 'disabled' then
      perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', n->>'id'), 'kind', 'notice.skipped', 'ref_type', 'job',
        'ref_id', n->>'job', 'ts', at, 'payload', jsonb_build_object('notice', n->>'event', 'reason', why, 'event', n->>'event_id'))));
    end if;
    return null;
  end if;
  perform shared.record_events(jsonb_build_array(
    jsonb_build_object('id', shared.made_id('evt', n->>'id'), 'kind', 'notice.queued', 'ref_type', 'job', 'ref_id', n->>'job', 'ts', at,
      'payload', jsonb_strip_nulls(jsonb_build_object('notice', n->>'event', 'channel', made.channel, 'message', made.id, 'event', n->>'event_id',
        'instead_of', n->'instead_of'))),
    jsonb_build_object('id', shared.made_id('evt', made.id), 'kind', 'outbound.message.queued', 'ref_type', 'outbound_message', 'ref_id', made.id, 'ts', at,
      'payload', jsonb_build_object('state', 'queued', 'notice', n->>'event'))));
  insert into shared.audit_events (project_id, id, actor, action, ref_type, ref_id, evidence_refs, payload, request_id)
    values (p, shared.made_id('aud', made.id), 'system:notices', 'outbound.message.approved', 'outbound_message', made.id, array[made.template_id],
      jsonb_build_object('rule', n->>'event', 'event', n->>'event_id', 'through_quiet', made.through_quiet), current_setting('app.request_id'));
  return jsonb_build_object('message', made.id, 'sender', made.sender_id, 'due', made.due_at);
end $$;
comment on function field.tell_one(jsonb) is 'Decides about one notice, and queues its message; null where nobody is told.';
revoke execute on function field.tell_one(jsonb) from public;
grant execute on function field.tell_one(jsonb) to omneuro_app;

-- rows: as of tell_one. What another run has decided meanwhile is left alone. Returns {queued, skipped, wakes: [outbox rows to publish]}.
create or replace function field.tell(rows jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  n jsonb; told jsonb; queued int := 0; skipped int := 0; wakes jsonb := '[]'; woken jsonb;
begin
  perform set_config('app.actor', 'system:notices', true);
  -- One run after the other, so that each sees what the one before it has decided.
  perform pg_advisory_xact_lock(hashtextextended('notices:' || shared.scope(), 32));
  for n in select r from jsonb_array_elements(rows) with ordinality x (r, i) order by i loop
    continue when exists (select from field.notices x where x.project_id = shared.scope() and x.event = n->>'event' and x.event_id = n->>'event_id');
    told := field.tell_one(n);
    if told is null then
      skipped := skipped + 1;
    else
      queued := queued + 1;
      woken := outbound.wake(n->>'wake', 'outbound.dispatch', told->>'sender', (told->>'due')::timestamptz);
      if woken is not null then wakes := wakes || woken; end if;
    end if;
  end loop;
  return jsonb_build_object('queued', queued, 'skipped', skipped, 'wakes', wakes);
end $$;
comment on function field.tell(jsonb) is 'Decides about notices, each once.';
revoke execute on function field.tell(jsonb) from public;
grant execute on function field.tell(jsonb) to omneuro_app;

-- The wake-up that lines of the ledger lack which have waited for a minute; null when none is lacking.
create or replace function field.sweep_notices(wake_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$ begin
  if exists (select from field.untold(1) u where u.created_at < shared.clock() - interval '1 minute')
    and not exists (select from shared.outbox o where o.project_id = shared.scope() and o.kind = 'field.notices.tell' and o.state = 'pending'
      and o.due_at <= shared.clock()) then
    return outbound.wake(wake_id, 'field.notices.tell', null, shared.clock());
  end if;
  return null;
end $$;
comment on function field.sweep_notices(text) is 'Stages the wake-up that untold lines lack, and returns it for publishing.';
revoke execute on function field.sweep_notices(text) from public;
grant execute on function field.sweep_notices(text) to omneuro_app;

-- Which projects the tick must sweep. Security definer: the tick belongs to no project, and learns ids only.
create or replace function field.due_projects() returns setof uuid
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform shared.assert_tick();
  return query select distinct e.project_id from shared.events e
    where e.created_at > shared.clock() - interval '2 days' and e.created_at < shared.clock() - interval '1 minute'
      and e.kind in ('schedule.created', 'schedule.moved', 'schedule.cancelled', 'job.on_my_way', 'job.status.changed')
      and (e.kind <> 'job.status.changed' or e.payload->>'to' in ('ready', 'shipped'))
      and not exists (select from field.notices n where n.project_id = e.project_id and n.event_id = e.id);
end $$;
comment on function field.due_projects() is 'Ids of projects in which something happened that clients may have to be told of; for the tick only.';
revoke execute on function field.due_projects() from public;
grant execute on function field.due_projects() to omneuro_app;
