-- How far the embedding of a project's memory is, for operators. Every page of the console asks, so at most ten thousand chunks are
-- counted; of more, the number is the one that embedding noted last (memory.corpus), and says so. What waits is always counted.
create or replace function memory.status() returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  with waiting as (
    select q.created_at, case when q.failed_at is not null then 'failed' when q.lease_until > shared.clock() then 'processing'
      else 'pending' end as state
    from memory.pending q where q.project_id = (select shared.scope())
  ), near as (
    select count(*) as n from (select from memory.chunks c where c.project_id = (select shared.scope()) limit 10001) x
  ), totals as (
    select n <= 10000 as exact, case when n <= 10000 then n else greatest(n, k.chunks, (select count(*) from waiting)) end as chunks,
      case when n <= 10000 then (select count(*) from memory.vectors v where v.project_id = (select shared.scope())
          and not exists (select from memory.pending q where q.project_id = v.project_id and q.chunk_id = v.chunk_id))
        else greatest(n, k.chunks, (select count(*) from waiting)) - (select count(*) from waiting) end as ready,
      case when n > 10000 and k.chunks >= n then k.updated_at end as counted_at
    from near left join memory.corpus k on k.project_id = (select shared.scope())
  ), counted as (
    select count(*) filter (where w.state = 'processing') as processing, count(*) filter (where w.state = 'failed') as failed,
      min(w.created_at) filter (where w.state <> 'failed') as oldest, min(w.created_at) filter (where w.state = 'failed') as oldest_failed
    from waiting w)
  select jsonb_build_object('chunks', t.chunks, 'exact', t.exact,
    'counted_seconds', extract(epoch from shared.clock() - t.counted_at)::int, 'ready', t.ready, 'processing', c.processing, 'failed', c.failed,
    'pending', t.chunks - t.ready - c.processing - c.failed,
    'oldest_seconds', extract(epoch from shared.clock() - c.oldest)::int,
    'oldest_failed_seconds', extract(epoch from shared.clock() - c.oldest_failed)::int,
    'errors', (select coalesce(jsonb_object_agg(e.error, e.n), '{}') from (
      select coalesce(q.error, 'unknown') as error, count(*) as n from memory.pending q
      where q.project_id = (select shared.scope()) and q.failed_at is not null group by 1) e),
    'model', (select m.name from memory.corpus k join memory.models m on m.id = k.model_id where k.project_id = (select shared.scope())),
    'paused_seconds', (select ceil(extract(epoch from k.paused_until - shared.clock()))::int from memory.corpus k
      where k.project_id = (select shared.scope()) and k.paused_until > shared.clock()),
    'canaries_failing', (select count(*) from memory.canaries y
      where y.project_id = (select shared.scope()) and y.enabled and y.failing_since is not null))
  from totals t, counted c
$$;
comment on function memory.status() is 'Chunks by embedding status, the age of the oldest unfinished and failed one, failed ones by error.';
revoke execute on function memory.status() from public;
grant execute on function memory.status() to omneuro_app;
