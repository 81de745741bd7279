-- The ways in that a conversation's messages come by: the chat itself, and the channel beneath the inbox, which is also written to
-- without Chatwoot. A Twilio inbox may speak WhatsApp, which is not SMS.
create or replace function inbox.ways_in(conversation text, contact text) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  below text; source text; phone text; mail text; address text;
begin
  select case when v.channel in ('Channel::TwilioSms', 'Channel::Sms') then 'sms' when v.channel = 'Channel::Email' then 'email'
      when v.channel = 'Channel::Telegram' then 'telegram' end, v.data->>'source_id' into below, source
    from inbox.cw_conversations v where v.project_id = p and v.id = conversation;
  select c.phone_number, c.email into phone, mail from inbox.cw_contacts c where c.project_id = p and c.id = contact;
  select coalesce(n.norm, '') into address from unnest(array[source, case below when 'sms' then phone when 'email' then mail end]) with ordinality w (told, place)
      cross join lateral (select case below when 'sms' then regexp_replace(w.told, '[\s().-]', '', 'g') else lower(btrim(w.told)) end as norm) n
    where n.norm ~ case below when 'sms' then '^\+[1-9]\d{6,14}$' when 'email' then '^[^\s@]+@[^\s@]+$' else '.' end
    order by w.place limit 1;
  return jsonb_build_array(jsonb_build_object('channel', 'chat', 'address', contact))
    || case when below is null or source like 'whatsapp:%' then '[]'::jsonb
      else jsonb_build_array(jsonb_build_object('channel', below, 'address', address)) end;
end $$;
comment on function inbox.ways_in(text, text) is 'The channels and addresses that a contact''s messages in a conversation came by.';
revoke execute on function inbox.ways_in(text, text) from public;
grant execute on function inbox.ways_in(text, text) to omneuro_app;

-- What customers said that is new, as outbound.heard() takes it; null when nobody said anything. Words that were edited into a STOP or a
-- wish are heard when they were edited; no other edit is: it can only make us quieter. The words themselves were read by the code; what it cannot know is added here: the person, and for a word of command the evidence, the ways in, and what we had written last.
create or replace function inbox.overheard(messages jsonb) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  said jsonb;
begin
  if not jsonb_path_exists(messages, '$[*] ? (@.action == "insert" || @.reworded == true && (@.heard.said == "stop" || @.heard.said == "wish")).heard.said') then
    return null;
  end if;
  select jsonb_agg(m.heard || jsonb_build_object('person', c.person_id, 'occurred_at', case when m.action = 'edit' then t.updated_at else t.created_at end,
      'seed', concat_ws(':', m.id, case when m.action = 'edit' then extract(epoch from t.updated_at) end), 'evidence',
      (select e.id from shared.evidence_items e where e.project_id = p and e.source_table = 'inbox.cw_messages' and e.source_pk = m.id))
      || case when m.heard->>'said' <> 'none' then jsonb_build_object('channels', inbox.ways_in(t.conversation_global_id, t.contact_global_id),
        'thread', jsonb_build_object('account', t.account_id, 'conversation', t.conversation_id), 'asked', (
        select jsonb_build_object('at', a.created_at, 'text', coalesce(a.content, '')) from inbox.cw_messages a
          where a.project_id = p and a.conversation_global_id = t.conversation_global_id and a.message_type = 'outgoing' and not a.private
            and a.deleted_at is null and a.created_at <= t.created_at order by a.created_at desc, a.seq desc limit 1)) else '{}' end)
    into said
    from jsonb_to_recordset(messages) m (action text, id text, heard jsonb, reworded boolean)
      cross join lateral (select * from inbox.cw_messages x where x.project_id = p and x.id = m.id offset 0) t
      cross join lateral (select x.person_id from inbox.cw_contacts x where x.project_id = p and x.id = t.contact_global_id offset 0) c
    where m.heard->>'said' is not null and (m.action = 'insert' or m.reworded and m.heard->>'said' in ('stop', 'wish'));
  return said;
end $$;
comment on function inbox.overheard(jsonb) is 'New words of customers among weighed messages, for outbound.heard.';
revoke execute on function inbox.overheard(jsonb) from public;
grant execute on function inbox.overheard(jsonb) to omneuro_app;
