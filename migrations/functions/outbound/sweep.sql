-- The net under the wake-ups: a message that has been due for a minute while nobody is on the way, or one whose fate nobody asks about.
create or replace function outbound.sweep(wake_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  lacking text;
begin
  if exists (select from outbound.messages m where m.project_id = p and m.state in ('submitting', 'unknown')
      and coalesce(m.lease_until, m.due_at) < at - interval '1 minute')
    and not exists (select from shared.outbox o where o.project_id = p and o.kind = 'outbound.resolve' and o.state = 'pending' and o.due_at <= at) then
    return outbound.wake(wake_id, 'outbound.resolve', null, at);
  end if;
  select s.id into lacking from outbound.senders s
    where s.project_id = p and s.disabled_at is null and (s.paused_until is null or s.paused_until <= at)
      and exists (select from outbound.messages m where m.project_id = p and m.sender_id = s.id and m.state = 'queued' and m.due_at < at - interval '1 minute')
      and not exists (select from shared.outbox o where o.project_id = p and o.kind = 'outbound.dispatch' and o.state = 'pending'
        and o.payload->>'sender' = s.id and o.due_at <= at)
    order by s.id limit 1;
  return case when lacking is not null then outbound.wake(wake_id, 'outbound.dispatch', lacking, at) end;
end $$;
comment on function outbound.sweep(text) is 'Stages the wake-up that a waiting message lacks, and returns it for publishing; null when none is lacking.';
revoke execute on function outbound.sweep(text) from public;
grant execute on function outbound.sweep(text) to omneuro_app;

-- Which projects the tick must sweep. Security definer: the tick belongs to no project, and learns ids only.
create or replace function outbound.due_projects() returns setof uuid
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform shared.assert_tick();
  return query select m.project_id from outbound.messages m
      where m.state = 'queued' and m.due_at < shared.clock() - interval '1 minute'
    union select m.project_id from outbound.messages m
      where m.state in ('submitting', 'unknown') and coalesce(m.lease_until, m.due_at) < shared.clock() - interval '1 minute';
end $$;
comment on function outbound.due_projects() is 'Ids of projects in which a message waits that nobody fetched, or that nobody asks about; for the tick only.';
revoke execute on function outbound.due_projects() from public;
grant execute on function outbound.due_projects() to omneuro_app;
