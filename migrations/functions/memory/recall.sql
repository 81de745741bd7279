-- Recall: what a project's memory holds on a question, as far as the audience may know it. Words and meaning in one statement.
-- Security definer, because under row security no text index can be used (its operators are not leakproof): the scope is
-- read from the transaction's settings and named as the first predicate of every query below.
create or replace function memory.recall(
    question text, lang regconfig, embedding text, model text, meaning_share float8, filter jsonb, k int)
  returns table (chunk_id uuid, score real, text_score real, vector_score real)
  language plpgsql stable security definer
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
#variable_conflict use_column
declare
  project constant uuid := nullif(current_setting('app.project_id', true), '');
  pool constant int := greatest(100, 2 * k);
  f constant memory.filter := jsonb_populate_record(null::memory.filter, filter);
  known memory.corpus; reach uuid[]; asked smallint;
  word_ids uuid[]; word_scores float8[]; near_ids uuid[]; near_scores float8[];
begin
  if project is null then raise exception 'no project in scope' using errcode = '42501'; end if;
  if f.visibilities is null then perform shared.fail('invalid', 'audience_required'); end if;
  known := memory.corpus_of(project);
  reach := memory.reach(project, f, 5000);

  select array_agg(w.chunk_id), array_agg(w.score) into word_ids, word_scores
    from memory.by_words(project, question, lang, f, reach, memory.named(project, question), known, pool) w;

  -- Vectors of another model than the question's are never compared with it: while a project changes model, words alone count.
  select m.id into asked from memory.models m where m.name = model;
  known.model_id := coalesce(known.model_id, asked);
  if embedding is not null and asked = known.model_id and to_regtype('ext.halfvec') is not null then
    select array_agg(n.chunk_id), array_agg(n.score) into near_ids, near_scores
      from memory.by_meaning(project, embedding::halfvec(1536), f, reach, word_ids, known, pool) n;
  end if;

  return query
    with found as materialized (
      select id, w.score as words, n.score as meaning
      from unnest(word_ids, word_scores) w (id, score) full join unnest(near_ids, near_scores) n (id, score) using (id)
    ), span as (
      select min(coalesce(words, 0)) as words_from, max(words) as words_to, min(meaning) as meaning_from, max(meaning) as meaning_to from found
    ), ranked as (
      -- A passage without a vector yet is judged by its words alone.
      select r.id, coalesce((1 - meaning_share) * r.w + meaning_share * r.m, r.w, r.m, 1) as score, r.words, r.meaning
      from (select id, words, meaning,
          (coalesce(words, 0) - words_from) / nullif(words_to - words_from, 0) as w,
          (meaning - meaning_from) / nullif(meaning_to - meaning_from, 0) as m
        from found, span) r
      order by 2 desc, 1 limit k
    )
    select c.id, r.score::real, r.words::real, r.meaning::real
    from ranked r join memory.chunks c on c.project_id = project and c.id = r.id
    where memory.admits(c, f)
    order by r.score desc, c.occurred_at desc, c.id;
end $$;
comment on function memory.recall(text, regconfig, text, text, float8, jsonb, int) is
  'The k best passages for a question within the entered project: BM25 with neighbours and vectors of the current model, fused.';
revoke execute on function memory.recall(text, regconfig, text, text, float8, jsonb, int) from public;
grant execute on function memory.recall(text, regconfig, text, text, float8, jsonb, int) to omneuro_app;
