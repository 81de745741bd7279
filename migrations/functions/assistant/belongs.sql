-- Who the planner belongs to, what day it is for him, and the stretch of talk he is in.

create or replace function assistant.me() returns uuid
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare person constant uuid := nullif(current_setting('app.user_id', true), '')::uuid;
begin
  if person is null then
    perform shared.fail('forbidden', 'person_required', jsonb_build_object('detail', 'A planner belongs to a person; this key belongs to none.'));
  end if;
  return person;
end $$;
comment on function assistant.me() is 'The person who is entered; a key of nobody has no planner.';
revoke execute on function assistant.me() from public;
grant execute on function assistant.me() to omneuro_app;

create or replace function assistant.zone() returns text
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select coalesce((select r.timezone from assistant.rhythms r where r.project_id = p.id and r.user_id = nullif(current_setting('app.user_id', true), '')::uuid),
    p.timezone) from identity.projects p where p.id = shared.scope() $$;
comment on function assistant.zone() is 'The time zone of whoever is entered: his own, else the project''s.';
revoke execute on function assistant.zone() from public;
grant execute on function assistant.zone() to omneuro_app;

create or replace function assistant.today() returns date
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select (shared.clock() at time zone assistant.zone())::date $$;
comment on function assistant.today() is 'The date where he is.';
revoke execute on function assistant.today() from public;
grant execute on function assistant.today() to omneuro_app;

-- One that has been idle for longer has ended when it was last heard of, and another begins.
create or replace function assistant.touch_session(chat text, fresh text, idle interval) returns text
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); person constant uuid := assistant.me(); held text;
begin
  update assistant.sessions s set ended_at = s.last_activity_at
    where s.project_id = p and s.user_id = person and s.chat_id = chat and s.ended_at is null and s.last_activity_at < shared.clock() - idle;
  update assistant.sessions s set last_activity_at = greatest(s.last_activity_at, shared.clock())
    where s.project_id = p and s.user_id = person and s.chat_id = chat and s.ended_at is null
    returning s.id into held;
  if held is not null then return held; end if;
  insert into assistant.sessions (project_id, user_id, id, chat_id) values (p, person, fresh, chat)
    on conflict (project_id, user_id, chat_id, started_at) do update set ended_at = null
    returning id into held;
  return held;
end $$;
comment on function assistant.touch_session(text, text, interval) is 'The session that something said now belongs to.';
revoke execute on function assistant.touch_session(text, text, interval) from public;
grant execute on function assistant.touch_session(text, text, interval) to omneuro_app;

-- {item, session, today, result?, taken_back?}: the result of an earlier delivery of the same message. Whose extraction failed is tried
-- again. A later wording (`edit`) takes back what the one before it did; an older one, or the same words, change nothing.
create or replace function assistant.take_item(told jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); person constant uuid := assistant.me(); last record; back jsonb; session text;
begin
  perform assistant.lock_person(p, person);
  select i.id, i.session_id, i.edit, i.message_raw, c.id as capture, coalesce(c.undone_at, c.removed_at) as over_at, c.result into last
    from assistant.inbox_items i left join lateral (select x.id, x.undone_at, x.removed_at, x.result from assistant.captures x
      where x.project_id = p and x.user_id = person and x.inbox_item_id = i.id and x.outcome <> 'failed' order by x.created_at, x.id limit 1) c on true
    where i.project_id = p and i.user_id = person and i.source = told->>'source' and i.client_msg_id = told->>'client_msg_id'
    order by i.edit desc limit 1;
  if last.edit >= (told->>'edit')::bigint or last.message_raw = told->>'raw' then
    return jsonb_build_object('item', last.id, 'session', last.session_id, 'today', assistant.today(), 'result', last.result);
  end if;
  if last.capture is not null and last.over_at is null then back := assistant.undo(last.capture) - 'id'; end if;
  session := assistant.touch_session(told->>'chat', told->>'session', make_interval(secs => (told->>'idle_seconds')::int));
  insert into assistant.inbox_items (project_id, user_id, id, chat_id, session_id, source, client_msg_id, message_raw, message_norm, edit)
    values (p, person, told->>'item', told->>'chat', session, told->>'source', told->>'client_msg_id', told->>'raw', told->>'norm',
      (told->>'edit')::bigint);
  return jsonb_build_object('item', told->>'item', 'session', session, 'today', assistant.today(), 'fresh', true)
    || case when back is null then '{}' else jsonb_build_object('taken_back', back) end;
end $$;
comment on function assistant.take_item(jsonb) is 'Keeps what was said, once for each id of its sender and each wording.';
revoke execute on function assistant.take_item(jsonb) from public;
grant execute on function assistant.take_item(jsonb) to omneuro_app;
