-- Writes members' messages into the queue, approved by the campaign's approval, each sealed as it stands. Who is not written to is
-- ended with the reason. A member whose step somebody else has written meanwhile is left alone.
-- rows: [{contact, step, message, event, language, subject, body, parts, template, variables, missing: reason or null}].
-- Returns {queued: [message ids], ended: [{contact, reason}]}. The caller holds the campaign.
create or replace function outbound.campaign_write(c outbound.campaigns, rows jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := c.project_id;
  at constant timestamptz := shared.clock();
  point_kind constant text := case c.channel when 'sms' then 'phone' else c.channel end;
  brand_now constant text := (select s.brand from outbound.senders s where s.project_id = p and s.id = c.sender_id);
  done jsonb; ledger jsonb;
begin
  with asked as materialized (
    select c.id as campaign, r.* from jsonb_to_recordset(rows) r (contact text, step int, message text, event text, language text, subject text, body text,
      parts int, template text, variables jsonb, missing text) order by r.contact
  ), mine as materialized (
    -- By its key alone, so that no other index is tried; what a concurrent writer left is seen once his lock is free.
    select a.* from asked a cross join lateral (
      select x.state, x.step, x.due_at from outbound.campaign_members x
        where x.project_id = p and x.campaign_id = a.campaign and x.contact_id = a.contact offset 0 for update) b
      where b.state = 'waiting' and b.step = a.step and b.due_at <= at
  ), met as materialized (
    select a.*, h.*, k.erased_at is not null or k.merged_into is not null as gone, k.timezone,
        (select min(y.opted_out_at) from outbound.contact_channel_policies y where y.project_id = p and y.contact_id = any(w.ids)
          and y.channel = c.channel and y.brand in ('', brand_now)) as opted_out_at,
        (select e.granted from people.consents e where e.project_id = p and e.contact_id = any(w.ids)
          and e.channel = c.channel and e.scope = 'marketing' order by e.occurred_at desc, e.id desc limit 1) as consented,
        s.stop_on_reply
      from mine a
        join people.contacts k on k.project_id = p and k.id = a.contact
        cross join lateral (select people.all_of(k.id) as ids offset 0) w
        join outbound.campaign_steps s on s.project_id = p and s.campaign_id = c.id and s.number = a.step
        left join lateral (select t.value_norm as address, outbound.recipient_hash(c.channel, t.value_norm) as hash
          from people.contact_points t where t.project_id = p and t.contact_id = any(w.ids) and t.kind = point_kind
          order by t.contact_id = a.contact desc, t.created_at, t.id limit 1) h on true
  ), zoned as materialized (
    -- Reading the names of all zones is slow: once, and only where somebody has one.
    select z.name from pg_timezone_names z
      where exists (select from met m where m.timezone is not null) and z.name in (select m.timezone from met m)
  ), judged as materialized (
    select m.*, case
        when m.gone then 'person_erased'
        when m.missing is not null then m.missing
        when m.address is null then 'no_address'
        when m.opted_out_at is not null or exists (select from outbound.suppressions x where x.project_id = p and x.channel = c.channel
          and x.brand in ('', brand_now) and x.recipient_hash = m.hash and x.lifted_at is null) then 'opt_out'
        when c.class = 'marketing' and m.consented is not true then 'consent_missing' end as stopped,
      case when m.timezone in (select name from zoned) then array[m.timezone]
        else coalesce((select k.zones from outbound.calling_codes k where m.address like '+' || k.code || '%' order by length(k.code) desc limit 1),
          (select array[o.timezone] from identity.projects o where o.id = p), '{UTC}') end as zones
    from met m
  ), written as materialized (
    select r.project_id, r.id, r.contact_id, to_jsonb(r) || jsonb_build_object('seal', outbound.seal(r)) as row
      from judged j cross join lateral jsonb_populate_record(null::outbound.messages, jsonb_build_object(
        'project_id', p, 'account_scope_id', c.account_scope_id, 'id', j.message, 'contact_id', j.contact, 'channel', c.channel,
        'sender_id', c.sender_id, 'brand', brand_now, 'class', c.class, 'recipient', j.address, 'recipient_hash', j.hash, 'zones', to_jsonb(j.zones),
        'language', j.language, 'subject', j.subject, 'body', j.body, 'parts', j.parts, 'template_id', j.template, 'variables', j.variables,
        'evidence_refs', '[]'::jsonb, 'stop_on_reply', j.stop_on_reply, 'through_quiet', false, 'thread', '{}'::jsonb,
        'campaign_id', c.id, 'campaign_step', j.step, 'idempotency_key', concat_ws(':', 'campaign', c.id, j.step, j.contact),
        'dedupe_key', outbound.recipient_hash('words', concat_ws(chr(31), j.hash, j.subject, j.body, (at at time zone 'UTC')::date::text)),
        'state', 'queued', 'written_by', c.written_by, 'writers', to_jsonb(c.writers), 'approved_by', c.approved_by, 'approved_at', c.approved_at,
        'policy', outbound.rules(j.contact, c.channel, brand_now), 'due_at', at, 'attempts', 0, 'replays', 0, 'spared', 0,
        'provider_rank', 0, 'lookups', 0, 'created_at', at, 'updated_at', at, 'version', 1)) r
      where j.stopped is null
  ), put as (
    insert into outbound.messages select r.* from written w cross join lateral jsonb_populate_record(null::outbound.messages, w.row) r
      order by r.contact_id
      on conflict do nothing
      returning id, contact_id
  ), moved as (
    update outbound.campaign_members b set state = case when u.id is null then 'ended' else 'queued' end, message_id = coalesce(u.id, b.message_id),
        reason = case when u.id is null then coalesce(j.stopped, 'duplicate') end, updated_at = at, version = b.version + 1
      from judged j left join put u on u.contact_id = j.contact
      -- The campaign of the row, not the constant: so there is no cheap way to a member but through his key.
      where b.project_id = p and b.campaign_id = j.campaign and b.contact_id = j.contact
      returning b.contact_id, b.account_scope_id, b.step, b.state, b.reason, u.id as message, j.event
  ), told as (
    insert into outbound.campaign_events (project_id, account_scope_id, campaign_id, contact_id, step, kind)
      select p, m.account_scope_id, c.id, m.contact_id, m.step, m.reason from moved m where m.state = 'ended' order by m.contact_id
  )
  select jsonb_build_object('queued', coalesce(jsonb_agg(m.message order by m.message) filter (where m.message is not null), '[]'),
        'ended', coalesce(jsonb_agg(jsonb_build_object('contact', m.contact_id, 'reason', m.reason) order by m.contact_id) filter (where m.message is null), '[]')),
      jsonb_agg(jsonb_build_object('id', m.event, 'kind', 'outbound.message.queued', 'ref_type', 'outbound_message', 'ref_id', m.message, 'ts', at,
        'payload', jsonb_build_object('state', 'queued', 'campaign', c.id)) order by m.message) filter (where m.message is not null)
    into done, ledger from moved m;
  if ledger is not null then perform shared.record_events(ledger); end if;
  return done;
end $$;
comment on function outbound.campaign_write(outbound.campaigns, jsonb) is 'Queues members'' messages under a campaign''s approval, or ends members with the reason.';
revoke execute on function outbound.campaign_write(outbound.campaigns, jsonb) from public;
grant execute on function outbound.campaign_write(outbound.campaigns, jsonb) to omneuro_app;

create or replace function outbound.campaign_put(campaign text, rows jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  c outbound.campaigns; done jsonb;
begin
  -- One enqueuer of a campaign after the other: members and messages of two batches lock each other's rows in no common order.
  perform pg_advisory_xact_lock(outbound.policy_key('enqueue', shared.scope()::text, campaign));
  -- Whoever pauses or cancels waits for this batch; the next one sees it.
  select g.* into c from outbound.campaigns g where g.project_id = shared.scope() and g.id = campaign for share;
  if c.state is distinct from 'running' then return '{"queued": 0, "ended": {}}'; end if;
  done := outbound.campaign_write(c, rows);
  return jsonb_build_object('queued', jsonb_array_length(done->'queued'), 'ended', coalesce((select jsonb_object_agg(e.reason, e.n)
    from (select x->>'reason' as reason, count(*) as n from jsonb_array_elements(done->'ended') x group by 1) e), '{}'));
end $$;
comment on function outbound.campaign_put(text, jsonb) is 'One batch of a running campaign: how many were queued, and how many ended for which reason.';
revoke execute on function outbound.campaign_put(text, jsonb) from public;
grant execute on function outbound.campaign_put(text, jsonb) to omneuro_app;

-- The same for people who are not members yet, judged as the queue would judge them at this moment, and then undone.
create or replace function outbound.campaign_dry_run(campaign text, rows jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  c outbound.campaigns; done jsonb; told jsonb;
begin
  select g.* into c from outbound.campaigns g where g.project_id = shared.scope() and g.id = campaign;
  if c.sender_id is null then
    select s.id into c.sender_id from outbound.senders s where s.project_id = c.project_id and s.channel = c.channel and s.disabled_at is null
      order by s.created_at, s.id limit 1;
  end if;
  if c.sender_id is null then perform shared.fail('unprocessable', 'sender_missing'); end if;
  begin
    insert into outbound.campaign_members (project_id, account_scope_id, campaign_id, contact_id, step)
      select c.project_id, c.account_scope_id, c.id, r->>'contact', (r->>'step')::int from jsonb_array_elements(rows) r;
    done := outbound.campaign_write(c, rows);
    select coalesce(jsonb_agg(jsonb_build_object('contact', m.contact_id, 'verdict', case v.verdict when 'send' then 'send' when 'wait' then 'wait' else 'never' end,
        'reason', v.code, 'until', v.retry_at)), '[]') into told
      from outbound.verdicts(array(select jsonb_array_elements_text(done->'queued')), shared.clock()) v
        join outbound.messages m on m.project_id = c.project_id and m.id = v.id;
    raise exception 'undone' using errcode = 'OM299';
  exception when sqlstate 'OM299' then
    return told || coalesce((select jsonb_agg(jsonb_build_object('contact', e->>'contact', 'verdict', 'never', 'reason', e->>'reason', 'until', null))
      from jsonb_array_elements(done->'ended') e), '[]');
  end;
end $$;
comment on function outbound.campaign_dry_run(text, jsonb) is 'What would become of these people at this moment: [{contact, verdict: send | wait | never, reason, until}]. Leaves nothing behind.';
revoke execute on function outbound.campaign_dry_run(text, jsonb) from public;
grant execute on function outbound.campaign_dry_run(text, jsonb) to omneuro_app;
