-- A person who writes to the bot: bound by his code, entered as himself, led to the project he means. Security definer where
-- nobody is entered yet. The hook has proven that Telegram sends; Telegram says who.

-- claim: {sender, chat, about?, needed?}. `about`, a message, capture or question, leads to the project that it is in; otherwise the
-- one chosen last. In place of identity.enter(), which it ends in: rights are those of the membership now.
create or replace function assistant.enter_telegram(claim jsonb, permission text, context jsonb) returns jsonb
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare held record; topic constant text := claim->>'about'; own_chat constant text := 'tg:' || (claim->>'chat');
begin
  select t.project_id, t.user_id, m.id is not null as live, topic is not null and (
      exists (select from assistant.inbox_items i where i.project_id = t.project_id and i.user_id = t.user_id
        and i.source = 'telegram' and i.client_msg_id = topic)
      or exists (select from assistant.captures c join assistant.inbox_items i on i.project_id = c.project_id and i.id = c.inbox_item_id
        where c.project_id = t.project_id and c.user_id = t.user_id and c.id = topic and i.chat_id = own_chat)
      or exists (select from assistant.questions q where q.project_id = t.project_id and q.user_id = t.user_id
        and q.id = topic and q.chat_id = own_chat)
      or exists (select from shared.idempotency_keys k where k.project_id = t.project_id and k.principal = 'user:' || t.user_id
        and k.route = 'telegram' and k.idempotency_key = topic)) as meant
    into held from assistant.telegram_chats t
      left join identity.memberships m on m.project_id = t.project_id and m.user_id = t.user_id and m.ended_at is null
    where t.telegram_user_id = claim->>'sender' and t.chat_id = claim->>'chat' and t.unbound_at is null
    order by meant desc, t.chosen_at desc, t.id desc limit 1;
  if held.project_id is null then perform shared.fail('unauthenticated', 'sender_unknown'); end if;
  if not held.live and assistant.telegram_projects(claim) <> '[]' then perform shared.fail('forbidden', 'project_left'); end if;
  if not held.meant and claim ? 'needed' then perform shared.fail('not_found', 'button_unknown'); end if;
  return identity.enter('member:' || held.project_id || ':' || held.user_id, permission, context);
end $$;
comment on function assistant.enter_telegram(jsonb, text, jsonb) is 'First statement of a batch in the name of whoever writes to the bot.';
revoke execute on function assistant.enter_telegram(jsonb, text, jsonb) from public;
grant execute on function assistant.enter_telegram(jsonb, text, jsonb) to omneuro_app;

-- claim: {sender, chat, choose?}: the projects this account may speak to, [{id, name, chosen}]; with `choose`, that one from now on.
create or replace function assistant.telegram_projects(claim jsonb) returns jsonb
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare own jsonb;
begin
  if claim ? 'choose' then
    -- Later than every other, even where the clock stands still.
    update assistant.telegram_chats t set chosen_at = greatest(shared.clock(), (select max(o.chosen_at) + interval '1 microsecond'
        from assistant.telegram_chats o where o.telegram_user_id = t.telegram_user_id and o.unbound_at is null))
      where t.telegram_user_id = claim->>'sender' and t.chat_id = claim->>'chat' and t.unbound_at is null
        and t.project_id::text = claim->>'choose';
  end if;
  select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'chosen', t.last) order by p.name, p.id) into own
    from (select c.*, row_number() over (order by c.chosen_at desc, c.id desc) = 1 as last from assistant.telegram_chats c
        where c.telegram_user_id = claim->>'sender' and c.chat_id = claim->>'chat' and c.unbound_at is null) t
      join identity.memberships m on m.project_id = t.project_id and m.user_id = t.user_id and m.ended_at is null
      join shared.users u on u.id = t.user_id and u.disabled_at is null
      join identity.projects p on p.id = t.project_id;
  return coalesce(own, '[]');
end $$;
comment on function assistant.telegram_projects(jsonb) is 'The projects that a Telegram account is bound in as somebody who is a member there now.';
revoke execute on function assistant.telegram_projects(jsonb) from public;
grant execute on function assistant.telegram_projects(jsonb) to omneuro_app;

-- claim: {sender, chat, hash, id, event}. Null for a code that is none, is over, or was used by somebody else; {project, again}.
create or replace function assistant.bind_telegram(claim jsonb) returns jsonb
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare code assistant.telegram_codes; who constant text := (claim->>'sender') || ':' || (claim->>'chat'); name text;
begin
  perform identity.count_attempt('telegram:' || (claim->>'sender'), 10, 900);
  select c.* into code from assistant.telegram_codes c join shared.users u on u.id = c.user_id and u.disabled_at is null
      join identity.memberships m on m.project_id = c.project_id and m.user_id = c.user_id and m.ended_at is null
    where c.code_hash = claim->>'hash' for update of c;
  if code.user_id is null or (code.used_at is null and code.expires_at <= shared.clock()) or code.used_by <> who then return null; end if;
  select p.name into name from identity.projects p where p.id = code.project_id;
  if code.used_at is not null then return jsonb_build_object('project', name, 'again', true); end if;
  perform identity.enter('member:' || code.project_id || ':' || code.user_id, 'assistant:use', jsonb_strip_nulls(jsonb_build_object(
    'scope', 'project', 'request', current_setting('app.request_id'), 'trace', current_setting('app.trace'),
    'now', nullif(current_setting('app.now'), ''))));
  update assistant.telegram_codes c set used_at = shared.clock(), used_by = who
    where c.project_id = code.project_id and c.user_id = code.user_id;
  update assistant.telegram_chats t set unbound_at = shared.clock()
    where t.project_id = code.project_id and t.unbound_at is null and (t.user_id = code.user_id or t.telegram_user_id = claim->>'sender');
  insert into assistant.telegram_chats (project_id, user_id, id, telegram_user_id, chat_id)
    values (code.project_id, code.user_id, claim->>'id', claim->>'sender', claim->>'chat');
  perform assistant.telegram_projects(claim || jsonb_build_object('choose', code.project_id));
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', claim->>'event', 'kind', 'assistant.telegram.bound',
    'ref_type', 'telegram_chat', 'ref_id', claim->>'id', 'payload', '{}'::jsonb, 'ts', shared.clock())));
  return jsonb_build_object('project', name, 'again', false);
end $$;
comment on function assistant.bind_telegram(jsonb) is 'Binds a chat to the person whose code was sent, once; at most ten tries in a quarter of an hour.';
revoke execute on function assistant.bind_telegram(jsonb) from public;
grant execute on function assistant.bind_telegram(jsonb) to omneuro_app;

-- For jobs, which are entered as nobody: what they have to tell a member goes there.
create or replace function assistant.telegram_chat_of(person uuid) returns text
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$ select t.chat_id from assistant.telegram_chats t
      join identity.memberships m on m.project_id = t.project_id and m.user_id = t.user_id and m.ended_at is null
      join shared.users u on u.id = t.user_id and u.disabled_at is null
    where t.project_id = shared.scope() and t.user_id = person and t.unbound_at is null $$;
comment on function assistant.telegram_chat_of(uuid) is 'The chat of a member of the entered project, or null.';
revoke execute on function assistant.telegram_chat_of(uuid) from public;
grant execute on function assistant.telegram_chat_of(uuid) to omneuro_app;
