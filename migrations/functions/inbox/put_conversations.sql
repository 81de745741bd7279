-- Conversations by Chatwoot's own version, and room for the messages that are new to them; the caller holds their locks.
-- Returns {turns: {conversation: last place taken}, contacts: {conversation: contact}, ledger: [...], moves: [{id, field, value}]}.
create or replace function inbox.put_conversations(told jsonb, messages jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare answer jsonb;
begin
  with said as (
    select distinct on (c.id) c.*
    from jsonb_array_elements(told) e, jsonb_to_record(nullif(e->'conversation', 'null')) c (id text, account_id bigint, conversation_id bigint, contact text,
      inbox_id bigint, channel text, status text, assignee_id bigint, matter jsonb, data jsonb, ledger text, created_at timestamptz,
      updated_at timestamptz, heard_at timestamptz)
    where c.id is not null
    order by c.id, c.updated_at desc nulls last, c.heard_at desc, c.data desc
  ), arrived as (
    select m.conversation, count(*)::int as turns, max(m.created_at) as newest
    from jsonb_to_recordset(messages) m (conversation text, action text, created_at timestamptz) where m.action = 'insert' group by m.conversation
  ), beside as (
    select s.*, t.id is null as unknown, t.status as was, t.data as had, t.contact_global_id as held, coalesce(n.turns, 0) as new_turns,
      n.newest, t.inbox_id as t_inbox, t.channel as t_channel, t.assignee_id as t_assignee, t.updated_at as t_updated, t.heard_at as t_heard,
      t.id is null or (coalesce(t.updated_at, '-infinity'), t.heard_at, t.data) < (coalesce(s.updated_at, '-infinity'), s.heard_at, s.data) as newer
    from said s left join arrived n on n.conversation = s.id left join lateral (
      -- Offset 0 keeps this a look-up by key, however many conversations the planner takes one for.
      select * from inbox.cw_conversations c where c.project_id = shared.scope() and c.id = s.id offset 0) t on true
  ), merged as (
    select b.*, case when b.newer then coalesce(b.status, b.was) else b.was end as now, case when b.newer then b.data else b.had end as has,
      case when b.newer then coalesce(b.contact, b.held) else coalesce(b.held, b.contact) end as holder
    from beside b
  ), put as (
    insert into inbox.cw_conversations as t (project_id, account_scope_id, id, account_id, conversation_id, contact_global_id, inbox_id,
        channel, status, assignee_id, turns, data, last_message_at, heard_at, updated_at, created_at)
    select shared.scope(), nullif(current_setting('app.account_scope_id', true), '')::uuid, m.id, m.account_id, m.conversation_id, m.holder,
      case when m.newer then coalesce(m.inbox_id, m.t_inbox) else m.t_inbox end,
      case when m.newer then coalesce(m.channel, m.t_channel) else m.t_channel end, m.now,
      case when m.newer then m.assignee_id else m.t_assignee end, m.new_turns, m.has, m.newest,
      case when m.newer then m.heard_at else m.t_heard end, case when m.newer then m.updated_at else m.t_updated end,
      coalesce(m.created_at, shared.clock())
    from merged m where m.newer or m.new_turns > 0 order by m.id
    on conflict (project_id, id) do update set contact_global_id = excluded.contact_global_id, inbox_id = excluded.inbox_id,
      channel = excluded.channel, status = excluded.status, assignee_id = excluded.assignee_id, data = excluded.data,
      heard_at = excluded.heard_at, updated_at = excluded.updated_at, turns = t.turns + excluded.turns,
      last_message_at = greatest(t.last_message_at, excluded.last_message_at), deleted_at = null
    returning t.id, t.turns
  ), changes as (
    select m.id, m.ledger, m.heard_at, m.was, m.now, m.unknown,
      case when m.unknown or not m.newer or m.had @> m.matter then '{}'
        else array(select k.key from jsonb_each(m.matter) k where m.had->k.key is distinct from k.value order by k.key) end as changed, m.matter
    from merged m)
  select jsonb_build_object(
    'turns', (select jsonb_object_agg(u.id, u.turns) from put u),
    'contacts', (select jsonb_object_agg(m.id, m.holder) from merged m),
    'moves', (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'field', f.field, 'value', f.value)), '[]')
      from changes c cross join lateral (values
        ('status', to_jsonb(c.now), c.was is distinct from c.now),
        ('assignee', coalesce(c.matter->'assignee'->'id', 'null'), 'assignee' = any(c.changed)),
        ('labels', coalesce(c.matter->'labels', '[]'), 'labels' = any(c.changed))) f (field, value, moved)
      where not c.unknown and f.moved),
    'ledger', (select coalesce(jsonb_agg(jsonb_build_object('id', c.ledger, 'ref_type', 'conversation', 'ref_id', c.id, 'ts', c.heard_at,
        'kind', case when c.unknown then 'conversation.created' when c.was is distinct from c.now then 'conversation.status.changed'
          else 'conversation.updated' end,
        'payload', case when c.unknown then jsonb_build_object('status', c.now)
          else jsonb_strip_nulls(jsonb_build_object('from', nullif(c.was, c.now), 'to', case when c.was is distinct from c.now then c.now end,
            'changed', to_jsonb(nullif(c.changed, '{}')))) end)), '[]')
      from changes c where c.unknown or c.was is distinct from c.now or cardinality(c.changed) > 0)) into answer;
  -- Whoever writes through such an inbox writes from the address that stands in his contact.
  if told @? '$[*].conversation.channel ? (@ like_regex "^Channel::(Sms|TwilioSms|Whatsapp|Email)$")' then
    perform people.prove(coalesce((select jsonb_agg(jsonb_build_object('person', c.person_id,
        'kind', case when e->'conversation'->>'channel' = 'Channel::Email' then 'email' else 'phone' end))
      from jsonb_array_elements(told) e cross join lateral (select x.person_id from inbox.cw_contacts x
        where x.project_id = shared.scope() and x.id = answer->'contacts'->>(e->'conversation'->>'id') offset 0) c
      where e->'conversation'->>'channel' ~ '^Channel::(Sms|TwilioSms|Whatsapp|Email)$'), '[]'));
  end if;
  return answer;
end $$;
comment on function inbox.put_conversations(jsonb, jsonb) is 'Mirrors conversations, newest version first, and counts the turns that new messages take.';
revoke execute on function inbox.put_conversations(jsonb, jsonb) from public;
grant execute on function inbox.put_conversations(jsonb, jsonb) to omneuro_app;
