-- What clients were told, what they hold for true since it changed, and the message that corrects it.

-- Facts that a message told its reader: those it cites by their id, and the appointment that a notice told of, as its words say it.
create or replace function insight.told_by(message text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  m outbound.messages; fact text; proof constant text := shared.made_id('evi', 'outbound.messages ' || message); names text[]; gone record; told text[];
begin
  select x.* into m from outbound.messages x where x.project_id = p and x.id = message;
  told := array(select f.id from world.facts f where f.project_id = p and f.id = any (m.evidence_refs) and f.continues is null and f.scope = 'global')
    || array_remove(array[insight.told_appointment(m)], null);
  if cardinality(told) = 0 then return; end if;
  perform shared.put_evidence(jsonb_build_array(jsonb_build_object('evidence', proof, 'source_table', 'outbound.messages', 'source_pk', m.id,
    'content_hash', encode(sha256(convert_to(m.body, 'utf8')), 'hex'), 'visibility', 1, 'contact', m.contact_id, 'occurred_at', coalesce(m.sent_at, m.submitted_at))));
  names := world.names_of('contact:' || m.contact_id);
  foreach fact in array told loop
    -- What a colleague has said of his knowledge stands.
    if not exists (select from world.knowledge_edges e where e.project_id = p and e.knower = any (names) and e.fact_id = fact and e.superseded_at is null
        and e.session_id is null and e.set_by_user) then
      perform world.put_edge(jsonb_build_object('id', shared.made_id('edg', message || ' told ' || fact), 'knower', 'contact:' || m.contact_id, 'fact', fact,
        'status', 'confirmed', 'source', 'user_told', 'evidence', (select i.id from shared.evidence_items i where i.project_id = p
          and i.source_table = 'outbound.messages' and i.source_pk = m.id)));
    end if;
    for gone in select r.dedupe_key, r.message_id from insight.risk_radar_items r join world.knowledge_edges e on e.project_id = p and e.id = r.ref_id
      where r.project_id = p and r.kind = 'false_belief' and r.status = 'open' and e.fact_id = fact and e.knower = any (names)
    loop
      perform insight.resolve_risk(gone.dedupe_key, 'told');
      perform insight.withdraw_draft(gone.message_id, message);
    end loop;
  end loop;
end $$;
comment on function insight.told_by(text) is 'Notes that a person knows what a message told him, and closes what was open about it.';
revoke execute on function insight.told_by(text) from public;
grant execute on function insight.told_by(text) to omneuro_app;

-- A correction that is needless by now: he was told otherwise, or it has changed again.
create or replace function insight.withdraw_draft(message text, but_not text) returns void
  language sql volatile set search_path = pg_catalog, pg_temp
  as $$
  update outbound.messages m set state = 'cancelled', code = 'replaced', reserved_at = null, updated_at = shared.clock(), version = m.version + 1
    where m.project_id = shared.scope() and m.id = message and m.id is distinct from but_not and m.state in ('draft', 'pending', 'approved', 'queued')
$$;
comment on function insight.withdraw_draft(text, text) is 'Withdraws a correction that has not left.';
revoke execute on function insight.withdraw_draft(text, text) from public;
grant execute on function insight.withdraw_draft(text, text) to omneuro_app;

-- An appointment is a fact from when its client is told of it: `appointment.starts` of the job, in the project's clocks.
create or replace function insight.appointment_fact(job text, value text, because text) returns text
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); j field.jobs; entity constant text := shared.made_id('ent', 'job ' || job); made world.facts;
begin
  select x.* into j from field.jobs x where x.project_id = p and x.id = job;
  if not exists (select from world.entities e where e.project_id = p and e.id = entity) then
    perform world.put_entity(jsonb_build_object('id', entity, 'type', 'Service', 'name', 'Job ' || j.number));
  end if;
  made := world.put_fact(jsonb_build_object('id', shared.made_id('fct', concat_ws(' ', job, value, because)), 'subject', entity, 'key', 'appointment.starts',
    'value', value, 'value_type', 'string', 'visibility', 1, 'contact', j.client_id, 'origin', 'job:' || job, 'source_type', 'external', 'source_ref', because));
  return made.root_id;
end $$;
comment on function insight.appointment_fact(text, text, text) is 'When a job''s client is expected to be visited, as a fact; returns its id.';
revoke execute on function insight.appointment_fact(text, text, text) from public;
grant execute on function insight.appointment_fact(text, text, text) to omneuro_app;

create or replace function insight.told_appointment(m outbound.messages) returns text
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); n field.notices; said text; entity text; known world.facts; at constant timestamptz := shared.clock();
begin
  select x.* into n from field.notices x where x.project_id = p and x.message_id = m.id and x.event in ('scheduled', 'rescheduled', 'cancelled') limit 1;
  if n.id is null then return null; end if;
  said := case when n.event = 'cancelled' then 'called off' else concat_ws(' ', m.variables->>'day', m.variables->>'time_from') end;
  entity := shared.made_id('ent', 'job ' || n.job_id);
  select f.* into known from world.facts f where f.project_id = p and f.subject_entity_id = entity and f.key = 'appointment.starts' and f.origin = 'job:' || n.job_id
    order by f.superseded_at is null desc, f.value = to_jsonb(said) desc, f.recorded_at desc limit 1;
  if known.id is null then return insight.appointment_fact(n.job_id, said, n.event_id); end if;
  if known.value = to_jsonb(said) then return known.root_id; end if;
  -- He was told what it was before; what it is now he does not know.
  return (select f.root_id from world.facts f where f.project_id = p and f.subject_entity_id = entity and f.key = 'appointment.starts'
    and f.origin = 'job:' || n.job_id and f.value = to_jsonb(said) order by f.recorded_at desc limit 1);
end $$;
comment on function insight.told_appointment(outbound.messages) is 'The fact about an appointment that a notice told of, null where it is no such notice.';
revoke execute on function insight.told_appointment(outbound.messages) from public;
grant execute on function insight.told_appointment(outbound.messages) to omneuro_app;

-- Appointments that somebody was told of and that were moved or called off since: the fact follows.
create or replace function insight.follow_appointments(most int) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); zone text; r record;
begin
  select z.timezone into zone from identity.projects z where z.id = p;
  for r in select j.id, x.value, e.id as because from world.facts f
      join field.jobs j on j.project_id = p and 'job:' || j.id = f.origin
      cross join lateral (select coalesce(to_char(j.scheduled_for at time zone zone, 'YYYY-MM-DD HH24:MI'), 'called off') as value) x
      cross join lateral (select v.id from shared.events v where v.project_id = p and v.ref_type = 'job' and v.ref_id = j.id and v.kind like 'schedule.%'
        order by v.ts desc, v.id desc limit 1) e
    where f.project_id = p and f.key = 'appointment.starts' and f.superseded_at is null and f.session_id is null and j.status in ('intake', 'scheduled', 'cancelled')
      and (j.scheduled_for is null or j.scheduled_for > shared.clock()) and f.value <> to_jsonb(x.value)
    order by f.recorded_at, f.id limit most
  loop
    perform insight.appointment_fact(r.id, case when exists (select from field.jobs j where j.project_id = p and j.id = r.id and j.status = 'cancelled')
      then 'called off' else r.value end, r.because);
  end loop;
end $$;
comment on function insight.follow_appointments(int) is 'Writes down where appointments are now that somebody was told of.';
revoke execute on function insight.follow_appointments(int) from public;
grant execute on function insight.follow_appointments(int) to omneuro_app;

-- Who was told a fact that another one took the place of, and not that one: [{told: the edge, contact, fact, believed, value, key, type, unit, language,
-- channel, sender}]. Ten minutes are left to who tells him himself, and whatever is on its way to him is waited for.
create or replace function insight.false_beliefs(most int) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$ begin
  return (with recursive told as (
    select e.id, e.knower_contact_id as contact, e.fact_id, e.evidence_id, f.superseded_by as next, f.value as believed, 1 as hops
      from world.knowledge_edges e join world.facts f on f.project_id = e.project_id and f.id = e.fact_id
      where e.project_id = shared.scope() and e.superseded_at is null and e.session_id is null and e.status = 'confirmed' and e.source = 'user_told'
        and e.knower_contact_id is not null and f.superseded_by is not null
    union all
    select t.id, t.contact, t.fact_id, t.evidence_id, f.superseded_by, t.believed, t.hops + 1 from told t
      join world.facts f on f.project_id = shared.scope() and f.id = t.next where f.superseded_by is not null and t.hops < 20
  )
  select coalesce(jsonb_agg(to_jsonb(x) order by x.told), '[]') from (
    select distinct on (t.contact, n.root_id) t.id as told, t.contact, n.root_id as fact, t.fact_id as was, t.believed, n.value, n.key, n.value_type as type, n.unit, c.language,
      m.channel, m.sender_id as sender, t.evidence_id as evidence
    from told t
      join world.facts n on n.project_id = shared.scope() and n.id = t.next and n.superseded_at is null and n.scope = 'global'
        and (n.valid_from is null or n.valid_from <= shared.clock()) and (n.valid_to is null or n.valid_to > shared.clock())
      join people.contacts c on c.project_id = n.project_id and c.id = t.contact and c.erased_at is null
      left join shared.evidence_items i on i.project_id = n.project_id and i.id = t.evidence_id and i.source_table = 'outbound.messages'
      left join outbound.messages m on m.project_id = n.project_id and m.id = i.source_pk
    where n.recorded_at < shared.clock() - interval '10 minutes'
      and not exists (select from world.knowledge_edges o where o.project_id = n.project_id and o.fact_id = n.root_id and o.superseded_at is null
        and o.session_id is null and o.knower = any (world.names_of('contact:' || t.contact)))
      and not exists (select from outbound.messages w where w.project_id = n.project_id and w.contact_id = any (people.same_person(array[t.contact]))
        and (w.state in ('pending', 'approved', 'queued', 'submitting') or insight.has_left(w.state) and w.submitted_at > shared.clock() - interval '1 day'
          and not exists (select from insight.read_messages r where r.project_id = w.project_id and r.message_table = 'outbound.messages' and r.message_id = w.id))
        and (n.root_id = any (w.evidence_refs) or exists (select from field.notices k where k.project_id = w.project_id and k.message_id = w.id
          and n.origin = 'job:' || k.job_id)))
    order by t.contact, n.root_id, t.hops, t.id limit most) x);
end $$;
comment on function insight.false_beliefs(int) is 'Who was told what is not so any more, and was not told since.';
revoke execute on function insight.false_beliefs(int) from public;
grant execute on function insight.false_beliefs(int) to omneuro_app;

-- rows: those of insight.false_beliefs with {edge, draft: for outbound.put_draft, or null where he has to be asked by telephone}. What has become as he
-- believes is no false belief. Returns how many were found.
create or replace function insight.mend_beliefs(rows jsonb) returns int
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); r record; e world.knowledge_edges; d outbound.messages; why text; key text; n int := 0;
begin
  for r in select x.* from jsonb_to_recordset(rows) x (edge text, contact text, fact text, was text, believed jsonb, value jsonb, evidence text, draft jsonb) loop
    continue when exists (select from world.knowledge_edges o where o.project_id = p and o.fact_id = r.fact and o.superseded_at is null and o.session_id is null
      and o.knower = any (world.names_of('contact:' || r.contact)));
    key := concat_ws(':', 'belief', r.contact, (select f.subject_entity_id || ':' || f.key || ':' || f.origin from world.facts f where f.project_id = p and f.id = r.was));
    perform insight.withdraw_draft((select x.message_id from insight.risk_radar_items x where x.project_id = p and x.dedupe_key = left(key, 300)), null);
    e := world.put_edge(jsonb_build_object('id', r.edge, 'knower', 'contact:' || r.contact, 'fact', r.fact, 'source', 'user_told', 'evidence', r.evidence,
      'status', case when r.believed = r.value then 'confirmed' else 'false_belief' end, 'believed_value', case when r.believed <> r.value then r.believed end));
    if r.believed = r.value then perform insight.resolve_risk(left(key, 300), 'true_again'); continue; end if;
    d := null; why := case when r.draft is null then 'channel_unknown' end;
    if r.draft is not null then
      begin
        d := outbound.put_draft(r.draft);
      exception when others then
        if sqlstate not like 'OM4%' then raise; end if;
        why := sqlerrm;
      end;
    end if;
    perform insight.put_risk(jsonb_build_object('kind', 'false_belief', 'dedupe', left(key, 300), 'ref_type', 'knowledge_edge', 'ref', e.id, 'contact', r.contact,
      'evidence', e.evidence_id, 'evidence_version', e.evidence_version, 'message', d.id, 'code', why));
    n := n + 1;
  end loop;
  return n;
end $$;
comment on function insight.mend_beliefs(jsonb) is 'Notes false beliefs, with a draft of the correction for somebody to approve.';
revoke execute on function insight.mend_beliefs(jsonb) from public;
grant execute on function insight.mend_beliefs(jsonb) to omneuro_app;
