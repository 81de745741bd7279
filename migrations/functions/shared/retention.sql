-- The bookkeeping of a purge: what a kind's policy says, how many rows this batch may still take, and how it ends.
create or replace function shared.kept_since(of_kind text, usual int) returns timestamptz
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select shared.clock() - make_interval(days => case when p.kind is null then usual else p.keep_days end)
    from (select) one left join shared.retention_policies p on p.project_id = shared.scope() and p.kind = of_kind
$$;
comment on function shared.kept_since(text, int) is 'What is older than this is to go, by the project''s policy or the usual number of days; null: nothing is.';
revoke execute on function shared.kept_since(text, int) from public;
grant execute on function shared.kept_since(text, int) to omneuro_app;

-- Statements of one batch share its room through transaction-local settings: a kind that is cut short leaves none for later ones.
create or replace function shared.purge_begin(most int) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$ begin
  perform set_config('app.purge_room', most::text, true), set_config('app.purge_counts', '{}', true);
  update shared.outbox o set state = 'done', updated_at = shared.clock()
    where o.project_id = shared.scope() and o.kind = 'shared.retention.run' and o.state = 'pending' and o.due_at <= shared.clock();
end $$;
comment on function shared.purge_begin(int) is 'Begins a purge of at most so many rows, and takes the wake-ups that asked for it.';
revoke execute on function shared.purge_begin(int) from public;
grant execute on function shared.purge_begin(int) to omneuro_app;

create or replace function shared.purge_room() returns int
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$ select greatest(0, nullif(current_setting('app.purge_room', true), '')::int) $$;
comment on function shared.purge_room() is 'How many rows this purge may still take.';
revoke execute on function shared.purge_room() from public;
grant execute on function shared.purge_room() to omneuro_app;

create or replace function shared.purge_took(of_kind text, rows int) returns int
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$ begin
  if rows > 0 then
    perform set_config('app.purge_room', (shared.purge_room() - rows)::text, true),
      set_config('app.purge_counts', (current_setting('app.purge_counts')::jsonb || jsonb_build_object(of_kind, rows))::text, true);
  end if;
  return rows;
end $$;
comment on function shared.purge_took(text, int) is 'Notes how many rows of a kind this purge took.';
revoke execute on function shared.purge_took(text, int) from public;
grant execute on function shared.purge_took(text, int) to omneuro_app;

create or replace function shared.purge_end(run text, event_id text, wake_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  counts constant jsonb := current_setting('app.purge_counts')::jsonb;
  is_full constant boolean := shared.purge_room() = 0;
  woken jsonb;
begin
  if counts <> '{}' then
    insert into shared.events (project_id, id, request_id, kind, actor, ref_type, ref_id, payload)
      values (shared.scope(), event_id, current_setting('app.request_id', true), 'retention.applied', current_setting('app.actor', true),
        'retention_run', run, jsonb_build_object('removed', counts, 'more', is_full));
  end if;
  if is_full then
    insert into shared.outbox as o (project_id, id, kind, dedupe_key, payload)
      values (shared.scope(), wake_id, 'shared.retention.run', 'shared.retention.run', jsonb_build_object('run', run))
      on conflict (project_id, kind, dedupe_key) where state = 'pending' do nothing
      returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at) into woken;
  end if;
  return jsonb_build_object('removed', counts, 'more', is_full, 'staged', woken);
end $$;
comment on function shared.purge_end(text, text, text) is 'Ends a purge: its ledger row, and a wake-up when it was cut short: {removed, more, staged}.';
revoke execute on function shared.purge_end(text, text, text) from public;
grant execute on function shared.purge_end(text, text, text) to omneuro_app;
