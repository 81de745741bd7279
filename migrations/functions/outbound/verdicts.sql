-- May these messages leave at this moment? One place decides, for a dry run and for the claim alike: it reads, and changes nothing.
-- Returns a row per message: verdict send | wait | draft | block | cancel, a code that explains it, and when to look again.
-- In the order given the cap is used up: of two messages to one person the first takes the last place.
create or replace function outbound.verdicts(ids text[], at timestamptz)
    returns table (id text, verdict text, code text, retry_at timestamptz)
  language sql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
  with asked as materialized (
    select m.*, n.place, outbound.rules(m.contact_id, m.channel, m.brand) as rule, outbound.seal(m) as now_seal,
      c.opted_out_at, c.held_at, p.erased_at as person_erased_at,
      (select g.state from outbound.campaigns g where g.project_id = m.project_id and g.id = m.campaign_id) as campaign_state,
      (select s.suppressed_at from outbound.suppressions s where s.project_id = m.project_id and s.channel = m.channel
        and s.brand in ('', m.brand) and s.recipient_hash = m.recipient_hash and s.lifted_at is null limit 1) as suppressed_at,
      (select e.granted from people.consents e where e.project_id = m.project_id and e.contact_id = m.contact_id
        and e.channel = m.channel and e.scope = 'marketing' order by e.occurred_at desc, e.id desc limit 1) as consented
    from unnest(ids) with ordinality n (id, place)
      cross join lateral (select * from outbound.messages x where x.project_id = shared.scope() and x.id = n.id offset 0) m
      join people.contacts p on p.project_id = m.project_id and p.id = m.contact_id
      left join outbound.contact_channel_policies c on c.project_id = m.project_id and c.contact_id = m.contact_id
        and c.channel = m.channel and c.brand = m.brand
  ), judged as (
    select a.*,
      case when a.class = 'reply' or a.through_quiet then at
        else outbound.waking_at(a.zones, (a.rule->>'quiet_from')::time, (a.rule->>'quiet_until')::time, at) end as awake_at
    from asked a
  ), first as (
    select j.*, case
        when j.opted_out_at is not null or j.suppressed_at is not null then 'opt_out'
        when j.person_erased_at is not null or j.erased_at is not null then 'person_erased'
        when j.campaign_state = 'cancelled' then 'campaign_cancelled'
        when j.seal is not null and j.seal is distinct from j.now_seal then 'content_changed_after_approval'
        when j.campaign_state = 'paused' then 'campaign_paused'
        when j.class = 'marketing' and j.consented is not true then 'consent_missing'
        when j.class = 'marketing' and j.held_at is not null then 'held_for_operator'
        when j.awake_at = 'infinity' then 'quiet_hours_never_end'
        when j.awake_at > at then 'quiet_hours' end as stopped
    from judged j
  ), counted as (
    select f.*,
      case when f.stopped is null and f.class <> 'reply' then
        count(*) filter (where f.stopped is null and f.class <> 'reply')
          over (partition by f.contact_id, f.channel, f.brand order by f.place rows unbounded preceding)
        + (select count(*) from outbound.messages r where r.project_id = f.project_id and r.contact_id = f.contact_id
            and r.channel = f.channel and r.brand = f.brand and r.class <> 'reply' and r.id <> all(ids)
            and r.reserved_at > at - make_interval(secs => (f.rule->>'cap_seconds')::int)) end as nth
    from first f
  )
  select k.id,
    case when k.stopped = 'opt_out' then 'block'
      when k.stopped in ('person_erased', 'campaign_cancelled') then 'cancel'
      -- A campaign does not wait for somebody to change his mind.
      when k.stopped = 'consent_missing' and k.campaign_id is not null then 'cancel'
      when k.stopped = 'content_changed_after_approval' then 'draft'
      when k.stopped is not null then 'wait'
      when k.nth > (k.rule->>'cap_count')::int then 'wait' else 'send' end,
    coalesce(k.stopped, case when k.nth > (k.rule->>'cap_count')::int then 'frequency_cap_reached' end),
    case when k.stopped = 'quiet_hours' then k.awake_at
      -- A person's decision is waited for, not the clock; looked at again now and then.
      when k.stopped in ('campaign_paused', 'consent_missing', 'held_for_operator', 'quiet_hours_never_end') then at + interval '1 day'
      when k.nth > (k.rule->>'cap_count')::int then coalesce(
        (select r.reserved_at from outbound.messages r where r.project_id = k.project_id and r.contact_id = k.contact_id
          and r.channel = k.channel and r.brand = k.brand and r.class <> 'reply' and r.id <> all(ids)
          and r.reserved_at > at - make_interval(secs => (k.rule->>'cap_seconds')::int)
          order by r.reserved_at desc offset greatest((k.rule->>'cap_count')::int - 1, 0) limit 1), at)
        + make_interval(secs => (k.rule->>'cap_seconds')::int) end
  from counted k order by k.place
$$;
comment on function outbound.verdicts(text[], timestamptz) is 'Whether these messages may leave at this moment, and if not why and until when. Writes nothing.';
revoke execute on function outbound.verdicts(text[], timestamptz) from public;
grant execute on function outbound.verdicts(text[], timestamptz) to omneuro_app;
