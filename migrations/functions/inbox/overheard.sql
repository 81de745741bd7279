-- What customers said that is new, as outbound.heard() takes it; null when nobody said anything. The words themselves were read by the
-- code; what it cannot know is added here: the person, the evidence, and for a bare "yes" what we had written last.
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
  if not jsonb_path_exists(messages, '$[*] ? (@.action == "insert").heard.said') then return null; end if;
  select jsonb_agg((m.heard || jsonb_build_object('person', c.person_id, 'occurred_at', t.created_at, 'seed', m.id, 'evidence',
      (select e.id from shared.evidence_items e where e.project_id = p and e.source_table = 'inbox.cw_messages' and e.source_pk = m.id)))
      || case when m.heard->>'said' = 'yes' then jsonb_build_object('asked', (
        select jsonb_build_object('at', a.created_at, 'text', coalesce(a.content, '')) from inbox.cw_messages a
          where a.project_id = p and a.conversation_global_id = t.conversation_global_id and a.message_type = 'outgoing' and not a.private
            and a.deleted_at is null and a.created_at <= t.created_at order by a.created_at desc, a.seq desc limit 1)) else '{}' end)
    into said
    from jsonb_to_recordset(messages) m (action text, id text, heard jsonb)
      cross join lateral (select * from inbox.cw_messages x where x.project_id = p and x.id = m.id offset 0) t
      cross join lateral (select x.person_id from inbox.cw_contacts x where x.project_id = p and x.id = t.contact_global_id offset 0) c
    where m.action = 'insert' and m.heard is not null;
  return said;
end $$;
comment on function inbox.overheard(jsonb) is 'New words of customers among weighed messages, for outbound.heard.';
revoke execute on function inbox.overheard(jsonb) from public;
grant execute on function inbox.overheard(jsonb) to omneuro_app;
