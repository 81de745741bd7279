-- The message of a delivery and all that follows from it; one address' messages one after the other. e.message: {id, channel, kind: phone | email | telegram,
-- address, value, name, lang, language, provider, provider_message_id, subject, body, cut_at, attachments, mail_id, refs, tag, automatic, ts,
-- edited_at, meta, content_hash, chunks}. Returns {outcome: stored | edited | stale, message, contact, thread, waiting, reworded: an edit of the text}.
create or replace function field.put_message(e jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  m constant jsonb := e->'message';
  hash constant text := outbound.recipient_hash(m->>'channel', m->>'address');
  known field.messages; kept field.messages; who text; place jsonb; was text := current_setting('app.actor');
begin
  -- An address that is new has no row to lock: locks of their own, 256 a project at most.
  perform pg_advisory_xact_lock(hashtext(p::text), 9300 + (hashtext(hash) & 255));
  select x.* into known from field.messages x
    where x.project_id = p and x.source_id = e->>'source'
      and x.provider_message_id in (m->>'provider_message_id', 'erased:' || shared.keyed(m->>'provider_message_id'));
  if known.id is not null and ((m->>'edited_at') is null or known.erased_at is not null
      or (m->>'edited_at')::timestamptz <= coalesce(known.edited_at, '-infinity')) then
    return jsonb_build_object('outcome', 'stale', 'message', known.id, 'contact', known.contact_id, 'thread', known.thread_id, 'waiting', 0);
  end if;

  if known.id is not null then
    update field.messages x set body = m->>'body', subject = m->>'subject', cut_at = (m->>'cut_at')::int, attachments = m->'attachments',
        edited_at = (m->>'edited_at')::timestamptz, updated_at = shared.clock(), version = x.version + 1
      where x.project_id = p and x.id = known.id returning x.* into kept;
    who := kept.contact_id;
  else
    who := field.whose(m, e->'ids', hash);
    place := field.place(m, who, hash);
    place := place || field.about(m, who, place->>'answers');
    insert into field.messages (project_id, id, contact_id, client_id, job_id, waits, direction, channel, source_id, provider, provider_message_id, address, subject, body, cut_at,
        attachments, mail_id, mail_refs, thread_id, seq, answers, automatic, meta, ts, edited_at)
      values (p, m->>'id', who, who, place->>'job', (place->>'waits')::boolean, 'inbound', m->>'channel', e->>'source', m->>'provider', m->>'provider_message_id', m->>'address', m->>'subject', m->>'body',
        (m->>'cut_at')::int, m->'attachments', m->>'mail_id', array(select jsonb_array_elements_text(m->'refs')), place->>'thread', (place->>'seq')::int,
        place->>'answers', (m->>'automatic')::boolean, m->'meta', (m->>'ts')::timestamptz, (m->>'edited_at')::timestamptz)
      returning * into kept;
  end if;

  -- The ledger says who spoke.
  if not kept.automatic then perform set_config('app.actor', 'client:' || who, true); end if;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', e->'ids'->>'event', 'ts', shared.clock(),
    'kind', case when kept.automatic then 'field.automatic_mail' when known.id is not null then 'client.message.edited' else 'client.message' end,
    'ref_type', case when who is null then 'field_message' else 'client' end, 'ref_id', coalesce(who, kept.id),
    'payload', jsonb_build_object('message', kept.id, 'channel', kept.channel, 'provider', kept.provider, 'source', kept.source_id,
      'length', length(kept.body), 'job', kept.job_id, 'waits', kept.waits, 'attachments', jsonb_array_length(kept.attachments), 'met', who is not distinct from (e->'ids'->>'contact'),
      'hash', (select left(encode(hmac(convert_to(kept.body, 'UTF8'), j.hmac_key, 'sha256'), 'hex'), 32) from identity.projects j where j.id = p)))));
  perform set_config('app.actor', was, true);
  return field.remember(kept, e) || jsonb_build_object('outcome', case when known.id is null then 'stored' else 'edited' end, 'message', kept.id,
    'reworded', known.id is not null and known.body <> kept.body,
    'contact', who, 'thread', kept.thread_id);
end $$;
comment on function field.put_message(jsonb) is 'Stores one message of a customer with its person, its place, its evidence and its passages.';
revoke execute on function field.put_message(jsonb) from public;
grant execute on function field.put_message(jsonb) to omneuro_app;

-- Evidence and passages of a message: the customer's own (visibility 1). What a machine sent is evidence of the house's (2), and no passage.
create or replace function field.remember(kept field.messages, e jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare sources jsonb; doubted jsonb;
begin
  sources := jsonb_build_array(jsonb_build_object('source_table', 'field.messages', 'source_pk', kept.id, 'evidence', e->'ids'->>'evidence',
    'content_hash', e->'message'->>'content_hash', 'conversation', kept.thread_id, 'seq', kept.seq, 'contact', kept.contact_id,
    'visibility', case when kept.automatic then 2 else 1 end, 'occurred_at', kept.ts, 'withdrawn_at', null, 'lang', e->'message'->>'lang',
    'fresh', kept.version = 1, 'chunks', e->'message'->'chunks'));
  doubted := shared.put_evidence(sources);
  if doubted is not null then perform memory.doubt_answers(doubted); end if;
  return jsonb_build_object('waiting', memory.put_chunks(sources));
end $$;
comment on function field.remember(field.messages, jsonb) is 'Evidence and passages of a customer''s message.';
revoke execute on function field.remember(field.messages, jsonb) from public;
grant execute on function field.remember(field.messages, jsonb) to omneuro_app;
