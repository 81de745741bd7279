-- Hearing a customer, in one call: delivery, person, message, evidence, passages, ledger, wake-up: all of it, or nothing. A delivery
-- seen before changes nothing at all, and so does a message seen before, under whatever delivery.
-- e: {id, source, delivery, hash, event, outcome: heard | ignored | awaiting, resumes, raw, to: {kind, account}, message (see put_message),
-- ids: {contact, point, event, evidence, outbox, fetch}}. `awaiting`: the provider told that there is a message, its words are fetched later by the
-- job field.fetch, which calls this again with `resumes`. Returns {outcome, delivery, message, contact, thread, wakes: outbox rows to publish}.
create or replace function field.hear(e jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  bound text; told jsonb; wakes jsonb := '[]'; wake jsonb; fits boolean;
begin
  if p is null then raise exception 'no project in scope' using errcode = '42501'; end if;
  select s.external_id into bound from identity.project_sources s where s.project_id = p and s.id = e->>'source';
  if bound is null then perform shared.fail('not_found', 'source_unknown'); end if;
  -- One account may have several numbers, and all of them may arrive here: but never another source's.
  if e->'to'->>'account' <> bound and identity.account_bound(e->'to'->>'kind', e->'to'->>'account') then
    perform shared.fail('forbidden', 'account_bound_elsewhere');
  end if;

  if (e->>'resumes')::boolean then
    update field.deliveries d set outcome = 'stored', raw = null, expires_at = null
      where d.project_id = p and d.id = e->>'id' and d.outcome = 'awaiting';
  else
    insert into field.deliveries (project_id, id, source_id, delivery_id, body_hash, event, outcome, raw, expires_at)
      values (p, e->>'id', e->>'source', e->>'delivery', e->>'hash', e->>'event', case e->>'outcome' when 'heard' then 'stored' else e->>'outcome' end,
        nullif(e->'raw', 'null'), case when e->>'outcome' <> 'heard' then shared.clock() + interval '30 days' end)
      on conflict do nothing;
  end if;
  if not found then return field.repeated(e); end if;
  if e->>'outcome' = 'ignored' then return jsonb_build_object('outcome', 'ignored', 'delivery', e->>'id', 'wakes', wakes); end if;
  if e->>'outcome' = 'awaiting' then
    insert into shared.outbox as o (project_id, id, kind, dedupe_key, payload)
      values (p, e->'ids'->>'fetch', 'field.fetch', e->>'id', jsonb_build_object('delivery', e->>'id'))
      returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at) into wake;
    return jsonb_build_object('outcome', 'awaiting', 'delivery', e->>'id', 'wakes', jsonb_build_array(wake));
  end if;

  told := field.put_message(e);
  if told->>'outcome' <> 'stored' then
    update field.deliveries d set outcome = told->>'outcome' where d.project_id = p and d.id = e->>'id';
  end if;
  -- What was edited into a STOP or a wish is heard; no other edit is: it can only make us quieter.
  if e->'message'->'heard' <> 'null' and (told->>'outcome' = 'stored'
      or (told->>'reworded')::boolean and e->'message'->'heard'->>'said' in ('stop', 'wish')) then wakes := field.obey(e, told); end if;
  if (told->>'waiting')::int > 0 then wake := memory.ask_embedding(e->'ids'->>'outbox'); end if;
  if wake is not null then wakes := wakes || wake; end if;
  return told - '{waiting,reworded}'::text[] || jsonb_build_object('delivery', e->>'id', 'wakes', wakes);
end $$;
comment on function field.hear(jsonb) is 'Takes in one delivery of a customers'' channel: everything it changes, or nothing.';
revoke execute on function field.hear(jsonb) from public;
grant execute on function field.hear(jsonb) to omneuro_app;

-- What a new message means for what we send: words of command are obeyed, what it overtook is cancelled. By the sender he wrote to.
create or replace function field.obey(e jsonb, told jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  m constant jsonb := e->'message';
begin
  return outbound.heard(jsonb_build_array((m->'heard') || jsonb_strip_nulls(jsonb_build_object('person', told->>'contact', 
    'occurred_at', case when told->>'outcome' = 'edited' then m->>'edited_at' else m->>'ts' end,
    'seed', concat_ws(':', told->>'message', case when told->>'outcome' = 'edited' then m->>'edited_at' end),
    'evidence', (select i.id from shared.evidence_items i where i.project_id = p and i.source_table = 'field.messages' and i.source_pk = told->>'message'),
    'sender', (select s.id from outbound.senders s where s.project_id = p and s.source_id = e->>'source' and s.channel = m->>'channel'
      and s.disabled_at is null order by s.created_at, s.id limit 1),
    'channels', jsonb_build_array(jsonb_build_object('channel', m->>'channel', 'address', m->>'address'))))));
end $$;
comment on function field.obey(jsonb, jsonb) is 'Passes a customer''s new message on to what we send; returns wake-ups to publish.';
revoke execute on function field.obey(jsonb, jsonb) from public;
grant execute on function field.obey(jsonb, jsonb) to omneuro_app;

-- A delivery id that comes again: a repetition, or, with another body, a replay, which is kept for a week, is reported and changes nothing.
create or replace function field.repeated(e jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  same boolean;
begin
  select d.body_hash = e->>'hash' into same from field.deliveries d
    where d.project_id = p and d.source_id = e->>'source' and d.delivery_id = e->>'delivery' and d.outcome <> 'replayed';
  if same is not false or (e->>'resumes')::boolean then
    return jsonb_build_object('outcome', 'duplicate', 'delivery', e->>'id', 'wakes', '[]'::jsonb);
  end if;
  insert into field.deliveries (project_id, id, source_id, delivery_id, body_hash, event, outcome, raw, expires_at)
    values (p, e->>'id', e->>'source', e->>'delivery', e->>'hash', e->>'event', 'replayed', coalesce(nullif(e->'raw', 'null'), (e->'message') - 'chunks'),
      shared.clock() + interval '7 days')
    on conflict do nothing;
  if found then
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', e->'ids'->>'event', 'kind', 'security.replay_conflict',
      'ref_type', 'delivery', 'ref_id', e->>'id', 'payload', jsonb_build_object('source', e->>'source'), 'ts', shared.clock())));
  end if;
  return jsonb_build_object('outcome', 'replayed', 'delivery', e->>'id', 'wakes', '[]'::jsonb);
end $$;
comment on function field.repeated(jsonb) is 'Says whether a known delivery came again or something else came under its id.';
revoke execute on function field.repeated(jsonb) from public;
grant execute on function field.repeated(jsonb) to omneuro_app;
