-- Hearing, in one call: deliveries, and all that follows from the new ones. A delivery seen before changes nothing at all.
-- A few rows meet large tables here, always by key. Plans are kept for a session's life, and one made while a table was empty
-- would scan it for ever: hence only nested loops over indexes, in this function and in all it calls.
-- events: IngestEvent in functions/brain/inbox/events.ts. Returns {outcomes: {delivery row: outcome}, wake: outbox row to publish or null}.
create or replace function inbox.ingest(events jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  outcomes jsonb; told jsonb := events; heard jsonb; messages jsonb; waiting int; wake jsonb; stale jsonb;
begin
  if p is null then raise exception 'no project in scope' using errcode = '42501'; end if;
  outcomes := inbox.admit(events);
  if outcomes is distinct from jsonb_build_object(events->0->>'id', 'stored') then
    select jsonb_agg(e.value order by e.ordinality) into told from jsonb_array_elements(events) with ordinality e
      where outcomes->>(e.value->>'id') = 'stored';
    if told is null then return jsonb_build_object('outcomes', outcomes, 'wake', null); end if;
  end if;

  select t.heard, t.messages, t.waiting into heard, messages, waiting from inbox.mirror(told) t;
  if jsonb_array_length(heard) is distinct from jsonb_array_length(told)
    or jsonb_array_length(messages) is distinct from jsonb_array_length(told) then
    stale := inbox.note_stale(told, heard, messages);
    if stale is not null then outcomes := outcomes || stale; end if;
  end if;
  if waiting > 0 then wake := memory.ask_embedding(told->0->>'outbox'); end if;
  return jsonb_build_object('outcomes', outcomes, 'wake', wake);
end $$;
comment on function inbox.ingest(jsonb) is 'Takes in webhooks or imported events of one source: everything they change, or nothing.';
revoke execute on function inbox.ingest(jsonb) from public;
grant execute on function inbox.ingest(jsonb) to omneuro_app;

-- A message event that found something newer, or was withheld, goes on record as stale. Returns {delivery row: stale}, or null.
create or replace function inbox.note_stale(told jsonb, heard jsonb, messages jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare ids text[];
begin
  ids := array(select e->>'id' from jsonb_array_elements(told) e
    where e->>'id' <> all(array(select h->>'id' from jsonb_array_elements(heard) h))
      or (e->'message'->>'id' is not null and e->>'id' <> all(array(select m->>'delivery' from jsonb_array_elements(messages) m))));
  if ids = '{}' then return null; end if;
  update inbox.deliveries d set outcome = 'stale' where d.project_id = shared.scope() and d.id = any(ids);
  return (select jsonb_object_agg(i, 'stale') from unnest(ids) i);
end $$;
comment on function inbox.note_stale(jsonb, jsonb, jsonb) is 'Marks deliveries that told nothing new.';
revoke execute on function inbox.note_stale(jsonb, jsonb, jsonb) from public;
grant execute on function inbox.note_stale(jsonb, jsonb, jsonb) to omneuro_app;
