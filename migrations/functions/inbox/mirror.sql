-- What events say becomes contacts, conversations, messages, evidence, passages and ledger rows: one event of a webhook or
-- many that the API told (all of one source). Plain statements table by table, each sorted by key, so that concurrent calls take
-- their locks in one order. `heard` are the events that no tombstone withheld, `messages` those that changed something.
create or replace function inbox.mirror(told jsonb, out heard jsonb, out messages jsonb, out waiting int)
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare places jsonb; words jsonb; ledger jsonb;
begin
  -- What concerns one conversation or contact happens one after the other: locks of their own, since new ones have no row yet,
  -- and 256 a project at most, since a server has room for some thousands.
  perform pg_advisory_xact_lock(hashtext(shared.scope()::text), k.key) from (
    select distinct 9000 + (hashtext(about #>> '{}') & 255) as key from jsonb_path_query(told, '$[*].about[*]') about order by 1) k;

  heard := inbox.withhold(told);
  if heard is null then return; end if;
  ledger := inbox.put_contacts(heard);
  messages := inbox.weigh_messages(heard);
  places := inbox.put_conversations(heard, messages);
  ledger := ledger || (places->'ledger');
  if messages is not null then
    perform inbox.put_messages(messages, places->'turns', places->'contacts');
    words := inbox.remember(messages);
    ledger := ledger || (words->'ledger');
    waiting := (words->>'waiting')::int;
  end if;
  if ledger <> '[]' then perform shared.record_events(ledger); end if;
end $$;
comment on function inbox.mirror(jsonb) is 'Writes what webhooks or the API tell: everything that follows from it, or nothing.';
revoke execute on function inbox.mirror(jsonb) from public;
grant execute on function inbox.mirror(jsonb) to omneuro_app;
