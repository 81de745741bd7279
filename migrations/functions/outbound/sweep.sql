-- A running campaign with a step that has been due for a minute, or a cancelled one whose messages are not withdrawn yet.
create or replace function outbound.campaign_waits(c outbound.campaigns) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select case c.state
    when 'running' then
      exists (select from outbound.campaign_members b where b.project_id = c.project_id and b.campaign_id = c.id
        and b.state = 'waiting' and b.due_at < shared.clock() - interval '1 minute')
      or not exists (select from outbound.campaign_members b where b.project_id = c.project_id and b.campaign_id = c.id
        and b.state in ('waiting', 'queued'))
    when 'cancelled' then exists (select from outbound.campaign_members b
      join outbound.messages m on m.project_id = b.project_id and m.id = b.message_id
      where b.project_id = c.project_id and b.campaign_id = c.id and b.state = 'queued' and m.state in ('draft', 'pending', 'approved', 'queued'))
    else false end
$$;
comment on function outbound.campaign_waits(outbound.campaigns) is 'Whether a campaign waits for a run that nobody may be on the way for.';
revoke execute on function outbound.campaign_waits(outbound.campaigns) from public;
grant execute on function outbound.campaign_waits(outbound.campaigns) to omneuro_app;

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
  select c.id into lacking from outbound.campaigns c
    where c.project_id = p and outbound.campaign_waits(c)
      and not exists (select from shared.outbox o where o.project_id = p and o.kind = 'outbound.campaigns.run' and o.state = 'pending'
        and o.payload->>'campaign' = c.id and o.due_at <= at + interval '5 minutes')
    order by c.id limit 1;
  if lacking is not null then return outbound.wake_campaign(wake_id, lacking, at); end if;
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
      where m.state in ('submitting', 'unknown') and coalesce(m.lease_until, m.due_at) < shared.clock() - interval '1 minute'
    union select c.project_id from outbound.campaigns c where outbound.campaign_waits(c);
end $$;
comment on function outbound.due_projects() is 'Ids of projects in which a message waits that nobody fetched, or that nobody asks about; for the tick only.';
revoke execute on function outbound.due_projects() from public;
grant execute on function outbound.due_projects() to omneuro_app;
