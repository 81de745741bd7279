-- Hearing, in one call: deliveries, contacts, conversations, messages, evidence, passages, ledger, wake-up. One event of a
-- webhook or many of an import (all of one source); plain statements table by table, each sorted by key, so that concurrent
-- calls take their locks in one order. A delivery seen before changes nothing at all.
-- A few rows meet large tables here, always by key. Plans are kept for a session's life, and one made while a table was empty
-- would scan it for ever: hence only nested loops over indexes, in this function and in all it calls.
-- events: IngestEvent in functions/brain/inbox/events.ts. Returns {outcomes: {delivery row: outcome}, wake: outbox row to publish or null}.
create or replace function inbox.ingest(events jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off
  as $$
declare
  p constant uuid := shared.scope();
  outcomes jsonb; told jsonb; heard jsonb; messages jsonb; places jsonb; words jsonb; ledger jsonb; wake jsonb; known text[]; spoke text[]; stale text[];
begin
  if p is null then raise exception 'no project in scope' using errcode = '42501'; end if;
  outcomes := inbox.admit(events);
  select jsonb_agg(e.value order by e.ordinality) into told from jsonb_array_elements(events) with ordinality e
    where outcomes->>(e.value->>'id') = 'stored';
  if told is null then return jsonb_build_object('outcomes', outcomes, 'wake', null); end if;

  -- Everything about one conversation happens one after the other; a key of its own, because new ones have no row to lock.
  perform pg_advisory_xact_lock(9, k.key) from (
    select distinct hashtext(p::text || (e->'conversation'->>'id')) as key from jsonb_array_elements(told) e
    where e->'conversation'->>'id' is not null order by 1) k;

  heard := inbox.withhold(told);
  if heard is not null then
    ledger := inbox.put_contacts(heard);
    messages := inbox.weigh_messages(heard);
    places := inbox.put_conversations(heard, messages);
    ledger := ledger || (places->'ledger');
    if messages is not null then
      perform inbox.put_messages(messages, places->'turns', places->'contacts');
      words := inbox.remember(messages);
      ledger := ledger || (words->'ledger');
    end if;
    if ledger <> '[]' then perform shared.record_events(ledger); end if;
  end if;

  -- A message event that found something newer, or was withheld, is on record as stale.
  known := array(select e->>'id' from jsonb_array_elements(heard) e);
  spoke := array(select m->>'delivery' from jsonb_array_elements(messages) m);
  stale := array(select e->>'id' from jsonb_array_elements(told) e
    where e->>'id' <> all(known) or (e->'message'->>'id' is not null and e->>'id' <> all(spoke)));
  if stale <> '{}' then
    update inbox.deliveries d set outcome = 'stale' where d.project_id = p and d.id = any(stale);
    outcomes := outcomes || (select jsonb_object_agg(s, 'stale') from unnest(stale) s);
  end if;
  if (words->>'waiting')::int > 0 then
    wake := memory.ask_embedding((select min(e->>'outbox') from jsonb_array_elements(told) e));
  end if;
  return jsonb_build_object('outcomes', outcomes, 'wake', wake);
end $$;
comment on function inbox.ingest(jsonb) is 'Takes in webhooks or imported events of one source: everything they change, or nothing.';
revoke execute on function inbox.ingest(jsonb) from public;
grant execute on function inbox.ingest(jsonb) to omneuro_app;
