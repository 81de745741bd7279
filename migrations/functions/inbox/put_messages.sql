-- Writes messages as weighed. A new one takes the next place in its conversation, in order of time within this batch; late
-- arrivals come last: the place is a hint for recall, never a truth.
create or replace function inbox.put_messages(messages jsonb, turns jsonb, holders jsonb) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  a constant uuid := nullif(current_setting('app.account_scope_id', true), '')::uuid;
begin
  insert into inbox.cw_messages (project_id, account_scope_id, id, account_id, message_id, conversation_id, conversation_global_id,
      contact_global_id, sender_type, sender_id, private, message_type, content_type, content, content_hash, seq, attachments, data,
      heard_at, deleted_at, needs_refetch, created_at, updated_at)
    select p, a, m.id, m.account_id, m.message_id, m.conversation_id, m.conversation, coalesce(m.contact, holders->>m.conversation),
      m.sender_type, m.sender_id, m.private, m.message_type, m.content_type, m.content, m.content_hash,
      (turns->>m.conversation)::int + 1 - row_number() over (partition by m.conversation order by m.created_at desc, m.message_id desc)::int,
      m.attachments, m.data, m.heard_at, case when m.deleted then m.version_at end, m.tied, m.created_at, m.version_at
    from jsonb_to_recordset(messages) m (action text, id text, account_id bigint, message_id bigint, conversation_id bigint, conversation text,
      contact text, sender_type text, sender_id bigint, private boolean, message_type text, content_type text, content text,
      content_hash text, attachments jsonb, data jsonb, heard_at timestamptz, deleted boolean, tied boolean, created_at timestamptz,
      version_at timestamptz)
    where m.action = 'insert' order by m.id;
  if not jsonb_path_exists(messages, '$[*].action ? (@ != "insert")') then return; end if;

  update inbox.cw_messages t set content = m.content, content_hash = m.content_hash, private = m.private,
      content_type = coalesce(m.content_type, t.content_type), message_type = coalesce(m.message_type, t.message_type),
      attachments = m.attachments, data = m.data, heard_at = m.heard_at, updated_at = m.version_at,
      deleted_at = case when m.deleted then m.version_at end, needs_refetch = m.tied, removed_at = null
    from jsonb_to_recordset(messages) m (action text, id text, private boolean, message_type text, content_type text, content text,
      content_hash text, attachments jsonb, data jsonb, heard_at timestamptz, deleted boolean, tied boolean, version_at timestamptz)
    where t.project_id = p and t.id = m.id and m.action in ('edit', 'touch', 'delete', 'redate');
  update inbox.cw_messages t set needs_refetch = true
    from jsonb_to_recordset(messages) m (action text, id text)
    where t.project_id = p and t.id = m.id and m.action = 'flag';
end $$;
comment on function inbox.put_messages(jsonb, jsonb, jsonb) is 'Mirrors messages: creations insert, edits and deletions update.';
revoke execute on function inbox.put_messages(jsonb, jsonb, jsonb) from public;
grant execute on function inbox.put_messages(jsonb, jsonb, jsonb) to omneuro_app;
