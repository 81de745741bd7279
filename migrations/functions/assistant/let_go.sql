-- What of people's planners grows old, without its words; and its leaving. Row security hides it from a job, so these have the owner's rights.

create or replace function assistant.aged(of_kind text) returns table (project_id uuid, id text, at timestamptz, spare text)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope();
begin
  if p is null then perform shared.fail('conflict', 'project_required'); end if;
  if of_kind = 'turns' then
    return query select i.project_id, i.id, i.received_at, case
        when s.summarized_at is null then 'awaits_summary'
        -- Its session's, and those of days and weeks that it was said in, which begin at most a month before.
        when exists (select from assistant.memory_summaries m where m.project_id = p and m.user_id = i.user_id and m.chat_id = i.chat_id
            and m.summary_type = 'session' and m.period = i.session_id and m.facts_json @> f.fact)
          or exists (select from assistant.memory_summaries m where m.project_id = p and m.user_id = i.user_id
            and m.summary_type in ('daily', 'weekly') and m.starts_at between i.received_at - interval '30 days' and i.received_at
            and m.ends_at >= i.received_at and m.facts_json @> f.fact) then 'cited_by_summary' end
      from assistant.inbox_items i join assistant.sessions s on s.project_id = i.project_id and s.id = i.session_id,
        jsonb_build_array(jsonb_build_object('ref_type', 'inbox_item', 'ref_id', i.id)) f (fact)
      where i.project_id = p and i.removed_at is null and i.received_at < shared.clock() - interval '1 day';
  elsif of_kind = 'captures' then
    return query select c.project_id, c.id, c.created_at, case when s.summarized_at is null then 'awaits_summary' end
      from assistant.captures c join assistant.inbox_items i on i.project_id = c.project_id and i.id = c.inbox_item_id
        join assistant.sessions s on s.project_id = i.project_id and s.id = i.session_id
      where c.project_id = p and c.removed_at is null and c.created_at < shared.clock() - interval '1 day';
  elsif of_kind = 'questions' then
    return query select q.project_id, q.id, q.expires_at, case when s.summarized_at is null then 'awaits_summary' end from assistant.questions q
        join assistant.captures c on c.project_id = q.project_id and c.id = q.capture_id
        join assistant.inbox_items i on i.project_id = c.project_id and i.id = c.inbox_item_id
        join assistant.sessions s on s.project_id = i.project_id and s.id = i.session_id
      where q.project_id = p and q.expires_at < shared.clock();
  elsif of_kind = 'shown' then
    return query select r.project_id, r.id, r.expires_at, null::text from assistant.recent_context_items r
      where r.project_id = p and r.expires_at < shared.clock();
  elsif of_kind = 'summaries' then
    return query select m.project_id, m.id, m.ends_at, null::text from assistant.memory_summaries m
      where m.project_id = p and m.ends_at < shared.clock() - interval '1 day';
  elsif of_kind = 'telegram_codes' then
    return query select c.project_id, c.user_id::text, least(c.used_at, c.expires_at), null::text from assistant.telegram_codes c
      where c.project_id = p and (c.used_at is not null or c.expires_at < shared.clock());
  elsif of_kind = 'telegram_chats' then
    return query select t.project_id, t.id, t.unbound_at, null::text from assistant.telegram_chats t
      where t.project_id = p and t.unbound_at is not null;
  elsif of_kind = 'occasions' then
    -- While it may still be heard of twice, a run has to find it.
    return query select o.project_id, o.user_id || ':' || o.occasion || ':' || o.day, o.created_at, null::text from assistant.rhythm_occasions o
      where o.project_id = p and o.day < (shared.clock() at time zone 'UTC')::date - 3;
  end if;
end $$;
comment on function assistant.aged(text) is 'Ids and ages of everybody''s rows of a kind in the entered project, and why one stays.';
revoke execute on function assistant.aged(text) from public;
grant execute on function assistant.aged(text) to omneuro_app;

-- Messages and captures become shells: tasks still come from them, and a repeated message is still the same one.
create or replace function assistant.let_go(of_kind text, ids text[]) returns setof text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope();
begin
  perform assistant.assert_job();
  if of_kind = 'turns' then
    return query update assistant.inbox_items i set message_raw = '', message_norm = '', removed_at = shared.clock()
      where i.project_id = p and i.id = any (ids) and i.removed_at is null returning i.id;
  elsif of_kind = 'captures' then
    delete from assistant.questions q where q.project_id = p and q.capture_id = any (ids);
    delete from assistant.capture_changes c where c.project_id = p and c.capture_id = any (ids);
    return query update assistant.captures c set removed_at = shared.clock(), result = (c.result - 'taken_back') || '{"items":[],"links":[],"questions":[]}'
      where c.project_id = p and c.id = any (ids) and c.removed_at is null returning c.id;
  elsif of_kind = 'questions' then
    return query delete from assistant.questions q where q.project_id = p and q.id = any (ids) returning q.id;
  elsif of_kind = 'shown' then
    return query delete from assistant.recent_context_items r where r.project_id = p and r.id = any (ids) returning r.id;
  elsif of_kind = 'summaries' then
    return query delete from assistant.memory_summaries m where m.project_id = p and m.id = any (ids) returning m.id;
  elsif of_kind = 'telegram_codes' then
    return query delete from assistant.telegram_codes c where c.project_id = p and c.user_id::text = any (ids)
      and (c.used_at is not null or c.expires_at < shared.clock()) returning c.user_id::text;
  elsif of_kind = 'telegram_chats' then
    return query delete from assistant.telegram_chats t where t.project_id = p and t.id = any (ids) and t.unbound_at is not null returning t.id;
  elsif of_kind = 'occasions' then
    return query delete from assistant.rhythm_occasions o where o.project_id = p and o.user_id || ':' || o.occasion || ':' || o.day = any (ids)
      returning o.user_id || ':' || o.occasion || ':' || o.day;
  end if;
end $$;
comment on function assistant.let_go(text, text[]) is 'Takes away what retention has found old enough, for a job.';
revoke execute on function assistant.let_go(text, text[]) from public;
grant execute on function assistant.let_go(text, text[]) to omneuro_app;
