-- A wake-up of the dispatcher for one sender, or of the resolver (sender null): one pending row for now, one for the earliest later time. Meeting a pending row locks
-- it, so that a claim which takes it waits for this transaction and then sees what it queued. No wake-up is lost, none is doubled.
create or replace function outbound.wake(wake_id text, job text, sender text, due timestamptz) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  at constant timestamptz := shared.clock();
  made jsonb; mine text;
begin
  insert into shared.outbox as o (project_id, id, kind, dedupe_key, payload, due_at)
    values (shared.scope(), wake_id, job, coalesce(sender, 'all') || case when due > at + interval '10 seconds' then ':later' else ':now' end,
      jsonb_strip_nulls(jsonb_build_object('sender', sender)), greatest(due, at))
    on conflict (project_id, kind, dedupe_key) where state = 'pending' do update set
      id = case when o.due_at > excluded.due_at + interval '10 seconds' then excluded.id else o.id end,
      published_at = case when o.due_at > excluded.due_at + interval '10 seconds' then null else o.published_at end,
      due_at = case when o.due_at > excluded.due_at + interval '10 seconds' then excluded.due_at else o.due_at end
    returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at), o.id into made, mine;
  return case when mine = wake_id then made end;
end $$;
comment on function outbound.wake(text, text, text, timestamptz) is 'Stages a wake-up and returns it for publishing; null when one as early is pending already.';
revoke execute on function outbound.wake(text, text, text, timestamptz) from public;
grant execute on function outbound.wake(text, text, text, timestamptz) to omneuro_app;
