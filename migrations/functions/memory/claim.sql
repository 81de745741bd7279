-- Takes the texts that are to be embedded next, under a lease and a token; only the token's holder may settle or fail them.
-- The exclusive lock waits for writers of chunks that are under way (they hold the shared one), and the statements after it
-- see what they committed: whoever relied on the wake-up taken here is served here. Needs READ COMMITTED.
-- Of identical texts only the eldest unfinished one is ever claimed; the others get its vector when it settles.
create or replace function memory.claim(claim_token uuid, model text, batch int, lease interval, claims int, wake_id text,
    event_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  -- A queue's statistics are wrong whenever they are read: its order comes from the key and its likes from their index.
  set enable_sort = off
  set enable_bitmapscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set enable_material = off
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  number smallint;
  paused timestamptz;
  ids uuid[]; hashes text[];
  failed int := 0; copied int := 0;
  taken jsonb; more boolean; later timestamptz; woken jsonb;
begin
  perform pg_advisory_xact_lock(7, hashtext(p::text));

  select k.paused_until into paused from memory.corpus k where k.project_id = p;
  if paused > at then
    -- The wake-up stays pending: what arrives during the pause asks for no further one.
    woken := memory.wake_at(wake_id, 'memory.embed.later', paused);
    return jsonb_build_object('rows', '[]'::jsonb, 'copied', 0, 'failed', 0, 'more', false, 'wake', woken);
  end if;
  update shared.outbox o set state = 'done', updated_at = at
    where o.project_id = p and o.kind = 'memory.embed' and o.state = 'pending'
      and (o.dedupe_key is distinct from 'memory.embed.later' or o.due_at <= at);

  number := memory.model_number(model);
  with next as materialized (
    select q.chunk_id, q.text_hash from memory.pending q
    where q.project_id = p and q.failed_at is null and (q.lease_until is null or q.lease_until <= at)
      and (q.not_before is null or q.not_before <= at)
      and not exists (select from memory.pending o where o.project_id = p and o.text_hash = q.text_hash and o.failed_at is null
        and (o.chunk_id < q.chunk_id or (o.chunk_id <> q.chunk_id and o.lease_until > at)))
    order by q.chunk_id limit batch for update of q skip locked)
  select array_agg(n.chunk_id), array_agg(n.text_hash) into ids, hashes from next n;
  more := coalesce(cardinality(ids), 0) >= batch;

  if ids is not null then
    copied := memory.copy_known(number, hashes);
    -- Whoever fails says so and lets go; a last claim that merely ran out took its worker with it.
    update memory.pending q set failed_at = at, error = 'poison', token = null, lease_until = null
      where q.project_id = p and q.chunk_id = any(ids) and q.attempts >= claims;
    get diagnostics failed = row_count;
    more := more or failed > 0;  -- younger ones of the same text waited for them
    with mine as (
      update memory.pending q set token = claim_token, lease_until = at + lease, not_before = null, attempts = q.attempts + 1
        where q.project_id = p and q.chunk_id = any(ids) and q.failed_at is null
        returning q.chunk_id)
    select jsonb_agg(jsonb_build_object('id', m.chunk_id, 'hash', c.text_hash, 'text', c.text) order by m.chunk_id) into taken
      from mine m
        cross join lateral (select c.text, c.text_hash from memory.chunks c where c.project_id = p and c.id = m.chunk_id offset 0) c;
  end if;

  if copied > 0 then
    perform memory.refresh_corpus(number);
    insert into shared.events (project_id, id, request_id, kind, actor, ref_type, ref_id, payload)
      values (p, event_id, current_setting('app.request_id', true), 'memory.embedded', current_setting('app.actor', true),
        'batch', claim_token::text, jsonb_build_object('copied', copied));
  end if;
  if not more then
    select min(greatest(q.lease_until, q.not_before)) into later from memory.pending q
      where q.project_id = p and q.failed_at is null and q.token is distinct from claim_token
        and greatest(q.lease_until, q.not_before) > at;
    if later is not null then woken := memory.wake_at(wake_id, 'memory.embed.later', later); end if;
  end if;
  return jsonb_build_object('rows', coalesce(taken, '[]'), 'copied', copied, 'failed', failed, 'more', more, 'wake', woken);
end $$;
comment on function memory.claim(uuid, text, int, interval, int, text, text) is
  'Leases up to batch pending texts to one token: {rows: [{id, hash, text}], copied, failed, more, wake: an outbox row to publish or null}.';
revoke execute on function memory.claim(uuid, text, int, interval, int, text, text) from public;
grant execute on function memory.claim(uuid, text, int, interval, int, text, text) to omneuro_app;
