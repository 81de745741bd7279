-- What follows from new words: evidence, passages, doubt about answers that quoted the old ones, a tombstone for what is gone.
-- Private notes are passages of the house (visibility 2), the rest the contact's own (1). Ledger rows carry a keyed hash and
-- a length, no words. Returns {ledger, waiting}.
create or replace function inbox.remember(messages jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  sources jsonb; ledger jsonb; doubted jsonb; waiting int;
begin
  select
    jsonb_agg(jsonb_build_object('source_table', 'inbox.cw_messages', 'source_pk', t.id, 'evidence', m.evidence, 'content_hash', t.content_hash,
      'conversation', t.conversation_global_id, 'seq', t.seq, 'contact', c.person_id, 'visibility', case when t.private then 2 else 1 end,
      'occurred_at', t.created_at, 'withdrawn_at', t.deleted_at, 'lang', m.lang, 'fresh', m.action = 'insert', 'chunks', m.chunks)),
    jsonb_agg(jsonb_build_object('id', m.ledger, 'ref_type', 'message', 'ref_id', t.id,
      'kind', case when t.deleted_at is not null then 'message.deleted' when m.action = 'edit' then 'message.edited' else 'message.received' end,
      'ts', case when m.action = 'insert' and t.deleted_at is null then t.created_at else t.updated_at end,
      'payload', jsonb_build_object('conversation', t.conversation_global_id, 'direction', t.message_type, 'private', t.private,
        'length', coalesce(length(t.content), 0), 'attachments', jsonb_array_length(t.attachments),
        'hash', left(encode(hmac(convert_to(coalesce(t.content, ''), 'UTF8'), k.hmac_key, 'sha256'), 'hex'), 32))))
    into sources, ledger
    from jsonb_to_recordset(messages) m (action text, id text, evidence text, ledger text, lang text, chunks jsonb)
      cross join (select j.hmac_key from identity.projects j where j.id = p) k
      cross join lateral (select * from inbox.cw_messages x where x.project_id = p and x.id = m.id offset 0) t
      left join lateral (select x.person_id from inbox.cw_contacts x where x.project_id = p and x.id = t.contact_global_id offset 0) c on true
    where m.action in ('insert', 'edit', 'delete');
  if sources is null then return '{"ledger": [], "waiting": 0}'; end if;

  -- Words that retention took and that were said anew may be cited again.
  if messages @> '[{"action": "edit"}]' then
    update shared.evidence_items e set withdrawn_at = null from jsonb_to_recordset(messages) m (action text, id text)
      where m.action = 'edit' and e.project_id = p and e.source_table = 'inbox.cw_messages' and e.source_pk = m.id and e.withdrawn_at is not null;
  end if;
  doubted := shared.put_evidence(sources);
  if doubted is not null then perform memory.doubt_answers(doubted); end if;
  waiting := memory.put_chunks(sources);
  if messages @> '[{"deleted": true}]' then
    insert into shared.tombstones (project_id, account_scope_id, id, object_type, object_id, reason, deleted_at)
      select p, nullif(current_setting('app.account_scope_id', true), '')::uuid, m.tombstone, 'inbox.cw_messages', m.id, 'source_delete', m.version_at
      from jsonb_to_recordset(messages) m (id text, tombstone text, deleted boolean, version_at timestamptz, action text)
      where m.deleted and m.action <> 'redate' order by m.id
      on conflict do nothing;
  end if;
  return jsonb_build_object('ledger', ledger, 'waiting', waiting);
end $$;
comment on function inbox.remember(jsonb) is 'Evidence, passages and ledger rows of messages whose words are new, changed or gone.';
revoke execute on function inbox.remember(jsonb) from public;
grant execute on function inbox.remember(jsonb) to omneuro_app;
