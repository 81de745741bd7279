-- All that happened with one person, newest first: what he and we wrote, what was sent, his jobs and appointments, what was answered for
-- him, what changed about him. A page of places first, each source read from its own index and only as far as the page reaches;
-- then the words of those few. Who may not read a source is not shown it.

create or replace function insight.may(permission text) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$ select coalesce(nullif(current_setting('app.permissions', true), ''), '[]')::jsonb ? permission $$;
comment on function insight.may(text) is 'Whether whoever entered holds a permission.';
revoke execute on function insight.may(text) from public;
grant execute on function insight.may(text) to omneuro_app;

-- wanted: kinds, or null for all. Pages go on after (before, before_key), which is the last place shown.
create or replace function insight.places(ids text[], wanted text[], before timestamptz, before_key text, most int)
    returns table (kind text, at timestamptz, key text, id text)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
#variable_conflict use_column
declare
  p constant uuid := shared.scope();
  til constant timestamptz := coalesce(before, 'infinity');
  shown constant text[] := array(select k.name from (values ('chat', 'inbox:read'), ('message', 'field:read'), ('outbound', 'outbound:read'),
      ('job', 'field:read'), ('appointment', 'field:read'), ('answer', 'memory:read'), ('change', 'people:read')) k (name, needs)
    where insight.may(k.needs) and (wanted is null or k.name = any(wanted)));
begin
  return query
  select x.kind, x.at, x.key, x.id from (
    select 'chat' as kind, m.at, m.key, m.id from inbox.cw_contacts c cross join lateral (
        select r.id, r.created_at as at, 'chat:' || r.id as key from inbox.cw_messages r
        -- What left by our own outbox is told as that.
        where r.project_id = p and r.contact_global_id = c.id and r.created_at <= til and (r.created_at < til or 'chat:' || r.id < before_key)
          and (r.own_ref is null or r.own_ref not like 'msg\_%')
        order by r.created_at desc, 'chat:' || r.id desc limit most) m
      where c.project_id = p and c.person_id = any(ids) and 'chat' = any(shown)
    union all
    select 'message', m.at, m.key, m.id from unnest(ids) i (id) cross join lateral (
        select r.id, r.ts as at, 'message:' || r.id as key from field.messages r
        where r.project_id = p and r.contact_id = i.id and r.ts <= til and (r.ts < til or 'message:' || r.id < before_key)
        order by r.ts desc, 'message:' || r.id desc limit most) m
      where 'message' = any(shown)
    union all
    select 'outbound', m.at, m.key, m.id from unnest(ids) i (id) cross join lateral (
        select r.id, r.created_at as at, 'outbound:' || r.id as key from outbound.messages r
        where r.project_id = p and r.contact_id = i.id and r.created_at <= til and (r.created_at < til or 'outbound:' || r.id < before_key)
        order by r.created_at desc, 'outbound:' || r.id desc limit most) m
      where 'outbound' = any(shown)
    union all
    select 'job', m.at, m.key, m.id from unnest(ids) i (id) cross join field.jobs j cross join lateral (
        select r.id, r.ts as at, 'job:' || r.id as key from shared.events r
        where r.project_id = p and r.ref_type = 'job' and r.ref_id = j.id and r.ts <= til and (r.ts < til or 'job:' || r.id < before_key)
        order by r.ts desc, 'job:' || r.id desc limit most) m
      where 'job' = any(shown) and j.project_id = p and j.client_id = i.id
    union all
    select 'appointment', m.at, m.key, m.id from unnest(ids) i (id) cross join field.jobs j cross join lateral (
        select r.id, r.start_ts as at, 'appointment:' || r.id as key from field.schedule r
        where r.project_id = p and r.job_id = j.id and r.start_ts <= til and (r.start_ts < til or 'appointment:' || r.id < before_key)
        order by r.start_ts desc, 'appointment:' || r.id desc limit most) m
      where 'appointment' = any(shown) and j.project_id = p and j.client_id = i.id
    union all
    -- Whoever asked named him by any of his records, or by a contact of Chatwoot's.
    select 'answer', m.at, m.key, m.id from (select unnest(ids) as id
        union select n.name from inbox.cw_contacts c cross join lateral (values (c.id), (c.contact_id::text)) n (name)
          where c.project_id = p and c.person_id = any(ids)) i cross join lateral (
        select r.id, r.created_at as at, 'answer:' || r.id as key from memory.answers r
        where r.project_id = p and r.audience->>'kind' = 'contact' and r.audience->>'id' = i.id and r.created_at <= til
          and (r.created_at < til or 'answer:' || r.id < before_key)
        order by r.created_at desc, 'answer:' || r.id desc limit most) m
      where 'answer' = any(shown)
    union all
    select 'change', m.at, m.key, m.id from unnest(ids) i (id) cross join lateral (
        select r.id, r.ts as at, 'change:' || r.id as key from shared.events r
        where r.project_id = p and r.ref_type = 'contact' and r.ref_id = i.id and r.ts <= til and (r.ts < til or 'change:' || r.id < before_key)
          -- A draft is told as the message that it is.
          and r.kind <> 'outbound.message.drafted'
        order by r.ts desc, 'change:' || r.id desc limit most) m
      where 'change' = any(shown)) x
  order by x.at desc, x.key desc limit most;
end $$;
comment on function insight.places(text[], text[], timestamptz, text, int) is 'A page of what happened with these records, newest first: what and where, without its words.';
revoke execute on function insight.places(text[], text[], timestamptz, text, int) from public;
grant execute on function insight.places(text[], text[], timestamptz, text, int) to omneuro_app;

-- One of them with its words: {channel, direction, state, text, private, by, evidence, about, moves}.
create or replace function insight.entry(kind text, ref text) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare p constant uuid := shared.scope();
begin
  case entry.kind
    when 'chat' then return (
      select jsonb_build_object('channel', v.channel, 'direction', case when m.message_type = 'incoming' then 'in' else 'out' end, 'private', m.private,
          'state', case when m.deleted_at is not null then 'deleted' end, 'text', left(m.content, 500), 'by', m.data->'sender'->>'name',
          'evidence', insight.evidence_of('inbox.cw_messages', m.id), 'about', v.conversation_id::text)
        from inbox.cw_messages m join inbox.cw_conversations v on v.project_id = p and v.id = m.conversation_global_id
        where m.project_id = p and m.id = ref);
    when 'message' then return (
      select jsonb_build_object('channel', m.channel, 'direction', case m.direction when 'inbound' then 'in' else 'out' end, 'private', false,
          'text', left(m.body, 500), 'cut_at', m.cut_at, 'by', m.address, 'evidence', insight.evidence_of('field.messages', m.id), 'about', m.job_id)
        from field.messages m where m.project_id = p and m.id = ref);
    when 'outbound' then return (
      select jsonb_build_object('channel', m.channel, 'direction', 'out', 'private', false, 'state', m.state, 'code', m.code, 'text', left(m.body, 500),
          'by', m.written_by, 'about', m.campaign_id, 'moves', (select coalesce(jsonb_agg(jsonb_build_object('state', e.payload->>'state', 'reason', e.payload->>'code',
              'at', e.ts, 'by', e.actor) order by e.ts, e.id), '[]') from (select * from shared.events x where x.project_id = p
              and x.ref_type = 'outbound_message' and x.ref_id = m.id and x.payload->>'state' is not null order by x.ts desc, x.id desc limit 20) e))
        from outbound.messages m where m.project_id = p and m.id = ref);
    when 'job' then return (
      select jsonb_build_object('state', e.kind, 'code', coalesce(e.payload->>'to', e.payload->>'status'), 'text', '#' || j.number || ' ' || j.title, 'private', false,
          'by', e.actor, 'about', j.id)
        from shared.events e join field.jobs j on j.project_id = p and j.id = e.ref_id where e.project_id = p and e.id = ref);
    when 'appointment' then return (
      select jsonb_build_object('state', s.status, 'text', '#' || j.number || ' ' || j.title, 'private', false, 'by', t.name, 'about', j.id, 'until', s.end_ts)
        from field.schedule s join field.jobs j on j.project_id = p and j.id = s.job_id join field.techs t on t.project_id = p and t.id = s.tech_id
        where s.project_id = p and s.id = ref);
    when 'answer' then return (
      select jsonb_build_object('state', a.status, 'code', a.stale_reason, 'text', left(a.question, 500), 'private', false, 'by', a.actor)
        from memory.answers a where a.project_id = p and a.id = ref);
    else return (
      select jsonb_build_object('state', e.kind, 'code', coalesce(e.payload->>'by', e.payload->>'reason'), 'channel', e.payload->>'channel', 'private', false, 'by', e.actor,
          'about', coalesce(e.payload->>'into', e.payload->>'from', e.payload->>'other'))
        from shared.events e where e.project_id = p and e.id = ref);
  end case;
end $$;
comment on function insight.entry(text, text) is 'One thing that happened with a person, with its words.';
revoke execute on function insight.entry(text, text) from public;
grant execute on function insight.entry(text, text) to omneuro_app;

create or replace function insight.evidence_of(of_table text, pk text) returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select e.id from shared.evidence_items e
  where e.project_id = shared.scope() and e.source_table = of_table and e.source_pk = pk and e.withdrawn_at is null
$$;
comment on function insight.evidence_of(text, text) is 'The evidence that a row is.';
revoke execute on function insight.evidence_of(text, text) from public;
grant execute on function insight.evidence_of(text, text) to omneuro_app;

create or replace function insight.timeline(contact text, wanted text[], before timestamptz, before_key text, most int)
    returns table (kind text, at timestamptz, key text, ref text, entry jsonb)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
#variable_conflict use_column
declare ids constant text[] := people.ids_of(contact);
begin
  if ids = '{}' then perform shared.fail('not_found', 'contact_unknown'); end if;
  return query select x.kind, x.at, x.key, x.id, insight.entry(x.kind, x.id)
    from insight.places(ids, wanted, before, before_key, most) x order by x.at desc, x.key desc;
end $$;
comment on function insight.timeline(text, text[], timestamptz, text, int) is 'A page of what happened with a person, newest first.';
revoke execute on function insight.timeline(text, text[], timestamptz, text, int) from public;
grant execute on function insight.timeline(text, text[], timestamptz, text, int) to omneuro_app;
