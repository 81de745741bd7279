-- What the API told, as events for inbox.mirror: only what differs from the mirror and is newer than it, so that reading what is
-- known writes nothing. The caller holds the locks. told: {sent_at, contacts, conversations, messages}, rows in the form of
-- functions/brain/inbox/events.ts. Fields that the API leaves out stay as they are. Null when nothing is new.
create or replace function inbox.news(told jsonb) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := told->>'sent_at';
  contacts jsonb; conversations jsonb; messages jsonb;
begin
  select jsonb_agg(jsonb_build_object('id', c.value->>'ledger', 'sent_at', told->'sent_at', 'about', jsonb_build_array(c.value->'id'),
      'contacts', jsonb_build_array(c.value), 'conversation', null, 'message', null))
    into contacts
    from jsonb_array_elements(told->'contacts') c left join lateral (
      select * from inbox.cw_contacts x where x.project_id = p and x.id = c.value->>'id' offset 0) t on true
    where t.id is null or t.deleted_at is not null or t.data <> t.data || (c.value->'data');

  select jsonb_agg(jsonb_build_object('id', v.value->>'ledger', 'sent_at', told->'sent_at', 'about', jsonb_build_array(v.value->'id'),
      'contacts', case when v.value->>'contact' is null then '[]' else jsonb_build_array(
          coalesce((select c.value from jsonb_array_elements(told->'contacts') c where c.value->'id' = v.value->'contact' limit 1), inbox.quiet_contact(v.value->>'contact'))) end,
      'conversation', v.value || jsonb_build_object('data', coalesce(t.data, '{}') || n.data, 'updated_at', coalesce(v.value->>'updated_at', t.updated_at::text)),
      'message', null))
    into conversations
    from jsonb_array_elements(told->'conversations') v left join lateral (
      select * from inbox.cw_conversations x where x.project_id = p and x.id = v.value->>'id' offset 0) t on true
    -- A webhook tells this time with milliseconds, the API in whole seconds.
    cross join lateral (select v.value->'data' || case
      when left(t.data->>'first_reply_created_at', 19) = left(v.value->'data'->>'first_reply_created_at', 19)
      then jsonb_build_object('first_reply_created_at', t.data->'first_reply_created_at') else '{}' end as data) n
    where t.id is null or t.deleted_at is not null
      or (coalesce((v.value->>'updated_at')::timestamptz, at) >= coalesce(t.updated_at, '-infinity')
        -- A version with nothing else new counts too: what was sent before it and comes late must lose to it.
        and ((v.value->>'updated_at')::timestamptz > t.updated_at or t.data <> t.data || n.data or t.status is distinct from coalesce(v.value->>'status', t.status)
          or t.assignee_id is distinct from (v.value->>'assignee_id')::bigint
          or t.contact_global_id is distinct from coalesce(v.value->>'contact', t.contact_global_id)
          or t.inbox_id is distinct from coalesce((v.value->>'inbox_id')::bigint, t.inbox_id)
          or t.channel is distinct from coalesce(v.value->>'channel', t.channel)));

  select jsonb_agg(jsonb_build_object('id', m.value->>'ledger', 'sent_at', told->'sent_at', 'about', jsonb_build_array(v.id),
      'contacts', case when v.contact_global_id is null then '[]' else jsonb_build_array(inbox.quiet_contact(v.contact_global_id)) end,
      -- The conversation as it is stored says nothing new: it lends its place to the message.
      'conversation', jsonb_build_object('id', v.id, 'account_id', v.account_id, 'conversation_id', v.conversation_id, 'contact', v.contact_global_id,
        'status', v.status, 'matter', '{}'::jsonb, 'data', v.data, 'ledger', m.value->'ledger', 'created_at', v.created_at, 'updated_at', v.updated_at, 'heard_at', v.heard_at),
      'message', m.value || jsonb_build_object('contact', (select c.id from inbox.cw_contacts c where c.project_id = p and c.id = m.value->>'contact'),
        'data', case when (m.value->>'deleted')::boolean then '{}' when t.id is null then m.value->'data' else t.data || n.data end)))
    into messages
    from jsonb_array_elements(told->'messages') m
      join lateral (select * from inbox.cw_conversations x where x.project_id = p and x.id = m.value->>'conversation' offset 0) v on true
      left join lateral (select * from inbox.cw_messages x where x.project_id = p and x.id = m.value->>'id' offset 0) t on true
      -- Known by the webhook, and by what the sender and the inbox were called then.
      cross join lateral (select (m.value->'data') - 'sender' - 'inbox' as data) n
    where t.id is null or (t.deleted_at is null and (t.updated_at is null or t.updated_at <= at)
      and ((m.value->>'deleted')::boolean or t.content_hash <> m.value->>'content_hash' or t.data <> t.data || n.data));
  return nullif(coalesce(contacts, '[]') || coalesce(conversations, '[]') || coalesce(messages, '[]'), '[]');
end $$;
comment on function inbox.news(jsonb) is 'Of what the API told, what the mirror does not have or has otherwise, as events; null for none.';
revoke execute on function inbox.news(jsonb) from public;
grant execute on function inbox.news(jsonb) to omneuro_app;

-- A known contact as a fact that says nothing about him; null for an unknown one.
create or replace function inbox.quiet_contact(contact text) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$ begin
  return (select jsonb_build_object('id', c.id, 'account_id', c.account_id, 'contact_id', c.contact_id, 'person', c.person_id, 'ledger', '',
      'language', null, 'heard_at', c.heard_at, 'data', '{}'::jsonb, 'points', '[]'::jsonb)
    from inbox.cw_contacts c where c.project_id = shared.scope() and c.id = contact);
end $$;
comment on function inbox.quiet_contact(text) is 'Names a contact for events in which nobody speaks of him.';
revoke execute on function inbox.quiet_contact(text) from public;
grant execute on function inbox.quiet_contact(text) to omneuro_app;

-- The mirror becomes what the API told. A message that was read and is afterwards neither stored nor kept away by a tombstone is
-- a mistake of ours, and undoes the whole step: the watermark may rely on it.
-- Returns {written: rows that were new or different, wake: outbox row to publish or null}.
create or replace function inbox.put_snapshot(told jsonb, outbox_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  fresh jsonb; waiting int; written int; settled int; lacking text;
begin
  perform pg_advisory_xact_lock(hashtext(p::text), k.key) from (
    select distinct 9000 + (hashtext(named.id) & 255) as key from (
      select x->>'id' as id from jsonb_array_elements((told->'contacts') || (told->'conversations')) x
      union select x->>'conversation' from jsonb_array_elements(told->'messages') x
      union select x->>'contact' from jsonb_array_elements((told->'conversations') || (told->'messages')) x where x->>'contact' is not null) named
    order by 1) k;
  -- Asked again, Chatwoot has settled what two edits of one second claimed.
  update inbox.cw_messages t set needs_refetch = false
    where t.project_id = p and t.needs_refetch and t.updated_at < (told->>'sent_at')::timestamptz
      and t.id = any(array(select m->>'id' from jsonb_array_elements(told->'messages') m));
  get diagnostics settled = row_count;
  fresh := inbox.news(told);
  if fresh is not null then select t.waiting, jsonb_array_length(t.heard) into waiting, written from inbox.mirror(fresh) t; end if;

  select m->>'id' into lacking from jsonb_array_elements(told->'messages') m
    where not exists (select from inbox.cw_messages t where t.project_id = p and t.id = m->>'id')
      and not exists (select from shared.tombstones s where s.project_id = p and s.object_id in (m->>'id', m->>'conversation', m->>'contact',
        (select v.contact_global_id from inbox.cw_conversations v where v.project_id = p and v.id = m->>'conversation')))
    limit 1;
  if lacking is not null then raise exception 'a message was read and not written: %', lacking; end if;
  return jsonb_build_object('written', coalesce(written, 0) + settled,
    'wake', case when waiting > 0 then memory.ask_embedding(outbox_id) end);
end $$;
comment on function inbox.put_snapshot(jsonb, text) is 'Writes what the API told, where it differs from the mirror, by the rules that webhooks obey.';
revoke execute on function inbox.put_snapshot(jsonb, text) from public;
grant execute on function inbox.put_snapshot(jsonb, text) to omneuro_app;

-- The same as a step of a run, which counts it; the run is held.
create or replace function inbox.put_step(run_id text, told jsonb, outbox_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare put jsonb := inbox.put_snapshot(told, outbox_id);
begin
  perform inbox.count_step(run_id, 'written', (put->>'written')::int);
  return put;
end $$;
comment on function inbox.put_step(text, jsonb, text) is 'put_snapshot, counted by its run.';
revoke execute on function inbox.put_step(text, jsonb, text) from public;
grant execute on function inbox.put_step(text, jsonb, text) to omneuro_app;
