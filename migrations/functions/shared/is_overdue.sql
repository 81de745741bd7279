-- When an outbox row needs publishing once more: its publisher had five seconds, and a message that was accepted a quarter of an
-- hour. QStash drops a repeated deduplication id for ten minutes, so that less would be a publish in vain.
create or replace function shared.is_overdue(due_at timestamptz, published_at timestamptz) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select case when published_at is null then due_at < shared.clock() - interval '5 seconds'
    else greatest(due_at, published_at) < shared.clock() - interval '15 minutes' end
$$;
comment on function shared.is_overdue(timestamptz, timestamptz) is 'True for a pending row whose message never left, or left and never came back.';
revoke execute on function shared.is_overdue(timestamptz, timestamptz) from public;
grant execute on function shared.is_overdue(timestamptz, timestamptz) to omneuro_app;
