-- Two writers at odds: we set a conversation's status, assignee or labels, somebody else sets it back, and so on. More than six
-- changes in a minute, at least three from each side, and we stop for five minutes.

create or replace function inbox.is_calm(conversation text) returns boolean
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$ begin
  return not exists (select from inbox.flip_breakers b
    where b.project_id = shared.scope() and b.conversation_global_id = conversation and b.open_until > shared.clock());
end $$;
comment on function inbox.is_calm(text) is 'Whether we may change this conversation''s status, assignee and labels.';
revoke execute on function inbox.is_calm(text) from public;
grant execute on function inbox.is_calm(text) to omneuro_app;

create or replace function inbox.assert_calm(conversation text) returns boolean
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare until timestamptz;
begin
  select b.open_until into until from inbox.flip_breakers b
    where b.project_id = shared.scope() and b.conversation_global_id = conversation and b.open_until > shared.clock();
  if until is not null then
    perform shared.fail('conflict', 'flip_breaker_open', jsonb_build_object('retryAfter', ceil(extract(epoch from until - shared.clock())),
      'detail', 'Somebody else keeps changing this conversation back. Find out who, or close the breaker.'));
  end if;
  return true;
end $$;
comment on function inbox.assert_calm(text) is 'Raises while the breaker of this conversation is open; else true.';
revoke execute on function inbox.assert_calm(text) from public;
grant execute on function inbox.assert_calm(text) to omneuro_app;

-- Changes of conversations that the mirror has just seen: [{id, field: status | assignee | labels, value}]. One that we asked for is
-- linked; another's counts, if it touches what we have changed within the window. The caller holds the conversations' locks.
create or replace function inbox.note_moves(moves jsonb) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  since constant timestamptz := at - interval '60 seconds';
  change record; mine text; ours int; b inbox.flip_breakers;
begin
  for change in select m.* from jsonb_to_recordset(moves) m (id text, field text, value jsonb) order by m.id, m.field loop
    select o.id into mine from inbox.own_writes o where o.project_id = p and o.conversation_global_id = change.id and o.kind = change.field
        and o.state in ('sending', 'unknown', 'done') and o.linked_at is null and o.wanted->change.field @> change.value
        and change.value @> (o.wanted->change.field) and o.requested_at > at - interval '10 minutes'
      order by o.requested_at, o.id limit 1;
    if mine is not null then
      update inbox.own_writes o set linked_at = at, state = 'done', code = null, token = null, lease_until = null, updated_at = at
        where o.project_id = p and o.id = mine;
      perform inbox.stage_write(mine, null, null);
      continue;
    end if;
    continue when not exists (select from inbox.own_writes o where o.project_id = p and o.conversation_global_id = change.id
      and o.kind = change.field and o.attempts > 0 and o.requested_at > since);
    insert into inbox.flip_breakers as t (project_id, conversation_global_id, others_at) values (p, change.id, array[at])
      on conflict (project_id, conversation_global_id) do update
        set others_at = array(select x from unnest(t.others_at) x where x > since order by x) || at, updated_at = at
      returning t.* into b;
    select count(*) into ours from inbox.own_writes o where o.project_id = p and o.conversation_global_id = change.id and o.kind <> 'note'
      and o.attempts > 0 and o.requested_at > greatest(since, b.opened_at);
    continue when b.open_until > at or ours < 3 or cardinality(b.others_at) < 3 or ours + cardinality(b.others_at) <= 6;
    update inbox.flip_breakers t set opened_at = at, open_until = at + interval '5 minutes', closed_by = null, times = t.times + 1, others_at = '{}', updated_at = at
      where t.project_id = p and t.conversation_global_id = change.id;
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', change.id || ':breaker:' || (b.times + 1)),
      'kind', 'inbox.flip_breaker.opened', 'ref_type', 'conversation', 'ref_id', change.id, 'ts', at,
      'payload', jsonb_build_object('field', change.field, 'ours', ours, 'others', cardinality(b.others_at)))));
  end loop;
end $$;
comment on function inbox.note_moves(jsonb) is 'Links our own changes of conversations, counts those of others against them, and opens the breaker.';
revoke execute on function inbox.note_moves(jsonb) from public;
grant execute on function inbox.note_moves(jsonb) to omneuro_app;
