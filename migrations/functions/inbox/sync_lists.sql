-- A page of conversations: which of them must be read, decided before the page is written, and remembered as met.
-- heads: [{id, conversation_id, active, newest}], as Chatwoot lists them. A full reading takes each once, a catch-up those of its
-- window and those the mirror lacks or has older, a check only the latter two; whoever spoke since the run began is read again.
create or replace function inbox.plan_reads(run_id text, heads jsonb) returns int
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  run inbox.sync_runs; fresh jsonb;
begin
  select r.* into run from inbox.sync_runs r where r.project_id = p and r.id = run_id;
  select jsonb_agg(jsonb_build_object('c', h.conversation_id, 'below', null, 'from', case when run.kind = 'catch_up' then coalesce((
        select max(m.message_id) + 1 from inbox.cw_messages m where m.project_id = p and m.conversation_global_id = h.id and m.created_at < run.window_from
          and m.message_id < h.newest), 0) else 0 end) order by h.conversation_id)
    into fresh
    from jsonb_to_recordset(heads) h (id text, conversation_id bigint, active timestamptz, newest bigint)
      left join lateral (select * from inbox.cw_conversations v where v.project_id = p and v.id = h.id offset 0) t on true
    where not run.todo @> jsonb_build_array(jsonb_build_object('c', h.conversation_id))
      -- Erased, and silent since: there is nothing to read that might be kept.
      and (t.id is not null or not exists (select from shared.tombstones s where s.project_id = p and s.object_type = 'inbox.cw_conversations'
        and s.object_id = h.id and s.reason in ('user_delete', 'gdpr_delete') and s.deleted_at >= h.active))
      and (h.active >= run.as_of or not exists (select from inbox.sync_seen s where s.project_id = p and s.run_id = run.id and s.kind = 'conversation' and s.number = h.conversation_id))
      and (run.kind in ('import', 'full') or (run.kind = 'catch_up' and h.active >= run.window_from) or t.id is null or t.deleted_at is not null
        or exists (select from inbox.cw_messages m where m.project_id = p and m.conversation_global_id = h.id and m.needs_refetch)
        or (h.newest is not null and not exists (select from inbox.cw_messages m where m.project_id = p and m.account_id = t.account_id and m.message_id = h.newest)));
  if fresh is not null then
    update inbox.sync_runs r set todo = r.todo || fresh where r.project_id = p and r.id = run_id;
  end if;
  return coalesce(jsonb_array_length(fresh), 0);
end $$;
comment on function inbox.plan_reads(text, jsonb) is 'Adds to a run the conversations of a page whose messages are to be read; how many.';
revoke execute on function inbox.plan_reads(text, jsonb) from public;
grant execute on function inbox.plan_reads(text, jsonb) to omneuro_app;

create or replace function inbox.mark_seen(run_id text, met text, numbers jsonb) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$ begin
  insert into inbox.sync_seen (project_id, account_scope_id, run_id, kind, number)
    select shared.scope(), nullif(current_setting('app.account_scope_id', true), '')::uuid, run_id, met, n::bigint
    from jsonb_array_elements_text(numbers) n order by n::bigint on conflict do nothing;
end $$;
comment on function inbox.mark_seen(text, text, jsonb) is 'Remembers whom a run has met in Chatwoot''s lists.';
revoke execute on function inbox.mark_seen(text, text, jsonb) from public;
grant execute on function inbox.mark_seen(text, text, jsonb) to omneuro_app;

-- Messages that the mirror has in a range which was read completely, and Chatwoot did not list: [{c, id}]. Newer ones than the
-- reading are not asked about. reads: [{c: number, from, below, at, ids}].
create or replace function inbox.unlisted_messages(account text, reads jsonb) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set jit = off
  as $$ begin
  return (select coalesce(jsonb_agg(jsonb_build_object('c', r.c, 'id', m.message_id, 'global', m.id) order by m.message_id), '[]')
    from jsonb_to_recordset(reads) r (c bigint, "from" bigint, below bigint, at timestamptz, ids jsonb)
      join lateral (select * from inbox.cw_conversations x where x.project_id = shared.scope() and x.account_id = account::bigint and x.conversation_id = r.c offset 0) v on true
      join lateral (select * from inbox.cw_messages x where x.project_id = v.project_id and x.conversation_global_id = v.id offset 0) m on true
    where m.deleted_at is null and m.message_id >= r."from" and (r.below is null or m.message_id < r.below) and m.heard_at < r.at
      and not r.ids @> to_jsonb(m.message_id));
end $$;
comment on function inbox.unlisted_messages(text, jsonb) is 'Stored messages that a complete reading of their conversation did not show.';
revoke execute on function inbox.unlisted_messages(text, jsonb) from public;
grant execute on function inbox.unlisted_messages(text, jsonb) to omneuro_app;

-- What a run has not met although it looked everywhere, or everywhere in its window: {stored, lacking, some: [{kind, number, id}]}.
-- Contacts that a list cannot show are asked for when their conversations have become another's: that is how a merge looks.
create or replace function inbox.missing_rows(run_id text, account text, most int) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  run inbox.sync_runs; lacking jsonb; stored int;
begin
  select r.* into run from inbox.sync_runs r where r.project_id = p and r.id = run_id;
  select (select count(*) from inbox.cw_conversations v where v.project_id = p and v.account_id = account::bigint and v.deleted_at is null)
    + (select count(*) from inbox.cw_contacts c where c.project_id = p and c.account_id = account::bigint and c.deleted_at is null) into stored;
  select jsonb_agg(jsonb_build_object('kind', x.kind, 'number', x.number, 'id', x.id) order by x.kind desc, x.number) into lacking from (
    select 'conversation' as kind, v.conversation_id as number, v.id from inbox.cw_conversations v
      where v.project_id = p and v.account_id = account::bigint and v.deleted_at is null and v.heard_at < run.as_of
        and ((run.position->>'whole')::boolean or coalesce((v.data->>'last_activity_at')::timestamptz, v.last_message_at, v.created_at) >= run.window_from)
        and not exists (select from inbox.sync_seen s where s.project_id = p and s.run_id = run.id and s.kind = 'conversation' and s.number = v.conversation_id)
    union all
    select 'contact', c.contact_id, c.id from inbox.cw_contacts c
      where c.project_id = p and c.account_id = account::bigint and c.deleted_at is null and c.heard_at < run.as_of
        and not exists (select from inbox.sync_seen s where s.project_id = p and s.run_id = run.id and s.kind = 'contact' and s.number = c.contact_id)
        and ((run.position->>'contacts')::boolean and (c.email is not null or c.phone_number is not null or c.identifier is not null)
          or exists (select from inbox.cw_messages m join inbox.cw_conversations v on v.project_id = p and v.id = m.conversation_global_id
            where m.project_id = p and m.contact_global_id = c.id and v.contact_global_id <> c.id))) x;
  return jsonb_build_object('stored', stored, 'lacking', coalesce(jsonb_array_length(lacking), 0),
    'some', coalesce((select jsonb_agg(l.value order by l.ordinality) from jsonb_array_elements(lacking) with ordinality l where l.ordinality <= most), '[]'));
end $$;
comment on function inbox.missing_rows(text, text, int) is 'What the mirror has and a run did not meet.';
revoke execute on function inbox.missing_rows(text, text, int) from public;
grant execute on function inbox.missing_rows(text, text, int) to omneuro_app;

create or replace function inbox.live_conversations(account text) returns int
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$ begin
  return (select count(*) from inbox.cw_conversations v where v.project_id = shared.scope() and v.account_id = account::bigint and v.deleted_at is null)
    + (select count(*) from shared.tombstones s where s.project_id = shared.scope() and s.object_type = 'inbox.cw_conversations'
      and s.reason in ('user_delete', 'gdpr_delete') and split_part(s.object_id, ':', 3) = account
      and not exists (select from inbox.cw_conversations v where v.project_id = s.project_id and v.id = s.object_id));
end $$;
comment on function inbox.live_conversations(text) is 'How many conversations of an account the mirror has, or had until they were erased here.';
revoke execute on function inbox.live_conversations(text) from public;
grant execute on function inbox.live_conversations(text) to omneuro_app;
