-- Notices: which lines of the ledger clients are told of, once each, through outbound's own door.

-- The rules as they hold: a project's own, else these.
create or replace function field.notice_rules_now() returns table (event text, enabled boolean, template text, wait_seconds int, through_quiet boolean,
    say_stop boolean, updated_at timestamptz, version int)
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select d.event, coalesce(r.enabled, d.enabled), coalesce(r.template, 'notice-' || replace(d.event, '_', '-')), coalesce(r.wait_seconds, d.wait_seconds),
    coalesce(r.through_quiet, d.through_quiet), coalesce(r.say_stop, true), r.updated_at, coalesce(r.version, 0)
  from (values (1, 'scheduled', true, 120, false), (2, 'rescheduled', true, 120, false), (3, 'cancelled', false, 120, false),
      (4, 'on_the_way', true, 0, true), (5, 'ready', true, 60, false), (6, 'shipped', true, 60, false)) d (place, event, enabled, wait_seconds, through_quiet)
    left join field.notice_rules r on r.project_id = shared.scope() and r.event = d.event
  order by d.place
$$;
comment on function field.notice_rules_now() is 'What clients are told of in the entered project.';
revoke execute on function field.notice_rules_now() from public;
grant execute on function field.notice_rules_now() to omneuro_app;

-- Lines of the last two days that nothing has been decided about, oldest first.
create or replace function field.untold(most int) returns table (id text, event text, job_id text, payload jsonb, ts timestamptz, created_at timestamptz)
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select e.id, k.event, e.ref_id, e.payload, e.ts, e.created_at
  from shared.events e cross join lateral (select case e.kind when 'schedule.created' then 'scheduled' when 'schedule.moved' then 'rescheduled'
      when 'schedule.cancelled' then 'cancelled' when 'job.on_my_way' then 'on_the_way'
      when 'job.status.changed' then case when e.payload->>'to' in ('ready', 'shipped') then e.payload->>'to' end end as event) k
  where e.project_id = shared.scope() and e.created_at > shared.clock() - interval '2 days'
    and e.kind in ('schedule.created', 'schedule.moved', 'schedule.cancelled', 'job.on_my_way', 'job.status.changed')
    and k.event is not null and e.ref_type = 'job'
    and not exists (select from field.notices n where n.project_id = e.project_id and n.event = k.event and n.event_id = e.id)
  order by e.created_at, e.id limit most
$$;
comment on function field.untold(int) is 'What happened lately and nobody has decided about.';
revoke execute on function field.untold(int) from public;
grant execute on function field.untold(int) to omneuro_app;

-- By which channels a person can be written to, and why not by the others: [{channel, sender, brand, reason}].
create or replace function field.ways_to(everyone text[]) returns jsonb
  language sql stable
  set search_path = pg_catalog, ext, pg_temp
  as $$
  select coalesce(jsonb_agg(jsonb_build_object('channel', c.channel, 'sender', s.id, 'reason', case
      when a.address is null then 'no_address'
      when s.id is null then 'sender_missing'
      when exists (select from outbound.contact_channel_policies o where o.project_id = shared.scope() and o.contact_id = any (everyone)
          and o.channel = c.channel and o.brand in ('', s.brand) and o.opted_out_at is not null)
        or exists (select from outbound.suppressions u where u.project_id = shared.scope() and u.channel = c.channel and u.brand in ('', s.brand)
          and u.recipient_hash = outbound.recipient_hash(c.channel, a.address) and u.lifted_at is null) then 'opt_out' end) order by c.place), '[]')
  from (values (1, 'sms', 'phone'), (2, 'email', 'email'), (3, 'telegram', 'telegram')) c (place, channel, kind)
    left join lateral (select x.id, x.brand from outbound.senders x where x.project_id = shared.scope() and x.channel = c.channel and x.disabled_at is null
      order by x.created_at, x.id limit 1) s on true
    left join lateral (select t.value_norm as address from people.contact_points t join people.contacts k on k.project_id = t.project_id and k.id = t.contact_id
      where t.project_id = shared.scope() and t.contact_id = any (everyone) and t.kind = c.kind
      order by k.merged_into is not null, t.created_at, t.id limit 1) a on true
$$;
comment on function field.ways_to(text[]) is 'The channels a person may be told something by, and what is against each of the others.';
revoke execute on function field.ways_to(text[]) from public;
grant execute on function field.ways_to(text[]) to omneuro_app;

-- Takes the wake-up and returns what is to be told, with all that its words need. defaults: the house's own templates, put where a
-- project has none of that name and channel: [{name, language, channel, subject, body, variables}].
create or replace function field.claim_notices(most int, defaults jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  rows jsonb;
begin
  perform set_config('app.actor', 'system:notices', true);
  -- First of all: whoever relies on the wake-up taken here holds its row until he commits, and is then seen below.
  update shared.outbox o set state = 'done', updated_at = at
    where o.project_id = p and o.kind = 'field.notices.tell' and o.state = 'pending' and (o.dedupe_key = 'all:now' or o.due_at <= at);

  select jsonb_agg(jsonb_build_object('event', u.event, 'event_id', u.id, 'rule', to_jsonb(r), 'job', u.job_id, 'number', j.number, 'title', j.title,
      'tracking', j.tracking, 'contact', c.id, 'language', c.language, 'prefers', c.preferred_channel, 'ways', field.ways_to(w.ids),
      'tech', coalesce(t.name, own.name), 'start', s.start_ts, 'end', s.end_ts, 'timezone', coalesce(t.timezone, own.timezone, i.timezone),
      'told', exists (select from field.notices n join outbound.messages m on m.project_id = n.project_id and m.id = n.message_id
        where n.project_id = p and n.job_id = u.job_id and n.event in ('scheduled', 'rescheduled')
          and m.state not in ('draft', 'pending', 'approved', 'queued', 'cancelled', 'blocked_opt_out')),
      'reason', case
        when c.id is null then 'person_erased'
        when u.event in ('scheduled', 'rescheduled', 'cancelled') and exists (select from shared.events e where e.project_id = p and e.ref_type = 'job'
          and e.ref_id = u.job_id and e.kind in ('schedule.created', 'schedule.moved', 'schedule.cancelled') and (e.created_at, e.id) > (u.created_at, u.id)) then 'overtaken'
        when not r.enabled then 'disabled'
        when u.event in ('scheduled', 'rescheduled') and s.status not in ('planned', 'confirmed') then 'overtaken'
        when u.event in ('scheduled', 'rescheduled', 'cancelled') and s.start_ts <= at then 'too_late'
        when u.event = 'on_the_way' and u.ts <= at - interval '1 hour' then 'too_late'
        when u.event in ('ready', 'shipped') and j.status <> u.event then 'overtaken' end)
    order by u.created_at, u.id) into rows
  from field.untold(most) u
    join identity.projects i on i.id = p
    join field.notice_rules_now() r on r.event = u.event
    join field.jobs j on j.project_id = p and j.id = u.job_id
    cross join lateral (select people.same_person(array[j.client_id]) as ids offset 0) w
    left join people.contacts c on c.project_id = p and c.id = any (w.ids) and c.merged_into is null and c.erased_at is null
    left join field.schedule s on s.project_id = p and s.id = u.payload->>'schedule'
    left join field.techs t on t.project_id = p and t.id = coalesce(u.payload->>'tech', s.tech_id)
    left join field.techs own on own.project_id = p and own.id = j.assigned_tech_id;
  if rows is null then return jsonb_build_object('rows', '[]'::jsonb, 'texts', '[]'::jsonb); end if;

  insert into outbound.templates (project_id, id, name, language, channel, class, subject, body, variables, is_fallback)
    select p, shared.made_id('tpl', concat_ws(':', p, d.name, d.language, d.channel)), d.name, d.language, d.channel, 'transactional', d.subject, d.body,
        d.variables, d.language = 'en'
      from jsonb_to_recordset(defaults) d (name text, language text, channel text, subject text, body text, variables jsonb)
      where not exists (select from outbound.templates t where t.project_id = p and t.name = d.name and t.channel = d.channel)
    on conflict do nothing;
  return jsonb_build_object('rows', rows, 'texts', (select jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'language', t.language, 'channel', t.channel,
      'subject', t.subject, 'body', t.body, 'variables', t.variables, 'fallback', t.is_fallback) order by t.name, t.channel, t.language)
    from outbound.templates t where t.project_id = p and t.retired_at is null and t.class = 'transactional'
      and t.name in (select r.template from field.notice_rules_now() r)),
    'brand', coalesce((select nullif(s.brand, '') from outbound.settings s where s.project_id = p), (select i.name from identity.projects i where i.id = p)));
end $$;
comment on function field.claim_notices(int, jsonb) is 'What clients are to be told now, with the words for it; decides nothing.';
revoke execute on function field.claim_notices(int, jsonb) from public;
grant execute on function field.claim_notices(int, jsonb) to omneuro_app;
