-- A conversation by our id or by Chatwoot's number; one that is not in this project is a fault, not an empty list.
create or replace function inbox.conversation_named(ref text) returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare found_id text;
begin
  select v.id into found_id from inbox.cw_conversations v
    where v.project_id = shared.scope() and (v.id = ref or v.conversation_id::text = ref)
    order by v.id limit 1;
  if found_id is null then perform shared.fail('not_found', 'conversation_unknown'); end if;
  return found_id;
end $$;
comment on function inbox.conversation_named(text) is 'The id of a conversation given by id or number; raises not_found/conversation_unknown.';
revoke execute on function inbox.conversation_named(text) from public;
grant execute on function inbox.conversation_named(text) to omneuro_app;
