-- A paragraph put in the middle of a document moves everything below it. Passages whose words are unchanged keep their row, and
-- with it their vector, under their new number; call it before put_chunks, which then finds nothing to embed in them.
-- sources: as put_chunks takes them.
create or replace function memory.realign_chunks(sources jsonb) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  aside constant int := 1000000;
  keys constant text[] := array(select s->>'source_pk' from jsonb_array_elements(sources) s);
  moves jsonb;
begin
  with wanted as (
    select s.source_table, s.source_pk, c.ordinality::int - 1 as place, h.hash,
      row_number() over (partition by s.source_table, s.source_pk, h.hash order by c.ordinality) as nth
    from jsonb_to_recordset(sources) s (source_table text, source_pk text, chunks jsonb),
      jsonb_array_elements(s.chunks) with ordinality c,
      lateral (select left(encode(sha256(convert_to(c.value->>'text', 'UTF8')), 'hex'), 32) as hash) h
  ), held as (
    select c.id, c.source_table, c.source_pk, c.chunk_index, c.text_hash,
      row_number() over (partition by c.source_table, c.source_pk, c.text_hash order by c.chunk_index) as nth
    from memory.chunks c
    where c.project_id = p and c.source_pk = any(keys) and c.source_table in (select s->>'source_table' from jsonb_array_elements(sources) s)
  )
  select jsonb_agg(jsonb_build_object('id', h.id, 'place', w.place)) filter (where w.place is not null)
    into moves from held h left join wanted w
      on w.source_table = h.source_table and w.source_pk = h.source_pk and w.hash = h.text_hash and w.nth = h.nth
    having bool_or(w.place <> h.chunk_index);
  if moves is null then return; end if;
  update memory.chunks c set chunk_index = c.chunk_index + aside
    where c.project_id = p and c.source_pk = any(keys) and c.source_table in (select s->>'source_table' from jsonb_array_elements(sources) s);
  update memory.chunks c set chunk_index = m.place from jsonb_to_recordset(moves) m (id uuid, place int)
    where c.project_id = p and c.id = m.id;
end $$;
comment on function memory.realign_chunks(jsonb) is 'Gives passages whose words are unchanged their new place, so that they keep their vectors.';
revoke execute on function memory.realign_chunks(jsonb) from public;
grant execute on function memory.realign_chunks(jsonb) to omneuro_app;

-- Whole sources are shown to others, or no more: passages and their vectors at once.
create or replace function memory.show_chunks(sources text, keys text[], shown smallint) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare p constant uuid := shared.scope();
begin
  update memory.vectors v set visibility = shown from memory.chunks c
    where c.project_id = p and c.source_table = sources and c.source_pk = any(keys)
      and v.project_id = p and v.chunk_id = c.id and v.visibility <> shown;
  update memory.chunks c set visibility = shown, updated_at = shared.clock()
    where c.project_id = p and c.source_table = sources and c.source_pk = any(keys) and c.visibility <> shown;
end $$;
comment on function memory.show_chunks(text, text[], smallint) is 'Changes who may see the passages of some source rows.';
revoke execute on function memory.show_chunks(text, text[], smallint) from public;
grant execute on function memory.show_chunks(text, text[], smallint) to omneuro_app;
