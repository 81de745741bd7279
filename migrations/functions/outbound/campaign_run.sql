-- A wake-up of one campaign, as outbound.wake is of a sender: one pending row for now, one for the earliest later time.
create or replace function outbound.wake_campaign(wake_id text, campaign text, due timestamptz) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  at constant timestamptz := shared.clock();
  made jsonb; mine text;
begin
  insert into shared.outbox as o (project_id, id, kind, dedupe_key, payload, due_at)
    values (shared.scope(), wake_id, 'outbound.campaigns.run', campaign || case when due > at + interval '10 seconds' then ':later' else ':now' end,
      jsonb_build_object('campaign', campaign), greatest(due, at))
    on conflict (project_id, kind, dedupe_key) where state = 'pending' do update set
      id = case when o.due_at > excluded.due_at + interval '10 seconds' then excluded.id else o.id end,
      published_at = case when o.due_at > excluded.due_at + interval '10 seconds' then null else o.published_at end,
      due_at = case when o.due_at > excluded.due_at + interval '10 seconds' then excluded.due_at else o.due_at end
    returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at), o.id into made, mine;
  return case when mine = wake_id then made end;
end $$;
comment on function outbound.wake_campaign(text, text, timestamptz) is 'Stages a campaign''s wake-up and returns it for publishing; null when one as early is pending already.';
revoke execute on function outbound.wake_campaign(text, text, timestamptz) from public;
grant execute on function outbound.wake_campaign(text, text, timestamptz) to omneuro_app;

-- The next members whose step is due. Nobody is locked between taking and putting: putting looks again. A campaign that is not as it
-- was approved stops here. Returns {state, members: [{contact, step, name, language}], withdrawn}.
create or replace function outbound.campaign_take(campaign text, batch int) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  c outbound.campaigns; members jsonb; withdrawn int; back int;
begin
  update shared.outbox o set state = 'done', updated_at = at
    where o.project_id = p and o.kind = 'outbound.campaigns.run' and o.state = 'pending'
      and (o.dedupe_key = campaign || ':now' or (o.dedupe_key = campaign || ':later' and o.due_at <= at));
  select g.* into c from outbound.campaigns g where g.project_id = p and g.id = campaign;

  if c.state = 'cancelled' then
    with gone as (
      update outbound.messages m set state = 'cancelled', code = 'campaign_cancelled', reserved_at = null, updated_at = at, version = m.version + 1
        from (select x.id from outbound.campaign_members b cross join lateral (select * from outbound.messages y
            where y.project_id = p and y.id = b.message_id offset 0 for update skip locked) x
          where b.project_id = p and b.campaign_id = c.id and b.state = 'queued' and x.state in ('draft', 'pending', 'approved', 'queued')
          limit batch) d
        where m.project_id = p and m.id = d.id returning m.id)
    select count(*) into withdrawn from gone;
    return jsonb_build_object('state', c.state, 'members', '[]'::jsonb, 'withdrawn', withdrawn);
  end if;
  if c.state = 'running' and c.seal is distinct from outbound.campaign_seal(c) then
    update outbound.campaigns g set state = 'paused', code = 'content_changed_after_approval', updated_at = at, version = g.version + 1
      where g.project_id = p and g.id = c.id and g.state = 'running';
    return jsonb_build_object('state', 'paused', 'members', '[]'::jsonb, 'withdrawn', 0);
  end if;
  if c.state is distinct from 'running' then return jsonb_build_object('state', c.state, 'members', '[]'::jsonb, 'withdrawn', 0); end if;

  -- What a pause had put off may go on.
  update outbound.messages m set code = null, due_at = at, updated_at = at, version = m.version + 1
    from (select x.id from outbound.campaign_members b cross join lateral (select * from outbound.messages y
        where y.project_id = p and y.id = b.message_id offset 0 for update skip locked) x
      where b.project_id = p and b.campaign_id = c.id and b.state = 'queued' and b.reason = 'campaign_paused'
        and x.state = 'queued' and x.code = 'campaign_paused' limit batch * 4) d
    where m.project_id = p and m.id = d.id;
  get diagnostics back = row_count;
  select coalesce(jsonb_agg(jsonb_build_object('contact', d.contact_id, 'step', d.step, 'name', k.name, 'language', k.language)), '[]') into members
    from (select b.contact_id, b.step from outbound.campaign_members b
        where b.project_id = p and b.campaign_id = c.id and b.state = 'waiting' and b.due_at <= at
        order by b.due_at, b.contact_id limit batch) d
      join people.contacts k on k.project_id = p and k.id = d.contact_id;
  return jsonb_build_object('state', c.state, 'members', members, 'withdrawn', back);
end $$;
comment on function outbound.campaign_take(text, int) is 'Members of a running campaign whose step is due; withdraws messages of a cancelled one.';
revoke execute on function outbound.campaign_take(text, int) from public;
grant execute on function outbound.campaign_take(text, int) to omneuro_app;

-- The end of a run: sends the dispatcher, plans the next run, or finds that all is done. ids: {dispatch, run, event}.
create or replace function outbound.campaign_close(campaign text, has_more boolean, ids jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  c outbound.campaigns; next_at timestamptz; on_its_way boolean; wakes jsonb := '[]';
begin
  select g.* into c from outbound.campaigns g where g.project_id = p and g.id = campaign for update;
  if c.state = 'running' then
    if exists (select from outbound.messages m where m.project_id = p and m.sender_id = c.sender_id and m.state = 'queued' and m.due_at <= at) then
      wakes := wakes || coalesce(outbound.wake(ids->>'dispatch', 'outbound.dispatch', c.sender_id, at), '[]');
    end if;
    select min(b.due_at) into next_at from outbound.campaign_members b where b.project_id = p and b.campaign_id = c.id and b.state = 'waiting';
    on_its_way := exists (select from outbound.campaign_members b where b.project_id = p and b.campaign_id = c.id and b.state = 'queued');
    if next_at is null and not on_its_way then
      update outbound.campaigns g set state = 'finished', code = null, finished_at = at, updated_at = at, version = g.version + 1
        where g.project_id = p and g.id = c.id;
      perform shared.record_events(jsonb_build_array(jsonb_build_object('id', ids->>'event', 'kind', 'outbound.campaign.finished',
        'ref_type', 'campaign', 'ref_id', c.id, 'payload', '{}'::jsonb, 'ts', at)));
      return jsonb_build_object('wakes', wakes, 'state', 'finished');
    end if;
    -- What is on its way is looked at every five minutes: its next step, or the campaign's end, depends on it.
    next_at := case when has_more then at when on_its_way then least(next_at, at + interval '5 minutes') else next_at end;
  elsif c.state = 'cancelled' and has_more then
    next_at := at;
  end if;
  if next_at is not null then wakes := wakes || coalesce(outbound.wake_campaign(ids->>'run', c.id, next_at), '[]'); end if;
  return jsonb_build_object('wakes', wakes, 'state', c.state);
end $$;
comment on function outbound.campaign_close(text, boolean, jsonb) is 'Ends a run of a campaign: what is to be woken, and whether it is finished.';
revoke execute on function outbound.campaign_close(text, boolean, jsonb) from public;
grant execute on function outbound.campaign_close(text, boolean, jsonb) to omneuro_app;

-- A person has answered, or does not want to be written to: his sequences end, with what waits in them. Called by whoever hears it,
-- in the same transaction. `on_channel` null: on all of them. A reply ends only the steps that stop on one. Returns how many ended.
create or replace function outbound.end_membership(contacts text[], reason text, on_channel text default null) returns int
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  held text; ended text[];
begin
  for held in select distinct c.channel from outbound.campaign_members b
      join outbound.campaigns c on c.project_id = b.project_id and c.id = b.campaign_id
      where b.project_id = p and b.contact_id = any (contacts) and b.state in ('waiting', 'queued')
        and (on_channel is null or c.channel = on_channel) order by 1 loop
    -- Claims stay away from these persons; an enqueuer is waited for below, on the member's row.
    perform outbound.hold_policy(held, contacts, '{}');
  end loop;
  if held is null then return 0; end if;

  with going as materialized (
    select b.campaign_id, b.contact_id from outbound.campaign_members b
      where b.project_id = p and b.contact_id = any (contacts) and b.state in ('waiting', 'queued')
        and exists (select from outbound.campaigns c where c.project_id = p and c.id = b.campaign_id and (on_channel is null or c.channel = on_channel))
        and (end_membership.reason <> 'reply_detected' or exists (select from outbound.campaign_steps s
          where s.project_id = p and s.campaign_id = b.campaign_id and s.number = b.step and s.stop_on_reply))
      order by b.campaign_id, b.contact_id for update
  ), done as (
    update outbound.campaign_members b set state = 'ended', reason = end_membership.reason, updated_at = at, version = b.version + 1
      from going g where b.project_id = p and b.campaign_id = g.campaign_id and b.contact_id = g.contact_id
      returning b.account_scope_id, b.campaign_id, b.contact_id, b.step, b.message_id
  ), told as (
    insert into outbound.campaign_events (project_id, account_scope_id, campaign_id, contact_id, step, kind)
      select p, d.account_scope_id, d.campaign_id, d.contact_id, d.step, end_membership.reason from done d
      -- Where a message waits, its withdrawal below tells it.
      where not exists (select from outbound.messages m where m.project_id = p and m.id = d.message_id
        and m.state in ('draft', 'pending', 'approved', 'queued'))
      order by d.campaign_id, d.contact_id
  )
  select coalesce(array_agg(d.campaign_id || ' ' || d.contact_id order by 1), '{}') into ended from done d;

  update outbound.messages m set state = case when end_membership.reason = 'opt_out' then 'blocked_opt_out' else 'cancelled' end,
      code = end_membership.reason, reserved_at = null, updated_at = at, version = m.version + 1
    where m.project_id = p and m.contact_id = any (contacts) and m.campaign_id || ' ' || m.contact_id = any (ended)
      and m.state in ('draft', 'pending', 'approved', 'queued');
  return cardinality(ended);
end $$;
comment on function outbound.end_membership(text[], text, text) is 'Ends these persons'' running sequences and withdraws what waits in them; reason: reply_detected, opt_out, person_erased.';
revoke execute on function outbound.end_membership(text[], text, text) from public;
grant execute on function outbound.end_membership(text[], text, text) to omneuro_app;
