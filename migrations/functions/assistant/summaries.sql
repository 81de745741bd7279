-- What a session, a day and a week came to: what is due for a summary, of everybody in the project, and the writing of it.

-- [{kind, ref_type, ref_id, title, status, due_date, …}] of one's own session, as things are now.
create or replace function assistant.session_facts(of_session text) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  with said as (
    select c.id as capture, i.id as item, c.created_at from assistant.inbox_items i
      join assistant.captures c on c.project_id = i.project_id and c.user_id = i.user_id and c.inbox_item_id = i.id
      where i.project_id = shared.scope() and i.user_id = assistant.me() and i.session_id = of_session and c.undone_at is null
  ), touched as (
    select r.ref_type, r.ref_id, bool_or(r.op = 'created') as made, min(s.created_at) as at, min(r.position) as place
      from said s join assistant.capture_changes r on r.project_id = shared.scope() and r.capture_id = s.capture group by 1, 2
  ), facts as (
    select t.at, t.place, jsonb_build_object('kind', case when x.status in ('done', 'resolved') then 'done' when x.status = 'archived' then 'dropped'
          when t.made then 'made' else 'changed' end,
        'ref_type', t.ref_type, 'ref_id', t.ref_id, 'title', x.title, 'status', x.status, 'due_date', x.due_date) as fact
      from touched t join assistant.things x on x.project_id = shared.scope() and x.id = t.ref_id
    union all
    select t.at, t.place, jsonb_build_object('kind', 'linked', 'ref_type', 'link', 'ref_id', l.id, 'title', a.title, 'to_title', b.title,
        'link_type', l.link_type, 'from_id', a.id, 'to_id', b.id)
      from touched t join assistant.entity_links l on l.project_id = shared.scope() and l.id = t.ref_id
        join assistant.things a on a.project_id = l.project_id and a.id = l.from_entity_id
        join assistant.things b on b.project_id = l.project_id and b.id = l.to_entity_id
      where t.ref_type = 'link'
    union all
    select q.created_at, 1000, jsonb_build_object('kind', 'question', 'ref_type', 'inbox_item', 'ref_id', s.item, 'title', q.about, 'status', q.kind)
      from said s join assistant.questions q on q.project_id = shared.scope() and q.capture_id = s.capture and q.answered_at is null
  )
  select coalesce(jsonb_agg(f.fact order by f.at, f.place, f.fact), '[]')
    from (select * from facts order by at, place, fact limit 200) f $$;
comment on function assistant.session_facts(text) is 'What was written down in a session, and what was asked back in it.';
revoke execute on function assistant.session_facts(text) from public;
grant execute on function assistant.session_facts(text) to omneuro_app;

create or replace function assistant.session_events(of_session text) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  with said as (
    select i.id from assistant.inbox_items i where i.project_id = shared.scope() and i.user_id = assistant.me() and i.session_id = of_session
  ), refs as (
    select 'inbox_item'::text as ref_type, s.id from said s
    union all
    select 'capture', c.id from said s
      join assistant.captures c on c.project_id = shared.scope() and c.user_id = assistant.me() and c.inbox_item_id = s.id
  )
  select coalesce(jsonb_agg(e.id order by e.ts, e.id), '[]') from refs r
    join shared.events e on e.project_id = shared.scope() and e.ref_type = r.ref_type and e.ref_id = r.id and e.kind like 'assistant.%' $$;
comment on function assistant.session_events(text) is 'Ids of the ledger''s rows about what was said in a session.';
revoke execute on function assistant.session_events(text) from public;
grant execute on function assistant.session_events(text) to omneuro_app;

-- What summaries of `part` make up one of `whole`, of the entered person: of days or weeks that are over and have nothing open.
create or replace function assistant.spans_due(part text, whole text, form text, most int) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  with zone as (select p.timezone as tz from identity.projects p where p.id = shared.scope()),
  parts as (
    select s.*, to_char(s.starts_at at time zone z.tz, form) as span from assistant.memory_summaries s, zone z
      where s.project_id = shared.scope() and s.user_id = assistant.me() and s.summary_type = part
        and s.starts_at > shared.clock() - interval '60 days'
  ), open as materialized (
    select s.chat_id, to_char(s.started_at at time zone z.tz, form) as span from assistant.sessions s, zone z
      where s.project_id = shared.scope() and s.user_id = assistant.me() and s.summarized_at is null
    union
    select d.chat_id, to_char(d.starts_at at time zone z.tz, form) from assistant.memory_summaries d, zone z
      where part = 'daily' and d.project_id = shared.scope() and d.user_id = assistant.me() and d.summary_type = 'session'
        and d.starts_at > shared.clock() - interval '60 days'
        and not exists (select from assistant.memory_summaries b where b.project_id = d.project_id and b.user_id = d.user_id and b.chat_id = d.chat_id
          and b.summary_type = 'daily' and b.period = to_char(d.starts_at at time zone z.tz, 'YYYY-MM-DD'))
  ), due as (
    select p.chat_id, p.span, min(p.starts_at) as starts_at, max(p.ends_at) as ends_at,
      jsonb_agg(p.facts_json order by p.starts_at, p.id) as parts, jsonb_agg(p.source_event_ids order by p.starts_at, p.id) as events
    from parts p
    where p.span < (select to_char(shared.clock() at time zone z.tz, form) from zone z)
      and not exists (select from assistant.memory_summaries w where w.project_id = p.project_id and w.user_id = p.user_id and w.chat_id = p.chat_id
        and w.summary_type = whole and w.period = p.span)
      and not exists (select from open o where o.chat_id = p.chat_id and o.span = p.span)
    group by 1, 2 order by 2, 1 limit most
  )
  select coalesce(jsonb_agg(jsonb_build_object('person', assistant.me(), 'chat', d.chat_id, 'type', whole, 'period', d.span, 'session', null,
    'starts_at', d.starts_at, 'ends_at', d.ends_at, 'parts', d.parts,
    'events', (select coalesce(jsonb_agg(distinct e.id), '[]')
      from jsonb_array_elements(d.events) of_part, jsonb_array_elements_text(of_part) e (id)))
    order by d.span, d.chat_id), '[]') from due d $$;
comment on function assistant.spans_due(text, text, text, int) is 'Days or weeks that are over and have no summary, with what they are made of.';
revoke execute on function assistant.spans_due(text, text, text, int) from public;
grant execute on function assistant.spans_due(text, text, text, int) to omneuro_app;

-- For a job. Ends sessions that have been silent for longer than `idle`; [{person, chat, type, period, session, starts_at, ends_at, parts, events}].
create or replace function assistant.summaries_due(idle interval, most int) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare person uuid; p constant uuid := shared.scope(); due jsonb := '[]';
begin
  for person in select x from assistant.people() x loop
    perform assistant.enter_person(person);
    update assistant.sessions s set ended_at = s.last_activity_at
      where s.project_id = p and s.user_id = person and s.ended_at is null and s.last_activity_at < shared.clock() - idle;
    due := due || coalesce((select jsonb_agg(jsonb_build_object('person', person, 'chat', s.chat_id, 'type', 'session', 'period', s.id, 'session', s.id,
          'starts_at', s.started_at, 'ends_at', s.ended_at, 'parts', jsonb_build_array(assistant.session_facts(s.id)), 'events', assistant.session_events(s.id))
          order by s.started_at)
        from (select * from assistant.sessions x where x.project_id = p and x.user_id = person and x.summarized_at is null and x.ended_at is not null
          order by x.started_at limit most) s), '[]')
      || assistant.spans_due('session', 'daily', 'YYYY-MM-DD', most) || assistant.spans_due('daily', 'weekly', 'IYYY-"W"IW', most);
    exit when jsonb_array_length(due) >= most;
  end loop;
  perform assistant.enter_person(null);
  return jsonb_path_query_array(due, '$[0 to $last]', jsonb_build_object('last', most - 1));
end $$;
comment on function assistant.summaries_due(interval, int) is 'What is to be summarized for whom, the oldest first.';
revoke execute on function assistant.summaries_due(interval, int) from public;
grant execute on function assistant.summaries_due(interval, int) to omneuro_app;

-- For a job. [{id, event, person, chat, type, period, session, starts_at, ends_at, text, facts, events, author, runs}]; how many were new.
create or replace function assistant.put_summaries(written jsonb) returns int
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare w jsonb; p constant uuid := shared.scope(); person uuid; kept int := 0;
begin
  for w in select x from jsonb_array_elements(written) x loop
    person := (w->>'person')::uuid;
    perform assistant.enter_person(person);
    insert into shared.prompt_runs (project_id, id, user_id, request_id, operation, provider, model, prompt_version, context_hash,
        input_tokens, output_tokens, latency_ms, status, error_code)
      select p, r.id, person, current_setting('app.request_id'), 'assistant.summarize', r.provider, r.model, w->>'prompt_version', r.context_hash,
        r.input_tokens, r.output_tokens, r.latency_ms, r.status, r.error_code
      from jsonb_to_recordset(w->'runs') r (id text, provider text, model text, context_hash text, input_tokens int, output_tokens int,
        latency_ms int, status text, error_code text);
    insert into assistant.memory_summaries (project_id, user_id, id, chat_id, session_id, summary_type, period, starts_at, ends_at, author,
        summary_text, facts_json, source_event_ids)
      values (p, person, w->>'id', w->>'chat', w->>'session', w->>'type', w->>'period', (w->>'starts_at')::timestamptz,
        (w->>'ends_at')::timestamptz, w->>'author', w->>'text', w->'facts', w->'events')
      on conflict on constraint summary_once do nothing;
    continue when not found;
    kept := kept + 1;
    update assistant.sessions s set summarized_at = shared.clock() where s.project_id = p and s.user_id = person and s.id = w->>'session';
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', w->>'event', 'kind', 'assistant.summary.written', 'ref_type', 'summary',
      'ref_id', w->>'id', 'payload', jsonb_build_object('type', w->>'type', 'facts', jsonb_array_length(w->'facts')), 'ts', shared.clock())));
  end loop;
  perform assistant.enter_person(null);
  return kept;
end $$;
comment on function assistant.put_summaries(jsonb) is 'Writes summaries, each once, whoever else writes it at the same time.';
revoke execute on function assistant.put_summaries(jsonb) from public;
grant execute on function assistant.put_summaries(jsonb) to omneuro_app;
