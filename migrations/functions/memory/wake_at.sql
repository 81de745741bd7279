-- The embedder's wake-up: one pending outbox row per project and key, whoever asks and however often.
-- Key 'memory.embed' is the one that writers of chunks rely on, due in about two seconds. 'memory.embed.later' waits for a
-- lease or a pause to end: a key of its own, so that it never stands in the way of the first.
create or replace function memory.wake_at(wake_id text, wake_key text, due timestamptz) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare made jsonb;
begin
  insert into shared.outbox as o (project_id, id, kind, dedupe_key, due_at)
    values (shared.scope(), wake_id, 'memory.embed', wake_key, due)
    on conflict (project_id, kind, dedupe_key) where state = 'pending' do update
      set id = excluded.id, due_at = excluded.due_at, published_at = null, message_id = null, updated_at = shared.clock()
      where o.due_at > excluded.due_at + interval '10 seconds'
    returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at) into made;
  return made;
end $$;
comment on function memory.wake_at(text, text, timestamptz) is
  'Stages a wake-up of the embedder and returns it for publishing; null when one about as early is pending already.';
revoke execute on function memory.wake_at(text, text, timestamptz) from public;
grant execute on function memory.wake_at(text, text, timestamptz) to omneuro_app;
