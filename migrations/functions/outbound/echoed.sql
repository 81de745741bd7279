-- Messages of ours that came back from Chatwoot: [{ref: ours, message: Chatwoot's number, conversation: its number, account, row}].
-- Coming back is the proof of having been sent, whatever the call said. A reference counts only for a message that was tried through
-- this account in this conversation, and for one message. While the call is under way its settling decides; what came back stands in
-- the attempt. Returns {row: ref} of those that are ours.
create or replace function outbound.echoed(told jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  one record; m outbound.messages; ours jsonb := '{}'; ledger jsonb := '[]';
begin
  for one in select e.* from jsonb_to_recordset(told) e (ref text, message text, conversation text, account text, "row" text) order by e.ref, e.message::bigint loop
    select o.* into m from outbound.messages o join outbound.senders s on s.project_id = p and s.id = o.sender_id
      where o.project_id = p and o.id = one.ref and o.attempts > 0 and s.provider = 'chatwoot' and coalesce(s.account, one.account) = one.account
        and substring(o.thread->>'conversation' from '[0-9]+$') = one.conversation
        and coalesce(o.provider_message_id, one.message) = one.message
      for update of o;
    continue when m.id is null;
    if not exists (select from outbound.attempts t where t.project_id = p and t.message_id = m.id and t.provider_message_id = one.message) then
      continue when exists (select from outbound.attempts t where t.project_id = p and t.message_id = m.id and t.provider_message_id is not null);
      update outbound.attempts t set provider_message_id = one.message,
          outcome = case when t.outcome in ('unknown', 'absent') then 'found' else t.outcome end
        where t.project_id = p and t.message_id = m.id and t.number = m.attempts;
    end if;
    ours := ours || jsonb_build_object(one."row", m.id);
    if m.state in ('unknown', 'submitted', 'queued') then
      update outbound.messages o set state = 'sent', code = null, provider_message_id = one.message, submitted_at = coalesce(o.submitted_at, at),
          sent_at = coalesce(o.sent_at, at), updated_at = at, version = o.version + 1
        where o.project_id = p and o.id = m.id;
      ledger := ledger || jsonb_build_object('id', shared.made_id('evt', m.id || ':echoed'), 'kind', 'outbound.message.sent', 'ref_type', 'outbound_message',
        'ref_id', m.id, 'ts', at, 'payload', jsonb_strip_nulls(jsonb_build_object('state', 'sent', 'attempt', m.attempts, 'campaign', m.campaign_id, 'came_back', true)));
    end if;
  end loop;
  if ledger <> '[]' then perform shared.record_events(ledger); end if;
  return ours;
end $$;
comment on function outbound.echoed(jsonb) is 'Settles messages of ours that Chatwoot tells back.';
revoke execute on function outbound.echoed(jsonb) from public;
grant execute on function outbound.echoed(jsonb) to omneuro_app;
