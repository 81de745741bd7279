-- What the provider said, under the claim's token: [{id, attempt, outcome: accepted | later | refused | unknown, provider_message_id,
-- state: submitted | sent, code, http_status, opt_out, wait_seconds, spared, event, ids: [four more]}]. A row whose token is gone is left alone.
-- Returns {settled: [{id, state}], retry_at: the earliest next try}.
create or replace function outbound.settle(claim_token uuid, results jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  told jsonb; ledger jsonb; retry timestamptz; blocked jsonb; refused jsonb;
begin
  -- First the locks: a report that comes at this moment is then either seen below, or sees what is settled here.
  perform from outbound.messages m where m.project_id = p and m.id = any(array(select r->>'id' from jsonb_array_elements(results) r))
    and m.state = 'submitting' and m.token = claim_token order by m.id for update;
  with said as materialized (
    select r.*, t.told_rank, t.told_code, t.provider_message_id as told_id, r.outcome = 'later' and not coalesce(r.spared, false)
        and m.attempts - m.spared >= (outbound.rules(m.contact_id, m.channel, m.brand)->>'most_attempts')::int * (m.replays + 1) as exhausted
    from jsonb_to_recordset(results) r (id text, attempt text, outcome text, provider_message_id text, state text, code text,
        http_status int, opt_out boolean, wait_seconds int, event text, ids jsonb, spared boolean)
      cross join lateral (select * from outbound.messages x where x.project_id = p and x.id = r.id offset 0) m
      left join lateral (select * from outbound.attempts x where x.project_id = p and x.id = r.attempt offset 0) t on true
    where m.state = 'submitting' and m.token = claim_token
    order by r.id for update of m
  ), told as materialized (
    select s.*, case
        -- It reported while the call was under way: it has the message, whatever the call itself came to.
        when s.told_rank > outbound.rank_of(case s.outcome when 'accepted' then coalesce(nullif(s.state, 'submitted'), 'accepted') end)
          then outbound.state_at(s.told_rank)
        when s.outcome = 'accepted' then coalesce(s.state, 'submitted')
        when s.outcome = 'unknown' then 'unknown'
        when s.outcome = 'refused' and s.opt_out then 'blocked_opt_out'
        when s.outcome = 'refused' or s.exhausted then 'failed'
        else 'queued' end as next
    from said s
  ), moved as (
    update outbound.messages m set
        state = s.next,
        code = case when s.next = 'blocked_opt_out' then 'opt_out' when s.told_rank = 9 then coalesce(s.told_code, 'delivery_failed')
          when s.told_rank > 0 then null when s.exhausted then 'attempts_exhausted' else s.code end,
        provider_rank = greatest(s.told_rank, 0),
        token = null, lease_until = null, spared = m.spared + coalesce(s.spared, false)::int,
        provider_message_id = coalesce(s.provider_message_id, s.told_id, m.provider_message_id),
        due_at = case when s.next in ('queued', 'unknown') then at + make_interval(secs => coalesce(s.wait_seconds, 60)) else m.due_at end,
        submitted_at = case when s.next in ('submitted', 'sent', 'delivered', 'read') then coalesce(m.submitted_at, at) else m.submitted_at end,
        sent_at = case when s.next in ('sent', 'delivered', 'read') then coalesce(m.sent_at, at) else m.sent_at end,
        delivered_at = case when s.next in ('delivered', 'read') then coalesce(m.delivered_at, at) else m.delivered_at end,
        read_at = case when s.next = 'read' then coalesce(m.read_at, at) else m.read_at end,
        -- A final failure gives its place under the cap back.
        reserved_at = case when s.next in ('failed', 'blocked_opt_out') then null else m.reserved_at end,
        failed_at = case when s.next = 'failed' then at else m.failed_at end,
        updated_at = at, version = m.version + 1
      from told s where m.project_id = p and m.id = s.id and m.state = 'submitting' and m.token = claim_token
      returning m.id, m.state, m.code, m.contact_id, m.channel, m.brand, m.recipient_hash, m.due_at, m.attempts, m.campaign_id, s.event, s.opt_out, s.ids,
        s.attempt, s.outcome, s.provider_message_id, s.http_status, s.code as said_code
  ), noted as (
    update outbound.attempts t set outcome = case when m.outcome = 'unknown' and t.told_rank > 0 then 'found' else m.outcome end,
        provider_message_id = coalesce(m.provider_message_id, t.provider_message_id), code = m.said_code,
        http_status = m.http_status, finished_at = at
      from moved m where t.project_id = p and t.id = m.attempt)
  select jsonb_agg(jsonb_build_object('id', m.id, 'state', m.state)),
      jsonb_agg(jsonb_build_object('id', m.event, 'kind', 'outbound.message.' || m.state, 'ref_type', 'outbound_message', 'ref_id', m.id, 'ts', at,
        'payload', jsonb_strip_nulls(jsonb_build_object('state', m.state, 'attempt', m.attempts, 'code', m.code, 'campaign', m.campaign_id))) order by m.id),
      min(m.due_at) filter (where m.state in ('queued', 'unknown')),
      jsonb_agg(jsonb_build_object('contacts', jsonb_build_array(m.contact_id), 'channel', m.channel, 'brand', m.brand,
          'addresses', jsonb_build_array(m.recipient_hash), 'by', 'provider', 'ids', m.ids) order by m.contact_id)
        filter (where m.state = 'blocked_opt_out' and m.opt_out)
    into told, ledger, retry, blocked from moved m;
  if ledger is not null then perform shared.record_events(ledger); end if;
  -- The provider knows of an opt-out that we had not heard of.
  for refused in select * from jsonb_array_elements(blocked) loop
    perform outbound.opt_out(refused);
  end loop;
  return jsonb_build_object('settled', coalesce(told, '[]'), 'retry_at', retry);
end $$;
comment on function outbound.settle(uuid, jsonb) is 'Writes down what the provider said, where the token still holds.';
revoke execute on function outbound.settle(uuid, jsonb) from public;
grant execute on function outbound.settle(uuid, jsonb) to omneuro_app;

