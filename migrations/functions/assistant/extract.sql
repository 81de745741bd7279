-- The document that rules or a model made of a message, carried out; and the answer that its sender gets, the first time and again.

-- {type, id} of an end of a link: something of this message, or known by its exact title.
create or replace function assistant.link_end(refs jsonb, e jsonb) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare found text[]; type text;
begin
  if e ? 'ref' then return case when refs->(e->>'ref') ? 'id' then refs->(e->>'ref') end; end if;
  select array_agg(x.id), min(x.entity_type) into found, type from assistant.things x
    where x.project_id = shared.scope() and x.user_id = assistant.me() and x.title_norm = e->>'title_norm' and x.is_open;
  return case when cardinality(found) = 1 then jsonb_build_object('type', type, 'id', found[1]) end;
end $$;
comment on function assistant.link_end(jsonb, jsonb) is 'What one end of a link means, or null.';
revoke execute on function assistant.link_end(jsonb, jsonb) from public;
grant execute on function assistant.link_end(jsonb, jsonb) to omneuro_app;

create or replace function assistant.put_link(head jsonb, refs jsonb, l jsonb) returns text
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare a jsonb := assistant.link_end(refs, l->'from'); b jsonb := assistant.link_end(refs, l->'to'); made text;
begin
  if a is null or b is null then
    -- An end that was asked about is asked about already.
    if (l->'from' ? 'title' and a is null) or (l->'to' ? 'title' and b is null) then
      perform assistant.ask_back(head, jsonb_build_object('id', l->>'question', 'kind', 'unknown', 'about', coalesce(l->'to'->>'title', l->'from'->>'title')));
    end if;
    return 'asked';
  end if;
  if (l->>'type' = 'supports_goal' and b->>'type' <> 'goal') or (l->>'type' = 'addresses_problem' and b->>'type' <> 'problem')
    or a->>'id' = b->>'id' then return 'same'; end if;
  begin
    insert into assistant.entity_links (project_id, user_id, id, from_entity_type, from_entity_id, to_entity_type, to_entity_id, link_type)
      values (shared.scope(), assistant.me(), l->>'id', a->>'type', a->>'id', b->>'type', b->>'id', l->>'type')
      on conflict on constraint link_once do nothing returning id into made;
  exception when sqlstate 'OM409' then
    perform assistant.ask_back(head, jsonb_build_object('id', l->>'question', 'kind', 'cycle', 'about', l->>'type',
      'choices', assistant.choices_of(array[a->>'id', b->>'id'])));
    return 'asked';
  end;
  if made is null then return 'same'; end if;
  perform assistant.note_change(head->>'capture', 'linked', 'link', made, null, 1);
  return 'created';
end $$;
comment on function assistant.put_link(jsonb, jsonb, jsonb) is 'One link of a message; one that would go round in a circle is asked about.';
revoke execute on function assistant.put_link(jsonb, jsonb, jsonb) from public;
grant execute on function assistant.put_link(jsonb, jsonb, jsonb) to omneuro_app;

-- What was made or listed is what was shown last: it takes the place of what was shown before.
create or replace function assistant.surface(chat text, why text, shown jsonb) returns void
  language sql volatile set search_path = pg_catalog, pg_temp
  as $$
  update assistant.recent_context_items r set expires_at = shared.clock()
    where r.project_id = shared.scope() and r.user_id = assistant.me() and r.chat_id = chat and r.expires_at > shared.clock()
      and jsonb_array_length(shown) > 0;
  insert into assistant.recent_context_items (project_id, user_id, id, chat_id, entity_type, entity_id, reason, position, expires_at)
    select shared.scope(), assistant.me(), s.id, chat, s.entity_type, s.entity_id, why, s.position, shared.clock() + interval '1 hour'
    from jsonb_to_recordset(shown) s (id text, entity_type text, entity_id text, position int) $$;
comment on function assistant.surface(text, text, jsonb) is 'Remembers what a chat was shown, in its order, for an hour.';
revoke execute on function assistant.surface(text, text, jsonb) from public;
grant execute on function assistant.surface(text, text, jsonb) to omneuro_app;

create or replace function assistant.answer_of(of_capture text) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select jsonb_build_object(
      'items', coalesce((select jsonb_agg(jsonb_build_object('entity_type', c.ref_type, 'entity_id', c.ref_id, 'title', x.title, 'op', c.op,
          'status', x.status, 'due_date', coalesce(t.due_date, g.target_date)) order by c.ref_type <> 'task', c.position)
        from assistant.capture_changes c join assistant.things x on x.project_id = c.project_id and x.id = c.ref_id
          left join assistant.tasks t on t.project_id = c.project_id and t.id = c.ref_id
          left join assistant.goals g on g.project_id = c.project_id and g.id = c.ref_id
        where c.project_id = shared.scope() and c.capture_id = of_capture), '[]'),
      'links', coalesce((select jsonb_agg(jsonb_build_object('type', l.link_type,
          'from', jsonb_build_object('entity_type', a.entity_type, 'entity_id', a.id, 'title', a.title),
          'to', jsonb_build_object('entity_type', b.entity_type, 'entity_id', b.id, 'title', b.title)) order by c.position)
        from assistant.capture_changes c join assistant.entity_links l on l.project_id = c.project_id and l.id = c.ref_id
          join assistant.things a on a.project_id = l.project_id and a.id = l.from_entity_id
          join assistant.things b on b.project_id = l.project_id and b.id = l.to_entity_id
        where c.project_id = shared.scope() and c.capture_id = of_capture and c.ref_type = 'link'), '[]'),
      'questions', coalesce((select jsonb_agg(jsonb_build_object('id', q.id, 'kind', q.kind, 'about', q.about, 'choices', q.choices) order by q.created_at, q.id)
        from assistant.questions q where q.project_id = shared.scope() and q.capture_id = of_capture), '[]'),
      'counts', (select jsonb_object_agg(k.name, (select count(*) from assistant.capture_changes c
          where c.project_id = shared.scope() and c.capture_id = of_capture and c.ref_type = k.type and c.op = k.op))
        from (values ('tasks_created', 'task', 'created'), ('tasks_updated', 'task', 'updated'), ('goals_created', 'goal', 'created'),
          ('goals_updated', 'goal', 'updated'), ('problems_created', 'problem', 'created'), ('problems_updated', 'problem', 'updated'),
          ('links_created', 'link', 'linked')) k (name, type, op))) $$;
comment on function assistant.answer_of(text) is 'What a capture did, for its sender.';
revoke execute on function assistant.answer_of(text) from public;
grant execute on function assistant.answer_of(text) to omneuro_app;

-- "2": the choice of the question asked last in this chat, or of the one that `of` names, wherever it was asked. One that is closed by now takes none.
create or replace function assistant.put_choice(head jsonb, number int) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare q assistant.questions; chosen jsonb;
begin
  select x.* into q from assistant.questions x where x.project_id = shared.scope() and x.user_id = assistant.me()
    and case when head ? 'of' then x.id = head->>'of' else x.chat_id = head->>'chat' end
    and x.answered_at is null and x.expires_at > shared.clock() and x.kind = 'ambiguous'
    order by x.created_at desc, x.id desc limit 1 for update;
  if q.id is null and head ? 'of' then return jsonb_build_object('op', 'same'); end if;
  select c into chosen from jsonb_array_elements(q.choices) c where (c->>'number')::int = number;
  if chosen is null then return jsonb_build_object('op', 'asked'); end if;
  update assistant.questions x set answered_at = shared.clock() where x.project_id = q.project_id and x.id = q.id;
  return assistant.change_one(head, chosen->>'entity_id', q.wanted);
end $$;
comment on function assistant.put_choice(jsonb, int) is 'A numbered choice carried out.';
revoke execute on function assistant.put_choice(jsonb, int) from public;
grant execute on function assistant.put_choice(jsonb, int) to omneuro_app;

-- head: {capture, item, session, chat, extractor}; doc: an extract with ids.
create or replace function assistant.carry_out(head jsonb, doc jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); person constant uuid := assistant.me();
  type text; e jsonb; refs jsonb := '{}'; answer jsonb; shown jsonb; did boolean;
begin
  perform assistant.lock_person(p, person);
  insert into assistant.captures (project_id, user_id, id, inbox_item_id, extractor, outcome)
    values (p, person, head->>'capture', head->>'item', head->>'extractor', 'nothing');
  if doc ? 'choice' then
    if assistant.put_choice(head || ((doc->'choice') - 'question'), (doc->'choice'->>'number')::int)->>'op' = 'asked' then
      perform assistant.ask_back(head, jsonb_build_object('id', doc->'choice'->>'question', 'kind', 'unknown', 'about', '#' || (doc->'choice'->>'number')));
    end if;
  end if;
  foreach type in array array['goal', 'problem', 'task'] loop
    for e in select x from jsonb_array_elements(doc->(type || 's')) x loop
      refs := refs || jsonb_build_object(e->>'ref', assistant.put_thing(head, type, e));
    end loop;
  end loop;
  for e in select x from jsonb_array_elements(doc->'links') x loop perform assistant.put_link(head, refs, e); end loop;
  for e in select x from jsonb_array_elements(doc->'changes') x loop perform assistant.put_change(head, e); end loop;
  for e in select x from jsonb_array_elements(doc->'questions') x loop perform assistant.ask_back(head, e); end loop;
  select jsonb_agg(jsonb_build_object('id', coalesce(doc->'surfaced'->>(c.n::int - 1), shared.made_id('ctx', concat_ws(':', p, head->>'capture', c.n))), 'entity_type', c.ref_type, 'entity_id', c.ref_id, 'position', c.n)) into shown
    from (select r.ref_type, r.ref_id, row_number() over (order by r.ref_type <> 'task', r.position) as n from assistant.capture_changes r
      where r.project_id = p and r.capture_id = head->>'capture' and r.op = 'created') c;
  if shown is not null then perform assistant.surface(head->>'chat', 'captured', shown); end if;
  select exists (select from assistant.capture_changes c where c.project_id = p and c.capture_id = head->>'capture') into did;
  answer := jsonb_build_object('id', head->>'capture', 'inbox_item', head->>'item', 'session', head->>'session', 'extractor', head->>'extractor',
      'reason', case when did then 'changed' else 'message_logged_no_actionable_changes' end, 'repeated', false)
    || assistant.answer_of(head->>'capture') || case when head ? 'taken_back' then jsonb_build_object('taken_back', head->'taken_back') else '{}' end;
  update assistant.captures c set result = answer, outcome = case when did then 'changed' else 'nothing' end
    where c.project_id = p and c.id = head->>'capture';
  return answer;
end $$;
comment on function assistant.carry_out(jsonb, jsonb) is 'Writes all that a message said.';
revoke execute on function assistant.carry_out(jsonb, jsonb) from public;
grant execute on function assistant.carry_out(jsonb, jsonb) to omneuro_app;

-- docs: an extract for each date that it may be at the speaker's, since the day is known only here.
create or replace function assistant.capture(told jsonb, docs jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare taken jsonb := assistant.take_item(told);
begin
  if taken->'result' is not null and taken->'result' <> 'null' then return taken->'result' || '{"repeated":true}'; end if;
  return assistant.carry_out(taken || jsonb_build_object('capture', told->>'capture', 'chat', told->>'chat', 'extractor', 'rules'),
    coalesce(docs->(taken->>'today'), docs->'any'));
end $$;
comment on function assistant.capture(jsonb, jsonb) is 'A message heard and carried out in one statement.';
revoke execute on function assistant.capture(jsonb, jsonb) from public;
grant execute on function assistant.capture(jsonb, jsonb) to omneuro_app;
