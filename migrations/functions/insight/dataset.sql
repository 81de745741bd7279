-- A dataset for training and evaluation: of those who agreed, each use for itself, under pseudonyms, and of nothing that was erased,
-- deleted or put under a tombstone. The same rows and consents give the same lines.
create or replace function insight.pseudonym(of_kind text, of_id text) returns text
  language sql stable
  set search_path = pg_catalog, ext, pg_temp
  as $$ select left(encode(hmac(convert_to('dataset ' || of_kind || ' ' || of_id, 'UTF8'), p.hmac_key, 'sha256'), 'hex'), 20) from identity.projects p where p.id = shared.scope() $$;
comment on function insight.pseudonym(text, text) is 'Stands for a row in a dataset; nobody without the project''s key can tell which.';
revoke execute on function insight.pseudonym(text, text) from public;
grant execute on function insight.pseudonym(text, text) to omneuro_app;

create or replace function insight.is_buried(kinds text[], object text) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$ select exists (select from shared.tombstones t where t.project_id = shared.scope() and t.object_type = any (kinds) and t.object_id = object) $$;
comment on function insight.is_buried(text[], text) is 'Whether a row was here and must not come back.';
revoke execute on function insight.is_buried(text[], text) from public;
grant execute on function insight.is_buried(text[], text) to omneuro_app;

-- A person who may be in a dataset, by the record that speaks for him, with his words: {memory, telemetry, raw_text}. Null: he may not.
create or replace function insight.dataset_person(contact text) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare speaker text := people.speaker_of(contact); said jsonb;
begin
  if speaker is null or exists (select from people.contacts c where c.project_id = shared.scope() and c.id = any (people.ids_of(contact))
      and (c.erased_at is not null or insight.is_buried('{contact,person}', c.id))) then return null; end if;
  select jsonb_object_agg(e.key, coalesce((e.value->>'granted')::boolean, false)) into said from jsonb_each(people.consents_of(speaker)) e;
  if not said @> '{"memory": true}' and not said @> '{"telemetry": true}' and not said @> '{"raw_text": true}' then return null; end if;
  return said || jsonb_build_object('person', insight.pseudonym('person', speaker));
end $$;
comment on function insight.dataset_person(text) is 'Pseudonym and consents of somebody who agreed to any use; null for everybody else.';
revoke execute on function insight.dataset_person(text) from public;
grant execute on function insight.dataset_person(text) to omneuro_app;

create or replace function insight.dataset_plan() returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select coalesce(jsonb_agg(jsonb_build_array(jsonb_build_array(z.kind, z.begins, z.id, z.rows)) order by z.kind, z.id), '[]') from (
    select e.kind, lag(e.id) over w as begins, e.id, e.n - coalesce(lag(e.n) over w, 0) as rows from (
      select distinct on (p.kind, (p.n - 1) / 100) p.kind, p.id, p.n from (
        select 'conversations' as kind, v.id, row_number() over (order by v.id) as n from inbox.cw_conversations v
          where v.project_id = shared.scope()
        union all
        select 'facts', f.id, row_number() over (order by f.id) from world.facts f where f.project_id = shared.scope() and f.session_id is null
        union all
        select 'jobs', j.id, row_number() over (order by j.id) from field.jobs j where j.project_id = shared.scope()
        union all
        -- Row security shows rehearsals to whoever held them.
        select 'rehearsals', s.id, row_number() over (order by s.id) from world.sessions s where s.project_id = shared.scope()) p
      order by p.kind, (p.n - 1) / 100, p.n desc) e
    window w as (partition by e.kind order by e.n)) z
$$;
comment on function insight.dataset_plan() is 'The parts of a dataset, a range each: [[kind, id after which it begins, id that it ends with, rows looked at]].';
revoke execute on function insight.dataset_plan() from public;
grant execute on function insight.dataset_plan() to omneuro_app;

-- What was said in a conversation, without notes among colleagues; `text` only where the person gave his words.
create or replace function insight.dataset_turns(conversation text, started timestamptz, worded boolean) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('from', case m.message_type when 'incoming' then 'client' else 'staff' end,
      'seconds', greatest(0, extract(epoch from m.created_at - started))::int, 'length', length(m.content),
      'text', case when worded then m.content end)) order by m.seq, m.id), '[]')
  from inbox.cw_messages m where m.project_id = shared.scope() and m.conversation_global_id = conversation
    and m.message_type in ('incoming', 'outgoing') and not m.private and m.content is not null and m.deleted_at is null and m.removed_at is null
    and not insight.is_buried('{message}', m.id)
$$;
comment on function insight.dataset_turns(text, timestamptz, boolean) is 'The turns of a conversation as a dataset has them.';
revoke execute on function insight.dataset_turns(text, timestamptz, boolean) from public;
grant execute on function insight.dataset_turns(text, timestamptz, boolean) to omneuro_app;

-- What holds of a person now, reviewed, and still standing on its evidence. A value that is words goes with his words only, a document never.
create or replace function insight.dataset_facts(after text, upto text) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('type', 'fact', 'fact', insight.pseudonym('fact', f.id), 'person', w.who->'person',
      'key', f.key, 'value_type', f.value_type, 'unit', f.unit, 'confidence', f.confidence, 'source', f.source_type,
      'value', case when f.value_type <> 'json' and f.value_type <> 'string' or f.value_type = 'string' and w.who @> '{"raw_text": true}' then f.value end)) order by f.id), '[]')
  from world.facts f join world.entities e on e.project_id = f.project_id and e.id = f.subject_entity_id and e.erased_at is null,
    lateral (select insight.dataset_person(coalesce(e.contact_id, f.contact_id)) as who) w
  where f.project_id = shared.scope() and f.id > after and f.id <= upto and f.scope = 'global' and f.superseded_at is null and f.stale_at is null
    and w.who @> '{"memory": true}' and not insight.is_buried('{fact}', f.id) and not insight.is_buried('{entity}', e.id)
    and not exists (select from shared.evidence_items v where v.project_id = f.project_id and v.id = f.evidence_id and v.withdrawn_at is not null)
$$;
comment on function insight.dataset_facts(text, text) is 'Facts about people who agreed to be remembered, as a dataset has them.';
revoke execute on function insight.dataset_facts(text, text) from public;
grant execute on function insight.dataset_facts(text, text) to omneuro_app;

-- A colleague's rehearsals, by what he himself agreed to; the coach's channel is in confidence and in no dataset.
create or replace function insight.dataset_rehearsals(after text, upto text) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('type', 'rehearsal', 'rehearsal', insight.pseudonym('rehearsal', s.id),
      'person', insight.pseudonym('user', s.user_id::text), 'style', s.counterparty_style,
      'outcome', case when u.consent_telemetry then jsonb_build_object('turns', jsonb_array_length(t.turns), 'ended', s.ended_at is not null) end,
      'turns', t.turns)) order by s.id), '[]')
  from world.sessions s join world.users u on u.project_id = s.project_id and u.user_id = s.user_id and (u.consent_telemetry or u.consent_raw_text),
    lateral (select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('from', m.role, 'length', length(m.content),
        'seconds', greatest(0, extract(epoch from m.created_at - s.created_at))::int, 'text', case when u.consent_raw_text then m.content end)) order by m.seq), '[]') as turns
      from world.messages m where m.project_id = s.project_id and m.session_id = s.id and m.channel = 'roleplay' and not insight.is_buried('{message}', m.id)) t
  where s.project_id = shared.scope() and s.id > after and s.id <= upto and t.turns <> '[]' and not insight.is_buried('{session}', s.id)
$$;
comment on function insight.dataset_rehearsals(text, text) is 'Rehearsals of whoever asks, as a dataset has them.';
revoke execute on function insight.dataset_rehearsals(text, text) from public;
grant execute on function insight.dataset_rehearsals(text, text) to omneuro_app;

create or replace function insight.dataset_lines(part jsonb) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); kind constant text := part->0->>0; after constant text := coalesce(part->0->>1, ''); upto constant text := part->0->>2;
begin
  if part is null then return null; end if;
  if kind = 'facts' then return insight.dataset_facts(after, upto); end if;
  if kind = 'rehearsals' then return insight.dataset_rehearsals(after, upto); end if;
  if kind = 'jobs' then
    return (select coalesce(jsonb_agg(jsonb_build_object('type', 'job', 'job', insight.pseudonym('job', j.id), 'person', w.who->'person', 'kind', j.kind,
          'status', j.status, 'minutes', j.minutes, 'parts', (select count(*) from field.job_parts x where x.project_id = p and x.job_id = j.id)) order by j.id), '[]')
      from field.jobs j, lateral (select insight.dataset_person(j.client_id) as who) w
      where j.project_id = p and j.id > after and j.id <= upto and j.erased_at is null and w.who @> '{"telemetry": true}' and not insight.is_buried('{job}', j.id));
  end if;
  return (select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('type', 'conversation', 'conversation', insight.pseudonym('conversation', v.id),
        'person', w.who->'person', 'channel', v.channel, 'turns', t.turns,
        'outcome', case when w.who @> '{"telemetry": true}' then jsonb_build_object('status', v.status, 'turns', jsonb_array_length(t.turns),
          'first_answer_seconds', (select min((x->>'seconds')::int) from jsonb_array_elements(t.turns) x where x->>'from' = 'staff')) end)) order by v.id), '[]')
    from inbox.cw_conversations v join inbox.cw_contacts k on k.project_id = p and k.id = v.contact_global_id and k.deleted_at is null,
      lateral (select insight.dataset_person(k.person_id) as who) w,
      lateral (select insight.dataset_turns(v.id, v.created_at, w.who @> '{"raw_text": true}') as turns) t
    where v.project_id = p and v.id > after and v.id <= upto and v.deleted_at is null and not insight.is_buried('{conversation}', v.id)
      and (w.who @> '{"telemetry": true}' or w.who @> '{"raw_text": true}') and t.turns <> '[]');
end $$;
comment on function insight.dataset_lines(jsonb) is 'The lines of one part of a dataset; null for no part.';
revoke execute on function insight.dataset_lines(jsonb) from public;
grant execute on function insight.dataset_lines(jsonb) to omneuro_app;
