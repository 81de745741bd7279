-- The door of ingest: which deliveries are new. Inserting the row is the test, so that of ten at once one gets in.
-- Returns {delivery row id: stored | ignored | duplicate | replayed | quarantined}.
create or replace function inbox.admit(events jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  a constant uuid := nullif(current_setting('app.account_scope_id', true), '')::uuid;
  bound text; fresh jsonb; taken int; replayed text[];
begin
  select s.external_id into bound from identity.project_sources s where s.project_id = p and s.id = events->0->>'source';
  if bound is null then perform shared.fail('not_found', 'source_unknown'); end if;
  if jsonb_path_exists(events, '$[*].account ? (@ != $bound)', jsonb_build_object('bound', bound::bigint)) then
    perform inbox.quarantine(events, bound);
  end if;

  with t as (
    insert into inbox.deliveries (project_id, account_scope_id, id, source_id, delivery_id, content_key, body_hash, event,
        account_id, outcome, raw, sent_at, expires_at)
    select p, a, e.id, e.source, e.delivery, e.content_key, e.body_hash, e.event, e.account, e.outcome, e.raw, e.sent_at,
      case when e.outcome = 'ignored' then shared.clock() + interval '30 days' end
    from jsonb_to_recordset(events) e (id text, source text, delivery text, content_key text, body_hash text, event text,
      account bigint, outcome text, raw jsonb, sent_at timestamptz)
    where e.account::text = bound order by e.delivery, e.id
    on conflict do nothing returning id, outcome)
  select coalesce(jsonb_object_agg(t.id, t.outcome), '{}'), count(*) into fresh, taken from t;
  if taken = jsonb_array_length(events) then return fresh; end if;

  replayed := inbox.replays(events, fresh, bound);
  return fresh || (select jsonb_object_agg(e.id, case when e.account::text <> bound then 'quarantined'
      when e.id = any(replayed) then 'replayed' else 'duplicate' end)
    from jsonb_to_recordset(events) e (id text, account bigint) where not fresh ? e.id);
end $$;
comment on function inbox.admit(jsonb) is 'Takes up deliveries not seen before, by their id and by their content.';
revoke execute on function inbox.admit(jsonb) from public;
grant execute on function inbox.admit(jsonb) to omneuro_app;

-- The signature is right but the account is not the source's: refused when it is another project's, kept for a week when it
-- is nobody's, since its owner may be about to bind it.
create or replace function inbox.quarantine(events jsonb, bound text) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
begin
  perform shared.fail('forbidden', 'account_bound_elsewhere') from jsonb_array_elements(events) e
    where e->>'account' <> bound and identity.account_bound('chatwoot_account', e->>'account');
  insert into inbox.deliveries (id, source_id, delivery_id, body_hash, event, account_id, outcome, raw, sent_at, expires_at)
    select e.id, e.source, e.delivery, e.body_hash, e.event, e.account, 'quarantined', e.raw, e.sent_at,
      shared.clock() + interval '7 days'
    from jsonb_to_recordset(events) e (id text, source text, delivery text, body_hash text, event text, account bigint, raw jsonb,
      sent_at timestamptz)
    where e.account::text <> bound order by e.delivery, e.id
    on conflict do nothing;
end $$;
comment on function inbox.quarantine(jsonb, text) is 'Keeps deliveries whose account is bound nowhere; raises 403 when it is bound elsewhere.';
revoke execute on function inbox.quarantine(jsonb, text) from public;
grant execute on function inbox.quarantine(jsonb, text) to omneuro_app;

-- A delivery id that comes back with another body is no repetition: somebody reuses a signed id, or the sender is broken.
-- What it said is kept for a week and changes nothing else. Returns the rows that are such replays.
create or replace function inbox.replays(events jsonb, fresh jsonb, bound text) returns text[]
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  clashes jsonb; noted jsonb;
begin
  -- Offset 0 keeps this a look-up by key: the planner would take one repetition as a reason to read all of the tenant's deliveries.
  select jsonb_agg(e.value) into clashes from jsonb_array_elements(events) e cross join lateral (
      select x.body_hash from inbox.deliveries x
      where x.project_id = p and x.source_id = e->>'source' and x.delivery_id = e->>'delivery' and x.outcome <> 'replayed' offset 0) d
    where e->>'account' = bound and not fresh ? (e->>'id') and d.body_hash <> e->>'body_hash';
  if clashes is null then return '{}'; end if;

  with kept as (
    insert into inbox.deliveries (project_id, account_scope_id, id, source_id, delivery_id, body_hash, event, account_id, outcome,
        raw, sent_at, expires_at)
    select p, nullif(current_setting('app.account_scope_id', true), '')::uuid, e->>'id', e->>'source', e->>'delivery', e->>'body_hash',
      e->>'event', (e->>'account')::bigint, 'replayed',
      coalesce(nullif(e->'raw', 'null'), jsonb_build_object('contacts', e->'contacts', 'conversation', e->'conversation', 'message', e->'message')),
      (e->>'sent_at')::timestamptz, shared.clock() + interval '7 days'
    from jsonb_array_elements(clashes) e order by e->>'delivery', e->>'id'
    on conflict do nothing returning id)
  select jsonb_agg(jsonb_build_object('id', e->>'ledger', 'kind', 'security.replay_conflict', 'ref_type', 'delivery', 'ref_id', k.id,
      'payload', jsonb_build_object('source', e->>'source'), 'ts', shared.clock())) into noted
    from kept k join jsonb_array_elements(clashes) e on e->>'id' = k.id;
  if noted is not null then perform shared.record_events(noted); end if;
  return array(select e->>'id' from jsonb_array_elements(clashes) e);
end $$;
comment on function inbox.replays(jsonb, jsonb, text) is 'Keeps and reports deliveries whose id was used before for another body.';
revoke execute on function inbox.replays(jsonb, jsonb, text) from public;
grant execute on function inbox.replays(jsonb, jsonb, text) to omneuro_app;
