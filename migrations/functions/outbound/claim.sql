-- Whoever decides about a person's messages on a channel holds these locks: the claim, a STOP, a START, an operator. Taken before
-- the statement that reads the policy, so that it sees what the other one committed. Two keys, in one order: person, address.
create or replace function outbound.policy_key(kind text, channel text, who text) returns bigint
  language sql immutable parallel safe
  set search_path = pg_catalog, pg_temp
  as $$ select hashtextextended(kind || ':' || channel || ':' || who, 20) $$;
comment on function outbound.policy_key(text, text, text) is 'Advisory lock key of a person''s or an address'' policy on a channel.';
revoke execute on function outbound.policy_key(text, text, text) from public;
grant execute on function outbound.policy_key(text, text, text) to omneuro_app;

create or replace function outbound.hold_policy(channel text, contacts text[], hashes text[]) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$ begin
  perform pg_advisory_xact_lock(k.key) from (
    select distinct outbound.policy_key('person', shared.scope() || ':' || hold_policy.channel, c) as key from unnest(contacts) c
    union
    select outbound.policy_key('address', shared.scope() || ':' || hold_policy.channel, h) from unnest(hashes) h
    order by 1) k;
end $$;
comment on function outbound.hold_policy(text, text[], text[]) is 'Waits until nobody else decides about these persons and addresses, and keeps it so until the end of the transaction.';
revoke execute on function outbound.hold_policy(text, text[], text[]) from public;
grant execute on function outbound.hold_policy(text, text[], text[]) to omneuro_app;

-- Providers whose limit is their customer's, not the number's or the bot's: all senders of the project there are paced as one.
create or replace function outbound.shares_pace(provider text) returns boolean
  language sql immutable parallel safe
  set search_path = pg_catalog, pg_temp
  as $$ select provider in ('resend', 'postmark', 'chatwoot') $$;
comment on function outbound.shares_pace(text) is 'Whether this provider counts what all senders of an account hand it together.';
revoke execute on function outbound.shares_pace(text) from public;
grant execute on function outbound.shares_pace(text) to omneuro_app;

-- Takes due messages of one sender under a token and a lease, each with its attempt written down. What may not leave is moved to
-- where it belongs, with the reason. Never waits: messages whose policy somebody else is deciding about are left for the next call.
-- A sender with a pace gives so many a second at most, in one claim at a time.
-- ids: {attempts: [batch ids], events: [batch ids], wake}. Returns {rows, stopped: {code: n}, more, wake: outbox row to publish or null}.
create or replace function outbound.claim(sender text, claim_token uuid, batch int, lease interval, ids jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  paused timestamptz; off boolean; together text[]; pace int; paced timestamptz; held int; quota int := batch; answers_at text;
  due text[]; picked text[]; taken jsonb; stopped jsonb; ledger jsonb; next_at timestamptz; n_due int; woken jsonb;
begin
  -- First of all: whoever relies on the wake-up taken here holds its row until he commits, and is then seen below.
  update shared.outbox o set state = 'done', updated_at = at
    where o.project_id = p and o.kind = 'outbound.dispatch' and o.state = 'pending'
      and (o.dedupe_key = sender || ':now' or (o.dedupe_key = sender || ':later' and o.due_at <= at));

  select s.paused_until, s.disabled_at is not null, case when s.per_second is null then '{}' when outbound.shares_pace(s.provider)
      then array(select o.id from outbound.senders o where o.project_id = p and o.provider = s.provider) else array[s.id] end,
      case when s.channel = 'email' then outbound.answers_at() end
    into paused, off, together, answers_at
    from outbound.senders s where s.project_id = p and s.id = sender;
  if not found or off or paused > at then
    if not off and paused > at then woken := outbound.wake(ids->>'wake', 'outbound.dispatch', sender, paused); end if;
    return jsonb_build_object('rows', '[]'::jsonb, 'stopped', '{}'::jsonb, 'more', false, 'wake', woken);
  end if;

  if cardinality(together) > 0 then
    select count(*), max(h.paced_until), min(h.per_second) into held, paced, pace from (
      select s.paced_until, s.per_second from outbound.senders s where s.project_id = p and s.id = any(together)
        order by s.id for no key update skip locked) h;
    -- Somebody else claims at this pace right now.
    if held < cardinality(together) then
      return jsonb_build_object('rows', '[]'::jsonb, 'stopped', '{}'::jsonb, 'more', true, 'wake', null);
    end if;
    if paced > at then
      select m.due_at into next_at from outbound.messages m
        where m.project_id = p and m.sender_id = sender and m.state = 'queued' order by m.due_at limit 1;
      if next_at is not null then woken := outbound.wake(ids->>'wake', 'outbound.dispatch', sender, greatest(next_at, paced)); end if;
      return jsonb_build_object('rows', '[]'::jsonb, 'stopped', '{}'::jsonb, 'more', false, 'wake', woken);
    end if;
    quota := least(batch, pace);
  end if;

  -- A snapshot of candidates; those whose locks are free are ours to judge, in statements that begin after the locks are held.
  select array_agg(d.id order by d.due_at, d.id), count(*) into due, n_due from (
    select m.id, m.due_at from outbound.messages m
    where m.project_id = p and m.sender_id = sender and m.state = 'queued' and m.due_at <= at
    order by m.due_at, m.id limit quota) d;
  if due is not null then
    select array_agg(m.id order by array_position(due, m.id)) into picked from (
      select m.id, m.channel, m.contact_id, m.recipient_hash, m.campaign_id from unnest(due) d (id)
        cross join lateral (select * from outbound.messages x where x.project_id = p and x.id = d.id offset 0) m) m
      where pg_try_advisory_xact_lock(outbound.policy_key('person', p || ':' || m.channel, m.contact_id))
        -- Records of one person share the places under a cap.
        and pg_try_advisory_xact_lock(outbound.policy_key('person', p || ':' || m.channel, people.speaker_of(m.contact_id)))
        and pg_try_advisory_xact_lock(outbound.policy_key('address', p || ':' || m.channel, m.recipient_hash))
        -- Shared with other claims; whoever pauses or cancels the campaign has it alone, and is seen by what is judged below.
        and (m.campaign_id is null or pg_try_advisory_xact_lock_shared(outbound.policy_key('campaign', p::text, m.campaign_id)));
    -- Another claim may have committed between the snapshot and the locks; and whoever edits, returns or cancels one of them right
    -- now has its row, and shall not be judged by what it was.
    select array_agg(t.id order by array_position(picked, t.id)) into picked from (
      select m.id from outbound.messages m where m.project_id = p and m.id = any(picked) and m.state = 'queued' and m.due_at <= at
        for update skip locked) t;
  end if;

  if picked is not null then
    with judged as materialized (select v.* from outbound.verdicts(picked, at) v),
    moved as (
      update outbound.messages m set
          state = case v.verdict when 'send' then 'submitting' when 'wait' then 'queued' when 'draft' then 'draft'
            when 'block' then 'blocked_opt_out' else 'cancelled' end,
          code = v.code,
          due_at = case v.verdict when 'wait' then v.retry_at else m.due_at end,
          token = case v.verdict when 'send' then claim_token end,
          lease_until = case v.verdict when 'send' then at + lease end,
          attempts = m.attempts + (v.verdict = 'send')::int,
          -- Counted from this attempt on, not from one of yesterday; what will not leave gives its place back.
          reserved_at = case v.verdict when 'send' then at when 'wait' then m.reserved_at end,
          seal = case v.verdict when 'draft' then null else m.seal end,
          approved_by = case v.verdict when 'draft' then null else m.approved_by end,
          approved_at = case v.verdict when 'draft' then null else m.approved_at end,
          updated_at = at, version = m.version + 1
        from judged v where m.project_id = p and m.id = v.id
        returning m.*, v.verdict),
    tried as (
      insert into outbound.attempts (project_id, account_scope_id, id, message_id, number, sender_id, token)
        select p, m.account_scope_id, ids->'attempts'->>(array_position(picked, m.id) - 1), m.id, m.attempts, sender, claim_token
        from moved m where m.verdict = 'send' order by m.id
        returning id, message_id)
    select jsonb_agg(jsonb_build_object('id', m.id, 'attempt', t.id, 'number', m.attempts, 'channel', m.channel, 'to', m.recipient,
          'subject', m.subject, 'body', m.body, 'class', m.class, 'brand', m.brand, 'language', m.language, 'contact', m.contact_id,
          'thread', case when answers_at is null or m.for_user_id is not null then m.thread
            else jsonb_build_object('reply_to', 'reply+' || outbound.reply_tag(m.id) || '@' || answers_at) || m.thread end, 'campaign', m.campaign_id) order by array_position(picked, m.id)) filter (where m.verdict = 'send'),
        coalesce((select jsonb_object_agg(c.code, c.n) from (select x.code, count(*) as n from moved x
          where x.verdict <> 'send' group by x.code) c), '{}'),
        jsonb_agg(jsonb_build_object('id', ids->'events'->>(array_position(picked, m.id) - 1),
          'kind', case m.verdict when 'send' then 'outbound.message.submitting' else 'outbound.message.stopped' end,
          'ref_type', 'outbound_message', 'ref_id', m.id, 'ts', at, 'payload', jsonb_strip_nulls(jsonb_build_object('state', m.state,
            'code', m.code, 'attempt', m.attempts, 'campaign', m.campaign_id))) order by m.id)
      into taken, stopped, ledger
      from moved m left join tried t on t.message_id = m.id;
    perform shared.record_events(ledger);
    -- The whole second, however few were taken: so no second ever sees more than the pace.
    if pace is not null and jsonb_array_length(coalesce(taken, '[]')) > 0 then
      update outbound.senders s set paced_until = at + make_interval(secs => quota::double precision / pace)
        where s.project_id = p and s.id = any(together);
    end if;
  end if;

  if coalesce(n_due, 0) < quota then
    select m.due_at into next_at from outbound.messages m
      where m.project_id = p and m.sender_id = sender and m.state = 'queued' and m.due_at > at order by m.due_at limit 1;
    if next_at is not null then woken := outbound.wake(ids->>'wake', 'outbound.dispatch', sender, next_at); end if;
  end if;
  return jsonb_build_object('rows', coalesce(taken, '[]'), 'stopped', coalesce(stopped, '{}'),
    'more', coalesce(n_due, 0) >= quota or coalesce(cardinality(picked), 0) < coalesce(n_due, 0), 'wake', woken);
end $$;
comment on function outbound.claim(text, uuid, int, interval, jsonb) is
  'Leases due messages of a sender to a token, after judging each; what may not leave is moved with its reason.';
revoke execute on function outbound.claim(text, uuid, int, interval, jsonb) from public;
grant execute on function outbound.claim(text, uuid, int, interval, jsonb) to omneuro_app;
