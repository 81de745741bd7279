-- Lets go of claimed rows that could not be embedded: they wait, longer each time, and fail for good with the last claim.
-- rows: [{id, error, final}]. wait: what the embedder asked for; null means waits[claims so far].
-- pause: the embedder itself is unwell, so that until then nothing of this project is tried.
create or replace function memory.fail(claim_token uuid, rows jsonb, wait interval, waits int[], pause interval, wake_id text,
    event_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  failed int; earliest timestamptz; woken jsonb;
begin
  -- Released rows rely on a wake-up as fresh ones do.
  perform pg_advisory_xact_lock_shared(7, hashtext(p::text));
  with let as (
    update memory.pending q set token = null, lease_until = null, error = r.error,
        failed_at = case when r.final or q.attempts > cardinality(waits) then at end,
        not_before = case when not (r.final or q.attempts > cardinality(waits))
          then at + coalesce(wait, make_interval(secs => waits[q.attempts])) end
      from jsonb_to_recordset(rows) r (id uuid, error text, final boolean)
      where q.project_id = p and q.chunk_id = r.id and q.token = claim_token
        and q.chunk_id = any(array(select (x->>'id')::uuid from jsonb_array_elements(rows) x))
      returning q.failed_at, q.not_before)
  select count(*) filter (where l.failed_at is not null), min(l.not_before) into failed, earliest from let l;
  if pause is not null then
    insert into memory.corpus as k (project_id, paused_until) values (p, at + pause)
      on conflict (project_id) do update set paused_until = greatest(k.paused_until, excluded.paused_until);
    earliest := at + pause;
  end if;
  if failed > 0 then
    insert into shared.events (project_id, id, request_id, kind, actor, ref_type, ref_id, payload)
      values (p, event_id, current_setting('app.request_id', true), 'memory.embedding_failed', current_setting('app.actor', true),
        'batch', claim_token::text, jsonb_build_object('failed', failed));
  end if;
  if earliest is not null then woken := memory.wake_at(wake_id, 'memory.embed.later', earliest); end if;
  return jsonb_build_object('failed', failed, 'wake', woken);
end $$;
comment on function memory.fail(uuid, jsonb, interval, int[], interval, text, text) is
  'Releases a claim''s rows with their error, to be tried later or, after the last claim, not any more: {failed, wake}.';
revoke execute on function memory.fail(uuid, jsonb, interval, int[], interval, text, text) from public;
grant execute on function memory.fail(uuid, jsonb, interval, int[], interval, text, text) to omneuro_app;
