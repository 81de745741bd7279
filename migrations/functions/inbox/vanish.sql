-- What is certainly gone in Chatwoot leaves the mirror: {at, ids, messages: [global ids], conversations: [global ids],
-- contacts: [global ids]}. Words, attachments, passages and evidence go, a tombstone stays. A contact whose conversations are
-- another's now was merged into that one. `ids`: {ledger, tombstone, merge}, each the beginning of the ids made here.
-- Returns how many rows went.
create or replace function inbox.vanish(gone jsonb) returns int
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := gone->>'at';
  conversations constant text[] := array(select jsonb_array_elements_text(gone->'conversations'));
  named constant text[] := array(select jsonb_array_elements_text(gone->'messages'));
  went int; lost int; ledger jsonb;
begin
  perform pg_advisory_xact_lock(hashtext(p::text), k.key) from (
    select distinct 9000 + (hashtext(x.id) & 255) as key from (
      select unnest(conversations) as id union select jsonb_array_elements_text(gone->'contacts')
      union select m.conversation_global_id from inbox.cw_messages m where m.project_id = p and m.id = any(named)) x order by 1) k;
  went := inbox.vanish_messages(gone, array(
    select m.id from inbox.cw_messages m where m.project_id = p and m.id = any(named) and m.deleted_at is null
    union select m.id from inbox.cw_messages m where m.project_id = p and m.conversation_global_id = any(conversations) and m.deleted_at is null));

  with left_ as (
    update inbox.cw_conversations v set deleted_at = at, data = '{}', heard_at = at
      where v.project_id = p and v.id = any(conversations) and v.deleted_at is null returning v.id
  ), numbered as (select l.id, row_number() over (order by l.id) as n from left_ l
  ), marked as (
    insert into shared.tombstones (project_id, account_scope_id, id, object_type, object_id, reason, deleted_at)
      select p, nullif(current_setting('app.account_scope_id', true), '')::uuid, (gone->'ids'->>'tombstone') || '.v' || n, 'inbox.cw_conversations', id, 'source_delete', at
      from numbered order by id on conflict (project_id, object_type, object_id) do update set deleted_at = excluded.deleted_at)
  select jsonb_agg(jsonb_build_object('id', (gone->'ids'->>'ledger') || '.v' || n, 'kind', 'conversation.deleted', 'ref_type', 'conversation',
      'ref_id', id, 'payload', '{}'::jsonb, 'ts', at)), count(*)
    into ledger, lost from numbered;
  if ledger is not null then perform shared.record_events(ledger); end if;
  return went + lost + inbox.vanish_contacts(gone);
end $$;
comment on function inbox.vanish(jsonb) is 'Takes out of the mirror what Chatwoot no longer has.';
revoke execute on function inbox.vanish(jsonb) from public;
grant execute on function inbox.vanish(jsonb) to omneuro_app;

-- The deletion of messages as a webhook would have told it; part of vanish.
create or replace function inbox.vanish_messages(gone jsonb, wanted text[]) returns int
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare facts jsonb; words jsonb;
begin
  select jsonb_agg(jsonb_build_object('action', 'delete', 'tied', false, 'id', m.id, 'private', m.private, 'content_type', null, 'message_type', null,
      'content', null, 'attachments', '[]'::jsonb, 'data', '{}'::jsonb, 'deleted', true, 'version_at', gone->'at', 'heard_at', gone->'at',
      -- As messageRow in functions/brain/inbox/events.ts makes it of a deleted message.
      'content_hash', left(encode(sha256(convert_to('[null,' || m.private || ',true,[]]', 'UTF8')), 'hex'), 32), 'chunks', '[]'::jsonb, 'lang', null,
      'evidence', (gone->'ids'->>'evidence') || '.' || m.n, 'ledger', (gone->'ids'->>'ledger') || '.m' || m.n, 'tombstone', (gone->'ids'->>'tombstone') || '.m' || m.n))
    into facts
    from (select t.id, t.private, row_number() over (order by t.id) as n from inbox.cw_messages t
      where t.project_id = shared.scope() and t.id = any(wanted)) m;
  if facts is null then return 0; end if;
  perform inbox.put_messages(facts, '{}', '{}');
  words := inbox.remember(facts);
  if words->'ledger' <> '[]' then perform shared.record_events(words->'ledger'); end if;
  return jsonb_array_length(facts);
end $$;
comment on function inbox.vanish_messages(jsonb, text[]) is 'Deletes messages that Chatwoot no longer has.';
revoke execute on function inbox.vanish_messages(jsonb, text[]) from public;
grant execute on function inbox.vanish_messages(jsonb, text[]) to omneuro_app;

-- Contacts that are gone, deleted or merged; part of vanish. The person behind one stays: he may be known otherwise too.
create or replace function inbox.vanish_contacts(gone jsonb) returns int
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := gone->>'at';
  one record; heir record; went int := 0;
begin
  for one in select c.id, c.person_id, c.contact_id from inbox.cw_contacts c
    where c.project_id = p and c.deleted_at is null and c.id = any(array(select jsonb_array_elements_text(gone->'contacts'))) order by c.id
  loop
    went := went + 1;
    select h.id, h.person_id, h.contact_id into heir from inbox.cw_messages m
      join inbox.cw_conversations v on v.project_id = p and v.id = m.conversation_global_id
      join inbox.cw_contacts h on h.project_id = p and h.id = v.contact_global_id and h.id <> one.id and h.deleted_at is null
      where m.project_id = p and m.contact_global_id = one.id group by h.id, h.person_id, h.contact_id order by count(*) desc, h.id limit 1;
    update inbox.cw_contacts c set name = null, email = null, phone_number = null, identifier = null, custom_attributes = '{}', data = '{}',
        deleted_at = at, heard_at = at, updated_at = shared.clock()
      where c.project_id = p and c.id = one.id;
    if heir.id is not null then
      perform people.note_merge((gone->'ids'->>'merge') || '.' || went, one.person_id, heir.person_id);
      update inbox.cw_messages m set contact_global_id = heir.id,
          sender_id = case when m.sender_type = 'contact' and m.sender_id = one.contact_id then heir.contact_id else m.sender_id end
        where m.project_id = p and m.contact_global_id = one.id;
    end if;
    insert into shared.tombstones (project_id, account_scope_id, id, object_type, object_id, reason, deleted_at)
      values (p, nullif(current_setting('app.account_scope_id', true), '')::uuid, (gone->'ids'->>'tombstone') || '.c' || went, 'inbox.cw_contacts', one.id,
        case when heir.id is null then 'source_delete' else 'merge' end, at)
      on conflict (project_id, object_type, object_id) do update set deleted_at = excluded.deleted_at, reason = excluded.reason;
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', (gone->'ids'->>'ledger') || '.c' || went, 'ref_type', 'contact', 'ref_id', one.person_id,
      'kind', case when heir.id is null then 'contact.deleted' else 'contact.merged' end,
      'payload', jsonb_build_object('cw_contact', one.id) || case when heir.id is null then '{}' else jsonb_build_object('into', heir.person_id) end, 'ts', at)));
  end loop;
  return went;
end $$;
comment on function inbox.vanish_contacts(jsonb) is 'Blanks contacts that Chatwoot no longer has, and points the merged ones at whom they were merged into.';
revoke execute on function inbox.vanish_contacts(jsonb) from public;
grant execute on function inbox.vanish_contacts(jsonb) to omneuro_app;

-- The same as a step of a run, which counts it; the run is held.
create or replace function inbox.vanish_step(run_id text, gone jsonb) returns int
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare went int := inbox.vanish(gone);
begin
  perform inbox.count_step(run_id, 'gone', went);
  return went;
end $$;
comment on function inbox.vanish_step(text, jsonb) is 'vanish, counted by its run.';
revoke execute on function inbox.vanish_step(text, jsonb) from public;
grant execute on function inbox.vanish_step(text, jsonb) to omneuro_app;
