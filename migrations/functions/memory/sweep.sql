-- The net under the wake-ups: a chunk that could have been claimed for a minute already, and nobody is on the way.
-- Leases that ran out count as claimable; a running embedder takes what it left within its own loop, hence the minute.
create or replace function memory.sweep(wake_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
begin
  if exists (select from memory.corpus k where k.project_id = p and k.paused_until > at)
    or exists (select from shared.outbox o where o.project_id = p and o.kind = 'memory.embed' and o.dedupe_key = 'memory.embed'
      and o.state = 'pending')
    or not exists (select from memory.pending q where q.project_id = p and q.failed_at is null
      and greatest(q.created_at, q.lease_until, q.not_before) < at - interval '1 minute') then
    return null;
  end if;
  return memory.wake_at(wake_id, 'memory.embed', at);
end $$;
comment on function memory.sweep(text) is 'Stages the wake-up that a waiting chunk lacks, and returns it for publishing; null when none is lacking.';
revoke execute on function memory.sweep(text) from public;
grant execute on function memory.sweep(text) to omneuro_app;
