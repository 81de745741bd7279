-- The word leg of recall: BM25 (k1 1.2, b 0.75) over Postgres lexemes, where a turn also counts its neighbours' words.

-- ts_rank of a single lexeme is (1 + 1/4 + … + 1/tf²) / (π²/6): it rises with every occurrence, so the steps between its
-- values give the term frequency back (up to 8), at the speed of C. Without search_path so that it is inlined.
create or replace function memory.occurrences(words tsvector, term tsquery) returns int
  language sql immutable parallel safe
  as $$
  select width_bucket(ts_rank('{1,1,1,1}', words, term), '{0.0001, 0.68, 0.79, 0.846, 0.877, 0.898, 0.913, 0.924}'::real[])
$$;
comment on function memory.occurrences(tsvector, tsquery) is 'How often a one-lexeme query occurs in a text, counted up to 8.';
revoke execute on function memory.occurrences(tsvector, tsquery) from public;

-- A document holds the stems of its own language, so the question's words are looked up in the form of every language.
-- Stop words of the question's language are left out everywhere: in texts of no known language they count as rare words.
create or replace function memory.terms(project uuid, question text, lang regconfig, known memory.corpus)
  returns table (term tsquery, weight float8, df bigint)
  language plpgsql stable
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
#variable_conflict use_column
begin
  return query
    with word as materialized (
      select w.lexeme from unnest(to_tsvector('simple', left(question, 1000))) w
      where lang is null or to_tsvector(lang, w.lexeme) <> ''
    ), form as materialized (
      select distinct quote_literal(l.lexeme)::tsquery as term
      from word w, unnest(known.langs) g, unnest(to_tsvector(g, w.lexeme)) l
    ), found as materialized (
      select t.term, (select count(*) from memory.chunks c where c.project_id = project and c.tsv @@ t.term) as df from form t
    )
    select t.term, ln(1 + (greatest(known.chunks, t.df) - t.df + 0.5::float8) / (t.df + 0.5)), t.df
    from found t where t.df > 0
    order by t.df, t.term::text limit 12;
end $$;
comment on function memory.terms(uuid, text, regconfig, memory.corpus) is 'The twelve rarest lexemes of a question that the project knows, with BM25''s weight; df is read off the index.';
revoke execute on function memory.terms(uuid, text, regconfig, memory.corpus) from public;

-- How rare the question's words are tells what it is about; a word that was never said tells that nobody can know.
create or replace function memory.rarity(question text) returns table (word text, passages bigint, total bigint)
  language plpgsql stable security definer
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
#variable_conflict use_column
declare
  project constant uuid := nullif(current_setting('app.project_id', true), '');
  known memory.corpus;
begin
  if project is null then raise exception 'no project in scope' using errcode = '42501'; end if;
  known := memory.corpus_of(project);
  return query
    with form as materialized (
      select distinct w.lexeme as word, quote_literal(l.lexeme)::tsquery as term
      from (select u.lexeme from unnest(to_tsvector('simple', left(question, 1000))) u limit 60) w,
        unnest(known.langs) g, unnest(to_tsvector(g, w.lexeme)) l
    ), found as materialized (
      select f.word, (select count(*) from memory.chunks c where c.project_id = project and c.tsv @@ f.term) as passages from form f
    )
    select f.word, max(f.passages), greatest(known.chunks, 1) from found f group by f.word;
end $$;
comment on function memory.rarity(text) is 'The words of a question and in how many of the project''s passages each occurs, whatever its inflection.';
revoke execute on function memory.rarity(text) from public;
grant execute on function memory.rarity(text) to omneuro_app;

-- How much a turn's words count for another turn: what was said just before sets its subject, what follows takes it up.
-- The weights before add up to 1.4, those after to 0.6. Chosen on the tuning half of bench/recall.
create or replace function memory.nearness(later int) returns float8
  language sql immutable parallel safe
  as $$
  select case later when 0 then 0.5 when 1 then 0.5 when 2 then 0.4 when 3 then 0.3 when 4 then 0.2 when -1 then 0.4 when -2 then 0.2 else 0 end::float8
$$;
comment on function memory.nearness(int) is 'Weight of a turn''s words for the turn so many places later (negative: earlier); 0: passages of one turn.';
revoke execute on function memory.nearness(int) from public;

create or replace function memory.by_words(
    project uuid, question text, lang regconfig, f memory.filter, reach uuid[], named text[], known memory.corpus, pool int)
  returns table (chunk_id uuid, score float8)
  language plpgsql stable
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  candidates constant int := 2000;   -- lexemes are added, rarest first, while they match fewer passages than this
  most constant int := 20000;        -- even one lexeme alone brings in no more than this
  around constant float8 := 2.0;     -- what all neighbouring turns together count, see memory.nearness
  terms tsquery[]; weights float8[]; sizes bigint[];
  ids uuid[]; scores float8[];
  used int; wanted tsquery;
  usual float8 := known.tokens::float8 / greatest(known.chunks, 1);
  theirs bigint; naming float8 := 0;
begin
  select array_agg(t.term), array_agg(t.weight), array_agg(t.df) into terms, weights, sizes
    from memory.terms(project, question, lang, known) t;
  if terms is null then return; end if;
  select count(*) into used from (select sum(s) over (order by i) as total from unnest(sizes) with ordinality u (s, i)) r
    where r.total <= candidates;
  -- Under a filter every word chooses: the rare ones may be somebody else's.
  if reach is not null or f is distinct from row(f.visibilities, null, null, null, null, null, null)::memory.filter
      or not f.visibilities @> '{0,1,2}' then
    used := cardinality(terms);
  else
    used := greatest(used, 1);
  end if;
  -- A name in the question is one more rare word, which stands in every passage of the one who bears it.
  if named is not null then
    select count(*) into theirs from memory.chunks c where c.project_id = project and c.contact_id = any (named);
    naming := ln(1 + (greatest(known.chunks, theirs) - theirs + 0.5) / (theirs + 0.5));
  end if;
  loop
    select string_agg(t::text, '|')::tsquery into wanted from unnest(terms[1:used]) t;
    with term as materialized (
      select * from unnest(terms, weights) with ordinality t (term, weight, place)
    ), matched as (
      (select c.id, c.conversation_global_id as conversation, c.contact_id, c.seq, c.chunk_index, c.len, c.tsv from memory.chunks c
        where reach is null and c.project_id = project and c.tsv @@ wanted and memory.admits(c, f) limit most)
      union all
      select c.id, c.conversation_global_id, c.contact_id, c.seq, c.chunk_index, c.len, c.tsv from memory.chunks c
        where reach is not null and c.project_id = project and c.id = any (reach) and c.tsv @@ wanted
    ), own as materialized (
      select m.* from matched m
      order by (select sum(t.weight * ts_rank('{1,1,1,1}', m.tsv, t.term)) from term t)
        + case when m.contact_id = any (named) then naming else 0 end desc
      limit pool / 2
    ), hit as materialized (
      select o.id, o.conversation, o.contact_id, o.seq, o.chunk_index, o.len, array_agg(t.place) as places, array_agg(t.times) as times
      from own o cross join lateral (
        select t.place, memory.occurrences(o.tsv, t.term) as times from term t offset 0) t
      where t.times > 0
      group by o.id, o.conversation, o.contact_id, o.seq, o.chunk_index, o.len
    ), spread as (
      select h.id as target, h.conversation, h.contact_id, h.seq, h.len, 1.0::float8 as share, h.places, h.times from hit h
      union all
      select c.id, c.conversation_global_id, c.contact_id, c.seq, c.len, memory.nearness(c.seq - h.seq), h.places, h.times
      from hit h join memory.chunks c on c.project_id = project and c.conversation_global_id = h.conversation
        and c.seq between h.seq - 2 and h.seq + 4
        and (c.seq <> h.seq and c.chunk_index = 0 and h.chunk_index = 0
          or c.seq = h.seq and abs(c.chunk_index - h.chunk_index) = 1)
      where memory.admits(c, f)
    ), heard as (
      select s.target, s.conversation, s.contact_id, s.seq, s.len, u.place, sum(s.share * u.times) as times
      from spread s, unnest(s.places, s.times) u (place, times)
      group by s.target, s.conversation, s.contact_id, s.seq, s.len, u.place
    ), stretch as (
      select h.target, h.contact_id, array_agg(h.place) as places, array_agg(h.times) as times,
        h.len + around / 6 * (sum(h.len) over near - h.len + usual * (7 - count(*) over near)) as len
      from heard h group by h.target, h.conversation, h.contact_id, h.seq, h.len
      window near as (partition by h.conversation order by h.seq range between 4 preceding and 2 following)
    ), scored as (
      select t.target, sum(weights[u.place] * 2.2 * u.times / (u.times + 1.2 * (0.25 + 0.75 * t.len / (usual * (1 + around)))))
        + case when t.contact_id = any (named) then naming else 0 end as score
      from stretch t, unnest(t.places, t.times) u (place, times)
      group by t.target, t.contact_id
      order by 2 desc, 1 limit pool
    )
    select array_agg(s.target), array_agg(s.score) into ids, scores from scored s;
    exit when used = cardinality(terms) or cardinality(ids) >= 10;
    used := cardinality(terms);
  end loop;
  return query select * from unnest(ids, scores);
end $$;
comment on function memory.by_words(uuid, text, regconfig, memory.filter, uuid[], text[], memory.corpus, int) is
  'Passages by the words of a question, neighbours at half weight and under the same filter; the best, up to the pool.';
revoke execute on function memory.by_words(uuid, text, regconfig, memory.filter, uuid[], text[], memory.corpus, int) from public;
