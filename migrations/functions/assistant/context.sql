-- What a question or a message is understood with: what was said lately, what it came to, and what is near to what it names.

-- Of four letters on anywhere in a word, as in Danish compounds; shorter ones where a word begins.
create or replace function assistant.hits(words text, stems text[]) returns int
  language sql immutable set search_path = pg_catalog, pg_temp
  as $$ select count(*)::int from unnest(stems) s
    where case when length(s) >= 4 then strpos(words, s) > 0 else strpos(' ' || words, ' ' || s) > 0 end $$;
comment on function assistant.hits(text, text[]) is 'How many of these stems a text has.';
revoke execute on function assistant.hits(text, text[]) from public;
grant execute on function assistant.hits(text, text[]) to omneuro_app;

-- One's own things whose title or notes have one of the stems; the more, and the later changed, the earlier.
create or replace function assistant.matching(stems text[], most int) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  select coalesce(jsonb_agg(jsonb_build_object('entity_type', f.entity_type, 'entity_id', f.id, 'title', f.title, 'status', f.status,
      'due_date', f.due_date, 'hits', f.hits) order by f.hits desc, f.is_open desc, f.updated_at desc, f.id), '[]')
    from (select x.*, h.hits from assistant.things x, assistant.hits(x.title_norm || ' ' || lower(coalesce(x.notes, '')), stems) h (hits)
      where x.project_id = shared.scope() and x.user_id = assistant.me() and x.status <> 'archived' and h.hits > 0
      order by h.hits desc, x.is_open desc, x.updated_at desc, x.id limit most) f $$;
comment on function assistant.matching(text[], int) is 'What is found by words in one''s own planner.';
revoke execute on function assistant.matching(text[], int) from public;
grant execute on function assistant.matching(text[], int) to omneuro_app;

create or replace function assistant.listed(subject text, most int) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  select coalesce(jsonb_agg(jsonb_build_object('entity_type', f.entity_type, 'entity_id', f.id, 'title', f.title, 'status', f.status,
      'due_date', f.due_date) order by f.place desc, f.id), '[]')
    from (select x.entity_type, x.id, x.title, x.status, x.due_date, x.updated_at as place from assistant.things x
        where x.project_id = shared.scope() and x.user_id = assistant.me() and x.is_open and x.entity_type || 's' = subject
      union all
      select 'task', t.id, t.title, t.status, t.due_date, t.completed_at from assistant.tasks t
        where subject = 'done' and t.project_id = shared.scope() and t.user_id = assistant.me() and t.status = 'done'
          and t.completed_at >= (select date_trunc('week', assistant.today()::timestamp) at time zone p.timezone from identity.projects p where p.id = shared.scope())
      order by place desc, id limit most) f $$;
comment on function assistant.listed(text, int) is 'One''s open goals or problems, or what was done this week.';
revoke execute on function assistant.listed(text, int) from public;
grant execute on function assistant.listed(text, int) to omneuro_app;

-- {today, summary, turns, entities}. Turns are those that no summary covers yet, the oldest first. Entities: what was shown last or is
-- named, then what hangs on that, then the rest by when it was touched.
create or replace function assistant.context_state(chat text, stems text[]) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  with shown as (
    select distinct on (r.entity_id) r.entity_id as id, r.position from assistant.recent_context_items r
      where r.project_id = shared.scope() and r.user_id = assistant.me() and r.chat_id = chat and r.expires_at > shared.clock()
      order by r.entity_id, r.position
  ), own as materialized (
    select x.id, x.entity_type, x.title, x.status, x.due_date, x.updated_at, x.is_open, s.position,
      s.id is not null or assistant.hits(x.title_norm, stems) > 0 as is_named
    from assistant.things x left join shown s on s.id = x.id
    where x.project_id = shared.scope() and x.user_id = assistant.me() and (x.is_open or s.id is not null)
  ), near as (
    select l.to_entity_id as id from assistant.entity_links l join own o on o.id = l.from_entity_id and o.is_named
      where l.project_id = shared.scope() and l.user_id = assistant.me()
    union
    select l.from_entity_id from assistant.entity_links l join own o on o.id = l.to_entity_id and o.is_named
      where l.project_id = shared.scope() and l.user_id = assistant.me()
  ), ranked as (
    select o.*, case when o.is_named then 0 when o.id in (select n.id from near n) then 1 else 2 end as distance from own o
      order by distance, o.position nulls last, o.updated_at desc, o.id limit 25
  )
  select jsonb_build_object('today', assistant.today(),
    'summary', (select jsonb_build_object('id', m.id, 'text', m.summary_text, 'ends_at', m.ends_at) from assistant.memory_summaries m
      where m.project_id = shared.scope() and m.user_id = assistant.me() and m.chat_id = chat and m.summary_type = 'session'
      order by m.ends_at desc, m.id desc limit 1),
    'turns', coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'text', t.message_raw, 'said_at', t.received_at) order by t.received_at, t.id)
      from (select i.id, i.message_raw, i.received_at from assistant.sessions s
          join assistant.inbox_items i on i.project_id = s.project_id and i.user_id = s.user_id and i.session_id = s.id
        where s.project_id = shared.scope() and s.user_id = assistant.me() and s.chat_id = chat and s.summarized_at is null and i.removed_at is null
        order by i.received_at desc, i.id desc limit 9) t), '[]'),
    'entities', coalesce((select jsonb_agg(jsonb_build_object('entity_type', r.entity_type, 'entity_id', r.id, 'title', r.title, 'status', r.status,
      'due_date', r.due_date, 'shown', r.position) order by r.distance, r.position nulls last, r.updated_at desc, r.id) from ranked r), '[]')) $$;
comment on function assistant.context_state(text, text[]) is 'What a context is made of; one turn more than is used, for it may be the message itself.';
revoke execute on function assistant.context_state(text, text[]) from public;
grant execute on function assistant.context_state(text, text[]) to omneuro_app;
