-- What providers report about messages: [{provider, id: theirs, ref: ours, status, code, suppress: provider | bounce | invalid | complaint, address,
-- mail_id, report: what makes a suppression happen once, event, report_event, ids: {policy, suppression, consent, event}: for an opt-out of two persons}]. A report belongs to the attempt that its provider took, found by the provider's id, else by ours. It counts when it says more than is known
-- (rank, then code), so that any order and any repetition ends alike, and a repetition writes nothing. A report that comes before the call returned
-- waits in its attempt until the call is settled. Returns [{ref, outcome: moved | kept | known | unmatched, state}].
create or replace function outbound.rank_of(status text) returns smallint
  language sql immutable parallel safe
  set search_path = pg_catalog, pg_temp
  as $$ select (case status when 'accepted' then 1 when 'scheduled' then 2 when 'queued' then 3 when 'sending' then 4 when 'sent' then 5 when 'delivered' then 6
    when 'read' then 7 when 'failed' then 9 when 'refused' then 10 else 0 end)::smallint $$;
comment on function outbound.rank_of(text) is 'How far a provider''s status says a message has come; failures are last, because they are final.';
revoke execute on function outbound.rank_of(text) from public;
grant execute on function outbound.rank_of(text) to omneuro_app;

create or replace function outbound.state_at(rank int) returns text
  language sql immutable parallel safe
  set search_path = pg_catalog, pg_temp
  as $$ select case when rank >= 10 then 'blocked_opt_out' when rank = 9 then 'failed' when rank = 7 then 'read' when rank = 6 then 'delivered'
    when rank = 5 then 'sent' when rank > 0 then 'submitted' end $$;
comment on function outbound.state_at(int) is 'The state of a message whose provider reports this rank.';
revoke execute on function outbound.state_at(int) from public;
grant execute on function outbound.state_at(int) to omneuro_app;

create or replace function outbound.told(reports jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare r jsonb; answers jsonb := '[]';
begin
  if shared.scope() is null then raise exception 'no project in scope' using errcode = '42501'; end if;
  for r in select value from jsonb_array_elements(reports) order by value->>'ref', value->>'id' loop
    answers := answers || outbound.told_one(r);
  end loop;
  return answers;
end $$;
comment on function outbound.told(jsonb) is 'Writes down what providers report about messages, in whatever order it comes.';
revoke execute on function outbound.told(jsonb) from public;
grant execute on function outbound.told(jsonb) to omneuro_app;

create or replace function outbound.told_one(r jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  rank constant smallint := outbound.rank_of(r->>'status');
  said constant text := coalesce(r->>'code', '');
  wanted text; m outbound.messages; a outbound.attempts; becomes text; outcome text := 'kept'; is_at int;
begin
  select t.message_id into wanted from outbound.attempts t join outbound.senders s on s.project_id = p and s.id = t.sender_id
    where t.project_id = p and t.provider_message_id = r->>'id' and s.provider = r->>'provider' order by t.number desc limit 1;
  if wanted is null then
    select o.id into wanted from outbound.messages o join outbound.senders s on s.project_id = p and s.id = o.sender_id
      where o.project_id = p and o.id = r->>'ref' and s.provider = r->>'provider' and o.attempts > 0;
  end if;
  -- Whoever decides about a person takes these locks before any row.
  if r->>'suppress' is not null then
    perform outbound.shun(r, wanted);
  end if;
  if wanted is null then return jsonb_build_object('ref', r->>'ref', 'outcome', case when r->>'suppress' is null then 'unmatched' else 'kept' end); end if;

  select o.* into m from outbound.messages o where o.project_id = p and o.id = wanted for update;
  select t.* into a from outbound.attempts t where t.project_id = p and t.message_id = wanted
      and (t.provider_message_id = r->>'id' or t.provider_message_id is null)
    order by (t.provider_message_id is not null) desc, t.number desc limit 1 for update;
  if a.id is null then return jsonb_build_object('ref', wanted, 'outcome', 'unmatched'); end if;
  if r->>'mail_id' is not null and m.mail_id is null then
    update outbound.messages o set mail_id = r->>'mail_id', updated_at = at where o.project_id = p and o.id = wanted;
  end if;
  if (rank, said) <= (a.told_rank, coalesce(a.told_code, '')) then
    return jsonb_build_object('ref', wanted, 'outcome', 'known', 'state', m.state);
  end if;
  update outbound.attempts t set told_rank = rank, told_code = nullif(said, ''), told_at = at, provider_message_id = coalesce(t.provider_message_id, r->>'id'),
      outcome = case when t.outcome in ('unknown', 'absent') then 'found' else t.outcome end
    where t.project_id = p and t.id = a.id;

  becomes := outbound.state_at(rank);
  -- While the call is under way its settling reads the attempt; an attempt that others followed says nothing about the message now.
  is_at := case when m.state in ('queued', 'unknown') then 0 when m.state = 'submitted' then 4 when m.state in ('sent', 'delivered', 'read', 'failed')
    then outbound.rank_of(m.state) end;
  if a.number = m.attempts and (rank > is_at or (rank = 9 and is_at = 9 and a.told_rank = 9)) then
    update outbound.messages o set state = becomes, provider_rank = rank,
        code = case when rank >= 10 then 'opt_out' when rank = 9 then coalesce(nullif(said, ''), 'delivery_failed') end,
        provider_message_id = coalesce(r->>'id', o.provider_message_id),
        submitted_at = case when rank < 9 then coalesce(o.submitted_at, at) else o.submitted_at end,
        sent_at = case when rank between 5 and 7 then coalesce(o.sent_at, at) else o.sent_at end,
        delivered_at = case when rank between 6 and 7 then coalesce(o.delivered_at, at) else o.delivered_at end,
        read_at = case when rank = 7 then at else o.read_at end,
        failed_at = case when rank = 9 then coalesce(o.failed_at, at) else o.failed_at end,
        reserved_at = case when rank >= 9 then null else o.reserved_at end, updated_at = at, version = o.version + 1
      where o.project_id = p and o.id = wanted returning o.* into m;
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', r->>'event', 'kind', 'outbound.message.' || m.state, 'ref_type', 'outbound_message',
      'ref_id', wanted, 'ts', at, 'payload', jsonb_strip_nulls(jsonb_build_object('state', m.state, 'code', m.code, 'attempt', a.number, 'campaign', m.campaign_id)))));
    outcome := 'moved';
  end if;
  return jsonb_build_object('ref', wanted, 'outcome', outcome, 'state', m.state);
end $$;
comment on function outbound.told_one(jsonb) is 'One report of a provider; part of told.';
revoke execute on function outbound.told_one(jsonb) from public;
grant execute on function outbound.told_one(jsonb) to omneuro_app;

-- Messages whose worker died, but whose provider has reported: what it said stands in the attempt.
create or replace function outbound.catch_up() returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  ledger jsonb;
begin
  with moved as (
    update outbound.messages m set state = outbound.state_at(t.told_rank), provider_rank = t.told_rank,
        code = case when t.told_rank >= 10 then 'opt_out' when t.told_rank = 9 then coalesce(t.told_code, 'delivery_failed') end,
        provider_message_id = coalesce(t.provider_message_id, m.provider_message_id), submitted_at = coalesce(m.submitted_at, t.told_at),
        sent_at = case when t.told_rank between 5 and 7 then coalesce(m.sent_at, t.told_at) else m.sent_at end,
        delivered_at = case when t.told_rank between 6 and 7 then coalesce(m.delivered_at, t.told_at) else m.delivered_at end,
        read_at = case when t.told_rank = 7 then t.told_at else m.read_at end,
        failed_at = case when t.told_rank = 9 then t.told_at else m.failed_at end,
        reserved_at = case when t.told_rank >= 9 then null else m.reserved_at end, updated_at = at, version = m.version + 1
      from outbound.attempts t
      where m.project_id = p and m.state = 'unknown' and t.project_id = p and t.message_id = m.id and t.number = m.attempts and t.told_rank > 0
      returning m.id, m.state, m.code, m.attempts)
  select jsonb_agg(jsonb_build_object('id', shared.made_id('evt', v.id || ':' || v.attempts || ':' || v.state), 'kind', 'outbound.message.' || v.state,
      'ref_type', 'outbound_message', 'ref_id', v.id, 'ts', at,
      'payload', jsonb_strip_nulls(jsonb_build_object('state', v.state, 'code', v.code, 'attempt', v.attempts))) order by v.id)
    into ledger from moved v;
  if ledger is not null then perform shared.record_events(ledger); end if;
end $$;
comment on function outbound.catch_up() is 'Moves messages of lost workers to where their provider has reported them.';
revoke execute on function outbound.catch_up() from public;
grant execute on function outbound.catch_up() to omneuro_app;

-- A report that says more than that it failed: the recipient, or his mailbox, is not to be written to. Once for each: a repetition after somebody lifted it
-- changes nothing. A bounce and a number that is none concern the address alone; a complaint and a STOP concern the person.
create or replace function outbound.shun(r jsonb, message text) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  ch text; brand text := ''; hash text; persons text[] := '{}';
  personal constant boolean := r->>'suppress' in ('complaint', 'provider');
  n int;
begin
  if message is not null then
    select o.channel, o.brand, o.recipient_hash, case when personal then array[o.contact_id] else '{}' end into ch, brand, hash, persons
      from outbound.messages o where o.project_id = p and o.id = message;
  else
    ch := case when r->>'address' like '%@%' then 'email' else 'sms' end;
    hash := outbound.recipient_hash(ch, r->>'address');
    if personal then
      persons := array(select distinct t.contact_id from people.contact_points t where t.project_id = p and t.value_norm = lower(btrim(r->>'address'))
        and t.kind = case ch when 'email' then 'email' else 'phone' end order by 1 limit 2);
    end if;
  end if;
  if hash is null then return; end if;
  n := cardinality(persons);
  perform outbound.hold_policy(ch, persons, array[hash]);
  if exists (select from shared.events x where x.project_id = p and x.ref_type = 'outbound_report' and x.ref_id = r->>'report') then return; end if;
  perform outbound.opt_out(jsonb_build_object('channel', ch, 'brand', brand, 'contacts', persons, 'addresses', jsonb_build_array(hash),
    'by', r->>'suppress', 'seed', r->>'report', 'ids', (select jsonb_agg(i.id order by k.place, i.n)
      from (values (1, 'policy', n), (2, 'suppression', 1), (3, 'consent', n), (4, 'event', n)) k (place, kind, most)
        cross join lateral jsonb_array_elements(r->'ids'->k.kind) with ordinality i (id, n) where i.n <= k.most)));
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', r->>'report_event', 'kind', 'outbound.suppressed', 'ref_type', 'outbound_report',
    'ref_id', r->>'report', 'ts', shared.clock(), 'payload', jsonb_strip_nulls(jsonb_build_object('by', r->>'suppress', 'channel', ch, 'message', message)))));
end $$;
comment on function outbound.shun(jsonb, text) is 'Suppresses an address, and opts a person out, because a provider reports it.';
revoke execute on function outbound.shun(jsonb, text) from public;
grant execute on function outbound.shun(jsonb, text) to omneuro_app;
