-- Messages of unknown fate. A claim whose worker died between writing its attempt and settling it is one of them: whether the
-- provider has the message is not known, and only the provider can say. Nothing here sends.

-- Turns dead claims into unknown ones, then takes unknown ones that are due to be asked about. Each asking is numbered: an answer
-- counts only for the asking it belongs to. ids: {events: [batch ids]}. Returns [{id, sender, to, body, thread, lookups, attempts, since}].
create or replace function outbound.doubtful(batch int, wait interval, ids jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  ledger jsonb; asked jsonb;
begin
  update shared.outbox o set state = 'done', updated_at = at
    where o.project_id = p and o.kind = 'outbound.resolve' and o.state = 'pending'
      and (o.dedupe_key = 'all:now' or (o.dedupe_key = 'all:later' and o.due_at <= at));

  with dead as materialized (
    select d.id, row_number() over (order by d.id) as place from (
      select m.id from outbound.messages m where m.project_id = p and m.state = 'submitting' and coalesce(m.lease_until, m.due_at) <= at
        order by m.id limit batch for update skip locked) d
  ), moved as (
    update outbound.messages m set state = 'unknown', code = 'worker_lost', token = null, lease_until = null, due_at = at,
        updated_at = at, version = m.version + 1
      from dead d where m.project_id = p and m.id = d.id returning m.id, m.attempts, d.place
  ), noted as (
    update outbound.attempts t set outcome = 'unknown', code = 'worker_lost', finished_at = at
      from moved m where t.project_id = p and t.message_id = m.id and t.number = m.attempts and t.outcome = 'submitting')
  select jsonb_agg(jsonb_build_object('id', doubtful.ids->'events'->>(m.place::int - 1), 'kind', 'outbound.message.unknown',
      'ref_type', 'outbound_message', 'ref_id', m.id, 'ts', at,
      'payload', jsonb_build_object('state', 'unknown', 'code', 'worker_lost', 'attempt', m.attempts)) order by m.id)
    into ledger from moved m;
  if ledger is not null then perform shared.record_events(ledger); end if;
  if ledger is not null then perform outbound.catch_up(); end if;

  with due as materialized (
    select m.id from outbound.messages m where m.project_id = p and m.state = 'unknown' and coalesce(m.lease_until, m.due_at) <= at
      order by m.due_at, m.id limit batch for update skip locked
  ), taken as (
    update outbound.messages m set lookups = m.lookups + 1, due_at = at + wait, updated_at = at
      from due d where m.project_id = p and m.id = d.id
      returning m.id, m.sender_id, m.recipient, m.body, m.thread, m.lookups, m.attempts)
  select jsonb_agg(jsonb_build_object('id', k.id, 'sender', k.sender_id, 'to', k.recipient, 'body', k.body, 'thread', k.thread, 'lookups', k.lookups, 'attempts', k.attempts,
      'since', (select t.started_at from outbound.attempts t where t.project_id = p and t.message_id = k.id and t.number = k.attempts)) order by k.id)
    into asked from taken k;
  return coalesce(asked, '[]');
end $$;
comment on function outbound.doubtful(int, interval, jsonb) is 'Takes messages of unknown fate that are due to be asked about, dead claims among them.';
revoke execute on function outbound.doubtful(int, interval, jsonb) from public;
grant execute on function outbound.doubtful(int, interval, jsonb) to omneuro_app;

-- What the provider knew: [{id, lookups, attempts, outcome: found | absent | unable, provider_message_id, state, wait_seconds (null: no more asking), event}].
-- Absent means that it may be tried again, as often as any message is; nobody sends anything before a provider has said so. The next
-- attempt's answer is asked about as patiently as this one's: the count begins anew, and attempts tell the askings apart. Returns {resolved, wakes: [{sender}]}.
create or replace function outbound.resolved(answers jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  ledger jsonb; senders jsonb; n int;
begin
  with told as materialized (
    select a.*, case when a.outcome <> 'absent' then a.outcome
        when m.attempts - m.spared >= (outbound.rules(m.contact_id, m.channel, m.brand)->>'most_attempts')::int * (m.replays + 1) then 'exhausted'
        else 'absent' end as so
    from jsonb_to_recordset(answers) a (id text, lookups int, attempts int, outcome text, provider_message_id text, state text, wait_seconds int,
        event text)
      cross join lateral (select * from outbound.messages x where x.project_id = p and x.id = a.id offset 0) m
  ), moved as (
    update outbound.messages m set
        state = case a.so when 'found' then coalesce(a.state, 'submitted') when 'absent' then 'queued' when 'exhausted' then 'failed' else 'unknown' end,
        code = case a.so when 'found' then null when 'absent' then 'not_at_provider' when 'exhausted' then 'attempts_exhausted' else
          case when a.wait_seconds is null then 'unresolved' else m.code end end,
        lookups = case a.so when 'absent' then 0 when 'exhausted' then 0 else m.lookups end,
        reserved_at = case a.so when 'exhausted' then null else m.reserved_at end,
        failed_at = case a.so when 'exhausted' then at else m.failed_at end,
        provider_message_id = coalesce(a.provider_message_id, m.provider_message_id),
        submitted_at = case when a.outcome = 'found' then coalesce(m.submitted_at, at) else m.submitted_at end,
        sent_at = case when a.outcome = 'found' and a.state = 'sent' then coalesce(m.sent_at, at) else m.sent_at end,
        due_at = case a.outcome when 'absent' then at when 'unable' then
          case when a.wait_seconds is null then 'infinity' else at + make_interval(secs => a.wait_seconds) end else m.due_at end,
        updated_at = at, version = m.version + 1
      from told a where m.project_id = p and m.id = a.id and m.state = 'unknown' and m.lookups = a.lookups and m.attempts = a.attempts
      returning m.id, m.state, m.code, m.sender_id, m.attempts, a.outcome, a.provider_message_id, a.event
  ), noted as (
    update outbound.attempts t set outcome = m.outcome, provider_message_id = m.provider_message_id
      from moved m where t.project_id = p and t.message_id = m.id and t.number = m.attempts and m.outcome in ('found', 'absent'))
  select jsonb_agg(jsonb_build_object('id', m.event, 'kind', 'outbound.message.' || m.state, 'ref_type', 'outbound_message', 'ref_id', m.id, 'ts', at,
      'payload', jsonb_strip_nulls(jsonb_build_object('state', m.state, 'code', m.code, 'looked_up', m.outcome)))
      order by m.id) filter (where m.state <> 'unknown' or m.code = 'unresolved'),
      jsonb_agg(distinct m.sender_id) filter (where m.state = 'queued'), count(*)
    into ledger, senders, n from moved m;
  if ledger is not null then perform shared.record_events(ledger); end if;
  return jsonb_build_object('resolved', n, 'senders', coalesce(senders, '[]'));
end $$;
comment on function outbound.resolved(jsonb) is 'Writes down what the provider knew about messages of unknown fate.';
revoke execute on function outbound.resolved(jsonb) from public;
grant execute on function outbound.resolved(jsonb) to omneuro_app;
