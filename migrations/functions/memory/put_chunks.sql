-- The only writer of chunks: [{source_table, source_pk, conversation, seq, contact, visibility, occurred_at, lang, fresh, chunks: [{id, text}]}],
-- each entry the whole of one source row. `fresh` says that the source is new, so nothing of it can be stored yet.
-- A passage waits for its vector only when its text is new; who may see it changes without embedding it again. With `stand_in` the
-- vector of its former words stays until the new one is there.
-- Returns how many passages are waiting because of this call.
create or replace function memory.put_chunks(sources jsonb) returns int
  language plpgsql volatile
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  a constant uuid := nullif(current_setting('app.account_scope_id', true), '')::uuid;
  waiting int;
begin
  with given as (
    select s.*, c.ordinality::int - 1 as chunk_index, (c.value->>'id')::uuid as id, c.value->>'text' as text,
      coalesce(s.lang::regconfig, memory.language_near(s.conversation, s.seq, s.contact)) as config
    from jsonb_to_recordset(sources) s (source_table text, source_pk text, conversation text, seq int, contact text,
      visibility smallint, occurred_at timestamptz, lang text, chunks jsonb), jsonb_array_elements(s.chunks) with ordinality c
  ), prepared as materialized (
    select g.*, to_tsvector(g.config, g.text) as tsv, left(encode(sha256(convert_to(g.text, 'UTF8')), 'hex'), 32) as text_hash from given g
  ), put as (
    insert into memory.chunks as t (project_id, account_scope_id, id, source_table, source_pk, chunk_index, conversation_global_id,
        seq, contact_id, visibility, occurred_at, lang, len, text, text_hash, tsv)
    select p, a, g.id, g.source_table, g.source_pk, g.chunk_index, g.conversation, g.seq, g.contact, g.visibility, g.occurred_at,
      g.config, length(g.tsv), g.text, g.text_hash, g.tsv
    from prepared g order by g.source_table, g.source_pk, g.chunk_index
    on conflict (project_id, source_table, source_pk, chunk_index) do update set
      conversation_global_id = excluded.conversation_global_id, seq = excluded.seq, contact_id = excluded.contact_id,
      visibility = excluded.visibility, occurred_at = excluded.occurred_at, lang = excluded.lang, len = excluded.len,
      text = excluded.text, text_hash = excluded.text_hash, tsv = excluded.tsv, updated_at = shared.clock()
    where (t.text_hash, t.visibility, t.contact_id, t.seq, t.conversation_global_id, t.occurred_at, t.lang)
      is distinct from (excluded.text_hash, excluded.visibility, excluded.contact_id, excluded.seq,
        excluded.conversation_global_id, excluded.occurred_at, excluded.lang)
    returning t.id, t.text_hash
  )
  insert into memory.pending as q (project_id, account_scope_id, chunk_id, text_hash)
    select p, a, u.id, u.text_hash from put u
    -- A value, not a join: the planner takes one passage for ten thousand and would read all of the tenant's vectors.
    where u.text_hash is distinct from (select v.text_hash from memory.vectors v where v.project_id = p and v.chunk_id = u.id)
    order by u.id
    on conflict (project_id, chunk_id) do update set text_hash = excluded.text_hash, token = null, lease_until = null,
      not_before = null, attempts = 0, failed_at = null, error = null, created_at = shared.clock()
    where q.text_hash <> excluded.text_hash;
  get diagnostics waiting = row_count;

  if jsonb_path_exists(sources, '$[*].fresh ? (@ == false)') then
    perform memory.settle_sources(sources);
  end if;
  return waiting;
end $$;
comment on function memory.put_chunks(jsonb) is 'Stores the passages of source rows, queues new texts for embedding, removes what a shorter text no longer has.';
revoke execute on function memory.put_chunks(jsonb) from public;
grant execute on function memory.put_chunks(jsonb) to omneuro_app;

-- What an edit leaves behind: passages beyond the new end, vectors of other words, vectors that must follow their passage's audience.
create or replace function memory.settle_sources(sources jsonb) returns void
  language plpgsql volatile
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  keys constant text[] := array(select s->>'source_pk' from jsonb_array_elements(sources) s);
begin
  delete from memory.chunks c
    using jsonb_to_recordset(sources) s (source_table text, source_pk text, chunks jsonb)
    where c.project_id = p and c.source_table = s.source_table and c.source_pk = any(keys) and c.source_pk = s.source_pk
      and c.chunk_index >= jsonb_array_length(s.chunks);
  delete from memory.vectors v
    using jsonb_to_recordset(sources) s (source_table text, source_pk text, stand_in boolean), memory.chunks c
    where c.project_id = p and c.source_table = s.source_table and c.source_pk = any(keys) and c.source_pk = s.source_pk
      and v.project_id = p and v.chunk_id = c.id and v.text_hash <> c.text_hash and s.stand_in is not true;
  update memory.vectors v set visibility = c.visibility, contact_id = c.contact_id, occurred_at = c.occurred_at
    from jsonb_to_recordset(sources) s (source_table text, source_pk text), memory.chunks c
    where c.project_id = p and c.source_table = s.source_table and c.source_pk = any(keys) and c.source_pk = s.source_pk
      and v.project_id = p and v.chunk_id = c.id
      and (v.visibility, v.contact_id, v.occurred_at) is distinct from (c.visibility, c.contact_id, c.occurred_at);
end $$;
comment on function memory.settle_sources(jsonb) is 'Brings chunks and vectors of edited sources in line; part of put_chunks.';
revoke execute on function memory.settle_sources(jsonb) from public;
grant execute on function memory.settle_sources(jsonb) to omneuro_app;

-- A text too short to say what it is written in is taken to be in the language spoken just before it, within twenty turns.
create or replace function memory.language_near(conversation text, turn int, contact text) returns regconfig
  language plpgsql stable
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$ begin
  return coalesce(
    (select c.lang from memory.chunks c
      where c.project_id = shared.scope() and c.conversation_global_id = conversation and c.seq < turn and c.seq >= turn - 20
        and c.lang <> 'simple'::regconfig
      order by c.seq desc limit 1),
    (select case k.language when 'en' then 'english'::regconfig when 'da' then 'danish'::regconfig end
      from people.contacts k where k.project_id = shared.scope() and k.id = contact),
    'simple'::regconfig);
end $$;
comment on function memory.language_near(text, int, text) is 'The conversation''s language before this turn, else the contact''s, else simple.';
revoke execute on function memory.language_near(text, int, text) from public;
grant execute on function memory.language_near(text, int, text) to omneuro_app;
