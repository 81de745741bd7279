-- Promises: read out of what left the house, each once, and settled by what the ledger says came of them.

create or replace function insight.has_left(state text) returns boolean
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select state in ('submitted', 'sent', 'delivered', 'read') $$;
comment on function insight.has_left(text) is 'Did a message in this state reach its provider?';
revoke execute on function insight.has_left(text) from public;
grant execute on function insight.has_left(text) to omneuro_app;

-- The one job a promise to a person can be about: that of the notice, that of the day it is due, else the only one that is open.
create or replace function insight.job_of(message text, person text, due timestamptz) returns text
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); zone text; open_jobs text[]; that_day text[];
begin
  if person is null then return null; end if;
  select array[n.job_id] into open_jobs from field.notices n where n.project_id = p and n.message_id = message limit 1;
  if open_jobs is not null then return open_jobs[1]; end if;
  select z.timezone into zone from identity.projects z where z.id = p;
  select array_agg(j.id order by j.id), array_agg(j.id order by j.id) filter (where (j.scheduled_for at time zone zone)::date = (due at time zone zone)::date)
    into open_jobs, that_day from field.jobs j
    where j.project_id = p and j.client_id = any (people.same_person(array[person])) and j.status not in ('closed', 'cancelled');
  if cardinality(that_day) = 1 then return that_day[1]; end if;
  return case when cardinality(open_jobs) = 1 then open_jobs[1] end;
end $$;
comment on function insight.job_of(text, text, timestamptz) is 'The job a promise is about, null where it may be several or none.';
revoke execute on function insight.job_of(text, text, timestamptz) from public;
grant execute on function insight.job_of(text, text, timestamptz) to omneuro_app;

create or replace function insight.settle_promise(wanted text, becomes text, by_what text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare at constant timestamptz := shared.clock(); c world.commitments;
begin
  update world.commitments x set state = becomes, settled_at = at, settled_by = left(by_what, 200), updated_at = at, version = x.version + 1
    where x.project_id = shared.scope() and x.id = wanted and x.state = 'open' returning x.* into c;
  if c.id is null then return; end if;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', c.id || ' ' || becomes), 'kind', 'promise.' || becomes,
    'ref_type', 'promise', 'ref_id', c.id, 'ts', at, 'payload', jsonb_strip_nulls(jsonb_build_object('what', c.what, 'by', c.settled_by, 'job', c.job_id)))));
  if becomes = 'broken' then
    perform insight.put_risk(jsonb_build_object('kind', 'promise_broken', 'dedupe', 'promise:' || c.id, 'severity', case c.what when 'come' then 1 else 2 end,
      'ref_type', 'promise', 'ref', c.id, 'contact', c.contact_id, 'evidence', c.evidence_id, 'evidence_version', c.evidence_version));
  end if;
end $$;
comment on function insight.settle_promise(text, text, text) is 'Settles a promise, once; a broken one is a risk.';
revoke execute on function insight.settle_promise(text, text, text) from public;
grant execute on function insight.settle_promise(text, text, text) to omneuro_app;

-- rows: [{table, id, version, promises: [{id, evidence, what, from, to, due, keep_until}]}]. A message is read once as it is, whoever comes twice. What says the same
-- again is no second promise; another time for the same is the older one moved. Returns how many were made.
create or replace function insight.note_promises(rows jsonb) returns int
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); at constant timestamptz := shared.clock();
  r record; q record; old record; made world.commitments; n int := 0; proof shared.evidence_items; job text; who text[];
begin
  for r in select e.* from jsonb_to_recordset(rows) e ("table" text, id text, version int, promises jsonb) loop
    -- Edited while it was read: the next run reads it as it is.
    continue when r.version < (select e.version from shared.evidence_items e where e.project_id = p and e.source_table = r."table" and e.source_pk = r.id);
    insert into insight.read_messages as k (project_id, message_table, message_id, evidence_version) values (p, r."table", r.id, r.version)
      on conflict (project_id, message_table, message_id) do update set evidence_version = excluded.evidence_version, read_at = excluded.read_at
      where k.evidence_version < excluded.evidence_version;
    continue when not found;
    perform insight.reread_promises(r."table", r.id, r.version, r.promises);
    if r."table" = 'outbound.messages' then perform insight.told_by(r.id); end if;
    continue when jsonb_array_length(r.promises) = 0;
    select m.contact_id, null::text as conversation, coalesce(m.sent_at, m.submitted_at) as said_at, m.body into old
      from outbound.messages m where r."table" = 'outbound.messages' and m.project_id = p and m.id = r.id;
    if r."table" = 'inbox.cw_messages' then
      select (select c.person_id from inbox.cw_conversations v join inbox.cw_contacts c on c.project_id = p and c.id = v.contact_global_id
          where v.project_id = p and v.id = m.conversation_global_id) as contact_id, m.conversation_global_id as conversation,
          m.created_at as said_at, m.content as body into old
        from inbox.cw_messages m where m.project_id = p and m.id = r.id and m.deleted_at is null;
    end if;
    continue when old.said_at is null;
    if r."table" = 'outbound.messages' then
      perform shared.put_evidence(jsonb_build_array(jsonb_build_object('evidence', r.promises->0->>'evidence', 'source_table', r."table", 'source_pk', r.id,
        'content_hash', encode(sha256(convert_to(old.body, 'utf8')), 'hex'), 'visibility', 1, 'contact', old.contact_id, 'occurred_at', old.said_at)));
    end if;
    select e.* into proof from shared.evidence_items e where e.project_id = p and e.source_table = r."table" and e.source_pk = r.id and e.withdrawn_at is null;
    who := people.same_person(array[old.contact_id]);
    for q in select e.* from jsonb_to_recordset(r.promises) e (id text, what text, "from" int, "to" int, due timestamptz, keep_until timestamptz) order by e."from" loop
      continue when exists (select from world.commitments c where c.project_id = p and c.state = 'open' and c.what = q.what and c.due_at = q.due
        and (c.contact_id = any (who) or c.conversation_id = old.conversation));
      -- What became of it stays so, whatever else of its message is edited.
      continue when exists (select from world.commitments c where c.project_id = p and c.message_table = r."table" and c.message_id = r.id
        and c.what = q.what and c.due_at = q.due and c.state <> 'open' and c.settled_by <> 'sentence_changed');
      job := insight.job_of(r.id, old.contact_id, q.due);
      insert into world.commitments (project_id, id, message_table, message_id, words_from, words_to, what, said_at, due_at, keep_until, contact_id,
          conversation_id, job_id, evidence_id, evidence_version)
        values (p, q.id, r."table", r.id, q."from", q."to", q.what, old.said_at, q.due, q.keep_until, old.contact_id, old.conversation, job, proof.id, proof.version)
        on conflict do nothing returning * into made;
      continue when made.id is null;
      n := n + 1;
      perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', made.id || ' made'), 'kind', 'promise.made',
        'ref_type', 'promise', 'ref_id', made.id, 'ts', at, 'payload', jsonb_strip_nulls(jsonb_build_object('what', made.what, 'message', r.id, 'job', job)))));
      if made.what <> 'send' then
        perform insight.settle_promise(c.id, 'moved', made.id) from world.commitments c where c.project_id = p and c.state = 'open' and c.what = made.what
          and c.id <> made.id and c.said_at < made.said_at and c.keep_until > made.said_at
          and (c.contact_id = any (who) or c.conversation_id = old.conversation) and (c.job_id is null or made.job_id is null or c.job_id = made.job_id)
          and c.message_id <> made.message_id;
      end if;
    end loop;
  end loop;
  return n;
end $$;
comment on function insight.note_promises(jsonb) is 'Writes down what messages promise; each message is read once.';
revoke execute on function insight.note_promises(jsonb) from public;
grant execute on function insight.note_promises(jsonb) to omneuro_app;

-- Whether we were in touch by words since then, and by what: not a marketing message, and not one of the notices that go by themselves.
create or replace function insight.wrote(c world.commitments, since timestamptz) returns text
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  select x.id from (
    select m.id, coalesce(m.sent_at, m.submitted_at) as at from outbound.messages m where m.project_id = c.project_id
      and m.contact_id = any (people.same_person(array[c.contact_id])) and insight.has_left(m.state) and m.class <> 'marketing'
      and m.id <> c.message_id and m.for_user_id is null
      and not exists (select from field.notices n where n.project_id = c.project_id and n.message_id = m.id)
    union all
    select m.id, m.created_at from inbox.cw_messages m where m.project_id = c.project_id and m.message_type = 'outgoing' and not m.private
      and m.deleted_at is null and m.id <> c.message_id and (m.own_ref is null or m.own_ref not like 'msg\_%')
      and m.conversation_global_id in (select c.conversation_id union all select v.id from inbox.cw_contacts o
        join inbox.cw_conversations v on v.project_id = c.project_id and v.contact_global_id = o.id
        where o.project_id = c.project_id and o.person_id = any (people.same_person(array[c.contact_id])))) x
  where x.at > since and x.at <= c.keep_until order by x.at, x.id limit 1
$$;
comment on function insight.wrote(world.commitments, timestamptz) is 'The first message of ours to a promise''s person after that time and in time.';
revoke execute on function insight.wrote(world.commitments, timestamptz) from public;
grant execute on function insight.wrote(world.commitments, timestamptz) to omneuro_app;

-- {state, by}, or null while it is open. A day before it is due nobody is on the way for it yet; nor is the next line of a talk the call that was promised.
create or replace function insight.verdict_of(c world.commitments) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); jobs text[]; by_what text;
begin
  if exists (select from shared.evidence_items e where e.project_id = p and e.id = c.evidence_id and e.withdrawn_at is not null) then
    return '{"state": "withdrawn", "by": "evidence_withdrawn"}';
  end if;
  if c.message_table = 'outbound.messages' and exists (select from outbound.messages m where m.project_id = p and m.id = c.message_id
      and m.state in ('failed', 'blocked_opt_out', 'cancelled')) then return '{"state": "withdrawn", "by": "not_delivered"}'; end if;

  jobs := case when c.job_id is not null then array[c.job_id] else array(select j.id from field.jobs j where j.project_id = p
    and j.client_id = any (people.same_person(array[c.contact_id]))) end;
  if c.what in ('come', 'ready') then
    select e.id into by_what from shared.events e where e.project_id = p and e.ref_type = 'job' and e.ref_id = any (jobs)
      and e.ts > greatest(c.said_at, c.due_at - case c.what when 'come' then interval '24 hours' else interval '1 year' end) and e.ts <= c.keep_until
      and (c.what = 'come' and e.kind = 'job.on_my_way' or e.kind = 'job.status.changed' and e.payload->>'to' = any (case c.what
        when 'come' then '{onsite,repairing,ready,shipped,closed}'::text[] else '{ready,shipped,closed}' end))
      order by e.ts, e.id limit 1;
  else
    by_what := insight.wrote(c, c.said_at + least(interval '15 minutes', (c.due_at - c.said_at) / 2));
  end if;
  if by_what is not null then return jsonb_build_object('state', 'kept', 'by', by_what); end if;

  if c.what in ('come', 'ready') then
    select e.id into by_what from shared.events e join field.notices n on n.project_id = p and n.event_id = e.id
        join outbound.messages m on m.project_id = p and m.id = n.message_id and insight.has_left(m.state)
      where e.project_id = p and e.ref_type = 'job' and e.ref_id = any (jobs) and e.kind in ('schedule.moved', 'schedule.cancelled')
        and e.ts > c.said_at and e.ts <= c.keep_until order by e.ts, e.id limit 1;
    if by_what is not null then return jsonb_build_object('state', 'moved', 'by', by_what); end if;
  end if;
  return case when c.keep_until < shared.clock() then jsonb_build_object('state', 'broken', 'by', 'time') end;
end $$;
comment on function insight.verdict_of(world.commitments) is 'What came of a promise by the ledger, null while it may still be kept.';
revoke execute on function insight.verdict_of(world.commitments) from public;
grant execute on function insight.verdict_of(world.commitments) to omneuro_app;

-- Those whose time has come first, then whoever was not looked at for longest. Returns how many were settled.
create or replace function insight.settle_promises(most int) returns int
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); c world.commitments; v jsonb; n int := 0;
begin
  for c in select x.* from world.commitments x where x.project_id = p and x.state = 'open'
    order by x.keep_until < shared.clock() desc, x.checked_at nulls first, x.id limit most for update skip locked
  loop
    v := insight.verdict_of(c);
    if v is null then
      update world.commitments x set checked_at = shared.clock() where x.project_id = p and x.id = c.id;
    else
      perform insight.settle_promise(c.id, v->>'state', v->>'by');
      n := n + 1;
    end if;
  end loop;
  return n;
end $$;
comment on function insight.settle_promises(int) is 'Settles promises that were kept, moved or broken.';
revoke execute on function insight.settle_promises(int) from public;
grant execute on function insight.settle_promises(int) to omneuro_app;

-- The sentence as it stands in the message, null where the message is gone or says something else by now.
create or replace function insight.sentence_of(c world.commitments) returns text
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); said text;
begin
  if not exists (select from shared.evidence_items e where e.project_id = p and e.id = c.evidence_id and e.version = c.evidence_version and e.withdrawn_at is null) then
    return null;
  end if;
  if c.message_table = 'outbound.messages' then select m.body into said from outbound.messages m where m.project_id = p and m.id = c.message_id and m.erased_at is null;
  else select m.content into said from inbox.cw_messages m where m.project_id = p and m.id = c.message_id and m.deleted_at is null; end if;
  return substr(said, c.words_from + 1, c.words_to - c.words_from);
end $$;
comment on function insight.sentence_of(world.commitments) is 'The promise in the words of its message.';
revoke execute on function insight.sentence_of(world.commitments) from public;
grant execute on function insight.sentence_of(world.commitments) to omneuro_app;
