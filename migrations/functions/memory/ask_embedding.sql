-- Whoever makes chunks wait asks for the embedder, as the last thing in his transaction. One row is pending per project:
-- only the call that made it gets it back, and publishes it. The shared lock, held until commit, is the other half of the
-- claim's exclusive one: a claim that has just taken the pending row has seen every chunk whose writer relied on it, and a
-- writer that waited for the claim finds the row taken and makes another. Needs READ COMMITTED and two statements.
create or replace function memory.ask_embedding(outbox_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  made jsonb;
begin
  perform pg_advisory_xact_lock_shared(7, hashtext(p::text));
  -- Whoever sees a pending row can rely on it: taking it needs the exclusive lock.
  if exists (select from shared.outbox o where o.project_id = p and o.kind = 'memory.embed' and o.dedupe_key = 'memory.embed' and o.state = 'pending') then
    return null;
  end if;
  -- Two seconds gather a burst into one message and still feel immediate.
  insert into shared.outbox as o (project_id, account_scope_id, id, kind, dedupe_key, due_at)
    values (p, nullif(current_setting('app.account_scope_id', true), '')::uuid, outbox_id, 'memory.embed', 'memory.embed',
      shared.clock() + interval '2 seconds')
    on conflict (project_id, kind, dedupe_key) where state = 'pending' do nothing
    returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at) into made;
  -- Here rather than with every chunk: a project that waits for vectors has a corpus row.
  if made is not null and not exists (select from memory.corpus k where k.project_id = p) then
    insert into memory.corpus (project_id) values (p) on conflict do nothing;
  end if;
  return made;
end $$;
comment on function memory.ask_embedding(text) is 'Stages the embedder''s wake-up and returns it for publishing; null when one is pending already.';
revoke execute on function memory.ask_embedding(text) from public;
grant execute on function memory.ask_embedding(text) to omneuro_app;
