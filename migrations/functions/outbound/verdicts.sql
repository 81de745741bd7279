-- May these messages leave at this moment? One place decides, for a dry run and for the claim alike: it reads, and changes nothing.
-- Returns a row per message: verdict send | wait | draft | block | cancel, a code that explains it, and when to look again.
-- Places under the cap: who holds one in the window keeps it, the rest take what is left in the order given. So it makes no
-- difference in how many batches the same messages are judged. planned: sends that a dry run assumes, [{contact, channel, brand, at}].
drop function if exists outbound.verdicts(text[], timestamptz);
create or replace function outbound.verdicts(ids text[], at timestamptz, planned jsonb default '[]')
    returns table (id text, verdict text, code text, retry_at timestamptz)
  language sql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
  with asked as materialized (
    select m.*, n.place, w.ids as person, (select min(i) from unnest(w.ids) i) as person_key, r.rule, (r.rule->>'cap_count')::int as cap, make_interval(secs => (r.rule->>'cap_seconds')::int) as span,
      outbound.seal(m, r.rule) as now_seal, p.erased_at as person_erased_at, c.opted_out_at, c.held, s.suppressed,
      (select g.state from outbound.campaigns g where g.project_id = m.project_id and g.id = m.campaign_id) as campaign_state,
      -- The one text that may follow an opt-out: in its own words, to the very word that it answers, and while no other reason holds.
      coalesce(m.purpose = 'stop_confirmation' and m.class = 'reply' and c.by_word and s.by_word is not false
        and m.body = outbound.confirmation(m.brand, m.language), false) as confirms,
      (select e.granted from people.consents e where e.project_id = m.project_id and e.contact_id = any(w.ids)
        and e.channel = m.channel and e.scope = 'marketing' order by e.occurred_at desc, e.id desc limit 1) as consented
    from unnest(ids) with ordinality n (id, place)
      cross join lateral (select * from outbound.messages x where x.project_id = shared.scope() and x.id = n.id offset 0) m
      join people.contacts p on p.project_id = m.project_id and p.id = m.contact_id
      -- What one record of a person said holds for all of them.
      cross join lateral (select case when p.merged_into is null
          and not exists (select from people.contacts x where x.project_id = m.project_id and x.merged_into = m.contact_id)
        then array[m.contact_id] else people.same_person(array[m.contact_id]) end as ids offset 0) w
      cross join lateral (select outbound.rules(m.contact_id, m.channel, m.brand) as rule offset 0) r
      cross join lateral (select min(o.opted_out_at) as opted_out_at, coalesce(bool_or(o.held_at is not null), false) as held,
          bool_and(o.opted_out_by = 'keyword' and o.evidence_id is not distinct from m.answers_to) filter (where o.opted_out_at is not null) as by_word
        from outbound.contact_channel_policies o where o.project_id = m.project_id and o.contact_id = any(w.ids)
          and o.channel = m.channel and o.brand in ('', m.brand)) c
      cross join lateral (select count(*) > 0 as suppressed,
          bool_and(u.reason = 'keyword' and u.evidence_id is not distinct from m.answers_to) as by_word
        from outbound.suppressions u where u.project_id = m.project_id and u.channel = m.channel
          and u.brand in ('', m.brand) and u.recipient_hash = m.recipient_hash and u.lifted_at is null) s
  ), judged as materialized (
    select a.*,
      case when a.class = 'reply' or a.through_quiet then at
        else outbound.waking_at(a.zones, (a.rule->>'quiet_from')::time, (a.rule->>'quiet_until')::time, at) end as awake_at
    from asked a
  ), first as (
    select j.*, j.reserved_at > at - j.span is true as holds, case
        when (j.opted_out_at is not null or j.suppressed) and not j.confirms then 'opt_out'
        when j.person_erased_at is not null or j.erased_at is not null then 'person_erased'
        -- Nobody is opted out any more, or it is later than the one confirmation may come.
        when j.purpose = 'stop_confirmation' and (j.opted_out_at is null or at >= j.opted_out_at + interval '5 minutes') then 'answer_too_late'
        when j.purpose = 'help' and at >= j.created_at + interval '1 hour' then 'answer_too_late'
        when j.expires_at <= at then 'too_late'
        when j.campaign_state = 'cancelled' then 'campaign_cancelled'
        -- Its reader wrote while it was on the wire, and it came back.
        when j.stop_on_reply and j.policy ? 'replied' then 'stop_on_reply'
        when j.seal is not null and j.seal is distinct from j.now_seal then 'content_changed_after_approval'
        when j.campaign_state = 'paused' then 'campaign_paused'
        when j.class = 'marketing' and j.consented is not true then 'consent_missing'
        when j.class = 'marketing' and j.held then 'held_for_operator'
        when j.awake_at = 'infinity' then 'quiet_hours_never_end'
        when j.awake_at > at then 'quiet_hours' end as stopped
    from judged j
  ), placed as (
    select f.*, f.stopped is null and f.class <> 'reply' as counts,
      f.stopped in ('opt_out', 'person_erased', 'answer_too_late', 'too_late', 'stop_on_reply', 'content_changed_after_approval') is true as gives_back
    from first f
  ), beside as (
    -- Places held by what is not judged here, or waits here all the same.
    select k.*, (select coalesce(array_agg(h.taken order by h.taken desc), '{}') from (
        select r.reserved_at as taken from outbound.messages r where r.project_id = k.project_id and r.contact_id = any(k.person)
            and r.channel = k.channel and r.brand = k.brand and r.class <> 'reply' and r.reserved_at > at - k.span
            and r.id <> all(array(select x.id from placed x where x.counts or x.gives_back))
        union all select q.at from jsonb_to_recordset(planned) q (contact text, channel text, brand text, at timestamptz)
          where q.contact = any(k.person) and q.channel = k.channel and q.brand = k.brand and q.at > verdicts.at - k.span) h) as others,
      count(*) filter (where k.counts and k.holds) over (partition by k.person_key, k.channel, k.brand) as keepers,
      count(*) filter (where k.counts and not k.holds) over (partition by k.person_key, k.channel, k.brand order by k.place
        rows unbounded preceding) as newcomers
    from placed k
  ), counted as (
    select b.*, b.counts and cardinality(b.others) + b.keepers + case when b.holds then 0 else b.newcomers end > b.cap as beyond,
      -- Of the places that are free again last, the one whose end makes room.
      b.cap - b.keepers - greatest(b.cap - cardinality(b.others) - b.keepers, 0) as place_back
    from beside b
  )
  select k.id,
    case when k.stopped = 'opt_out' then 'block'
      when k.stopped in ('person_erased', 'answer_too_late', 'too_late', 'campaign_cancelled', 'stop_on_reply') then 'cancel'
      -- A campaign does not wait for somebody to change his mind.
      when k.stopped = 'consent_missing' and k.campaign_id is not null then 'cancel'
      when k.stopped = 'content_changed_after_approval' then 'draft'
      when k.stopped is not null or k.beyond then 'wait' else 'send' end,
    coalesce(k.stopped, case when k.beyond then 'frequency_cap_reached' end),
    case when k.stopped = 'quiet_hours' then k.awake_at
      -- A person's decision is waited for, not the clock; looked at again now and then.
      when k.stopped in ('campaign_paused', 'consent_missing', 'held_for_operator', 'quiet_hours_never_end') then at + interval '1 day'
      when k.stopped is null and k.beyond then coalesce(case when k.place_back > 0 then k.others[k.place_back] end, at) + k.span end
  from counted k order by k.place
$$;
comment on function outbound.verdicts(text[], timestamptz, jsonb) is 'Whether these messages may leave at this moment, and if not why and until when. Writes nothing.';
revoke execute on function outbound.verdicts(text[], timestamptz, jsonb) from public;
grant execute on function outbound.verdicts(text[], timestamptz, jsonb) to omneuro_app;
