-- Messages of ours that came back from Chatwoot: [{ref: ours, message: Chatwoot's number, conversation: its number, account, row}].
-- Coming back is the proof of having been sent, whatever the call said. A reference counts only for a message that was tried through
-- this account in this conversation, and for one message. It is a report like any provider's (told.sql):
-- while the call is under way it stands in the attempt, for its settling. Returns {row: ref} of those that are ours.
create or replace function outbound.echoed(told jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  one record; m outbound.messages; ours jsonb := '{}';
begin
  for one in select e.* from jsonb_to_recordset(told) e (ref text, message text, conversation text, account text, "row" text) order by e.ref, e.message::bigint loop
    select o.* into m from outbound.messages o join outbound.senders s on s.project_id = p and s.id = o.sender_id
      where o.project_id = p and o.id = one.ref and o.attempts > 0 and s.provider = 'chatwoot' and coalesce(s.account, one.account) = one.account
        and substring(o.thread->>'conversation' from '[0-9]+$') = one.conversation
        and coalesce(o.provider_message_id, one.message) = one.message
      for update of o;
    continue when m.id is null;
    -- Another message has this attempt already.
    continue when exists (select from outbound.attempts t where t.project_id = p and t.message_id = m.id and t.provider_message_id is not null)
      and not exists (select from outbound.attempts t where t.project_id = p and t.message_id = m.id and t.provider_message_id = one.message);
    ours := ours || jsonb_build_object(one."row", m.id);
    perform outbound.told_one(jsonb_build_object('provider', 'chatwoot', 'id', one.message, 'ref', m.id, 'status', 'sent',
      'event', shared.made_id('evt', m.id || ':echoed:' || one.message)));
  end loop;
  return ours;
end $$;
comment on function outbound.echoed(jsonb) is 'Settles messages of ours that Chatwoot tells back.';
revoke execute on function outbound.echoed(jsonb) from public;
grant execute on function outbound.echoed(jsonb) to omneuro_app;
