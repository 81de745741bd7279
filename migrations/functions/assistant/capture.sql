-- What one message says, written as one batch: all of it, with a note of each change, or nothing.

create or replace function assistant.note_change(of_capture text, done text, type text, changed text, was jsonb, at_version int) returns void
  language sql volatile set search_path = pg_catalog, pg_temp
  as $$ insert into assistant.capture_changes (project_id, user_id, capture_id, position, op, ref_type, ref_id, before, version)
    select shared.scope(), assistant.me(), of_capture, 1 + count(*), done, type, changed, coalesce(was, '{}'), at_version
    from assistant.capture_changes c where c.project_id = shared.scope() and c.capture_id = of_capture $$;
comment on function assistant.note_change(text, text, text, text, jsonb, int) is 'One change of a capture, so that it can be taken back.';
revoke execute on function assistant.note_change(text, text, text, text, jsonb, int) from public;
grant execute on function assistant.note_change(text, text, text, text, jsonb, int) to omneuro_app;

-- head: {capture, item, chat}; asked: {id, kind, about, choices?, wanted?}
create or replace function assistant.ask_back(head jsonb, asked jsonb) returns void
  language sql volatile set search_path = pg_catalog, pg_temp
  as $$ insert into assistant.questions (project_id, user_id, id, capture_id, chat_id, kind, about, choices, wanted, expires_at)
    values (shared.scope(), assistant.me(), asked->>'id', head->>'capture', head->>'chat', asked->>'kind', asked->>'about',
      coalesce(asked->'choices', '[]'), coalesce(asked->'wanted', '{}'), shared.clock() + interval '1 day') $$;
comment on function assistant.ask_back(jsonb, jsonb) is 'Keeps a question for a day.';
revoke execute on function assistant.ask_back(jsonb, jsonb) from public;
grant execute on function assistant.ask_back(jsonb, jsonb) to omneuro_app;

-- Sets what is wanted and notes it; false when it was so already. `only` the fields with a value count.
create or replace function assistant.alter_thing(of_capture text, type text, wanted_id text, wanted jsonb) returns boolean
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare was jsonb := assistant.before_of(type, wanted_id); now_at int; w jsonb := jsonb_strip_nulls(wanted);
begin
  if type = 'goal' and w ? 'due_date' then w := (w - 'due_date') || jsonb_build_object('target_date', w->'due_date'); end if;
  now_at := assistant.set_thing(type, wanted_id, w);
  if now_at is null then return false; end if;
  perform assistant.note_change(of_capture, 'updated', type, wanted_id, was, now_at);
  if type = 'task' and w->>'status' = 'done' and was->>'status' <> 'done' then perform assistant.repeat_task(wanted_id, of_capture); end if;
  return true;
end $$;
comment on function assistant.alter_thing(text, text, text, jsonb) is 'A change of something known, within a capture.';
revoke execute on function assistant.alter_thing(text, text, text, jsonb) from public;
grant execute on function assistant.alter_thing(text, text, text, jsonb) to omneuro_app;

-- {type, id, op}: made, or the one that has exactly this title; with several of them nothing is merged, and it is asked.
create or replace function assistant.put_thing(head jsonb, type text, e jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); person constant uuid := assistant.me(); found text[]; kind text; wanted jsonb;
begin
  select array_agg(x.id order by x.updated_at desc, x.id), min(x.entity_type) into found, kind from assistant.things x
    where x.project_id = p and x.user_id = person and x.title_norm = e->>'title_norm' and x.is_open
      and (x.entity_type = type or (e->>'prefer_known')::boolean);
  if found is null then
    perform assistant.make_thing(type, e, head->>'item');
    perform assistant.note_change(head->>'capture', 'created', type, e->>'id', null, 1);
    return jsonb_build_object('type', type, 'id', e->>'id', 'op', 'created');
  end if;
  wanted := e - '{id,ref,question,prefer_known,title,title_norm}'::text[];
  if cardinality(found) > 1 then
    perform assistant.ask_back(head, jsonb_build_object('id', e->>'question', 'kind', 'ambiguous', 'about', e->>'title',
      'choices', assistant.choices_of(found[1:9]), 'wanted', jsonb_strip_nulls(wanted)));
    return jsonb_build_object('type', type, 'op', 'asked');
  end if;
  return jsonb_build_object('type', kind, 'id', found[1], 'op', case when kind = type
    and assistant.alter_thing(head->>'capture', type, found[1], wanted) then 'updated' else 'same' end);
end $$;
comment on function assistant.put_thing(jsonb, text, jsonb) is 'One task, goal or problem of a message.';
revoke execute on function assistant.put_thing(jsonb, text, jsonb) from public;
grant execute on function assistant.put_thing(jsonb, text, jsonb) to omneuro_app;

-- Ids that a target may mean: by exact title, by its place in what was shown last, or by "that".
create or replace function assistant.meant(head jsonb, target jsonb, type text) returns text[]
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); person constant uuid := assistant.me(); shown timestamptz; found text[]; place int;
begin
  if target ? 'title_norms' then
    for place in 1 .. jsonb_array_length(target->'title_norms') loop
      select array_agg(x.id order by x.is_open desc, x.updated_at desc, x.id) into found from assistant.things x
        where x.project_id = p and x.user_id = person and x.title_norm = target->'title_norms'->>(place - 1) and x.status <> 'archived';
      -- Of several, the one that is still open; of several of those, the type that was spoken of.
      if cardinality(found) > 1 then
        found := coalesce((select array_agg(x.id order by x.updated_at desc, x.id) from assistant.things x where x.project_id = p and x.id = any (found) and x.is_open), found);
      end if;
      if cardinality(found) > 1 and type is not null then
        found := coalesce((select array_agg(x.id order by x.updated_at desc, x.id) from assistant.things x where x.project_id = p and x.id = any (found) and x.entity_type = type), found);
      end if;
      exit when found is not null;
    end loop;
    return found;
  end if;
  select max(r.surfaced_at) into shown from assistant.recent_context_items r
    where r.project_id = p and r.user_id = person and r.chat_id = head->>'chat' and r.expires_at > shared.clock();
  select array_agg(r.entity_id order by r.position) into found from assistant.recent_context_items r
    where r.project_id = p and r.user_id = person and r.chat_id = head->>'chat' and r.surfaced_at = shown and r.expires_at > shared.clock();
  if found is null or not target ? 'position' then return found; end if;
  place := case (target->>'position')::int when -1 then cardinality(found) else (target->>'position')::int end;
  return case when place between 1 and cardinality(found) then found[place : place] end;
end $$;
comment on function assistant.meant(jsonb, jsonb, text) is 'What is spoken of; several when it is not clear.';
revoke execute on function assistant.meant(jsonb, jsonb, text) from public;
grant execute on function assistant.meant(jsonb, jsonb, text) to omneuro_app;

-- {type, id, op} of a change to something known.
create or replace function assistant.put_change(head jsonb, c jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare found text[] := assistant.meant(head, c->'target', c->>'type'); type text; wanted jsonb;
begin
  wanted := jsonb_strip_nulls(jsonb_build_object('status', c->'status', 'due_date', c->'due_date', 'priority', c->'priority'));
  if coalesce(cardinality(found), 0) <> 1 then
    perform assistant.ask_back(head, jsonb_build_object('id', c->>'question', 'kind', case when found is null then 'unknown' else 'ambiguous' end,
      'about', c->>'about', 'choices', assistant.choices_of(found[1:9]), 'wanted', wanted));
    return jsonb_build_object('op', 'asked');
  end if;
  return assistant.change_one(head, found[1], wanted);
end $$;
comment on function assistant.put_change(jsonb, jsonb) is 'Done, dropped, moved: of something known, or asked about.';
revoke execute on function assistant.put_change(jsonb, jsonb) from public;
grant execute on function assistant.put_change(jsonb, jsonb) to omneuro_app;

create or replace function assistant.change_one(head jsonb, wanted_id text, wanted jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare type text; w jsonb := wanted;
begin
  select x.entity_type into type from assistant.things x
    where x.project_id = shared.scope() and x.user_id = assistant.me() and x.id = wanted_id;
  if type is null then return jsonb_build_object('op', 'asked'); end if;
  if w ? 'status' then w := w || jsonb_build_object('status', assistant.state_for(type, w->>'status')); end if;
  if type <> 'task' then w := w - 'priority' - 'impact_score' - 'repeats' - 'notes'; end if;
  if type = 'problem' then w := w - 'due_date'; end if;
  return jsonb_build_object('type', type, 'id', wanted_id,
    'op', case when assistant.alter_thing(head->>'capture', type, wanted_id, w) then 'updated' else 'same' end);
end $$;
comment on function assistant.change_one(jsonb, text, jsonb) is 'A wish carried out on the one thing that it is about, in the words of its type.';
revoke execute on function assistant.change_one(jsonb, text, jsonb) from public;
grant execute on function assistant.change_one(jsonb, text, jsonb) to omneuro_app;
