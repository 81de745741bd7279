-- Evidence by its words: the better match first, of equal ones the newer. Security definer, because under row security no
-- text index can be used (its operators are not leakproof): the scope is read from the settings and named in every query.
create or replace function memory.evidence_found(question text, most int)
  returns table (id text, version int, source_table text, source_pk text, visibility smallint, contact text, occurred_at timestamptz, text text, score real)
  language plpgsql stable security definer
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
#variable_conflict use_column
declare
  project constant uuid := nullif(current_setting('app.project_id', true), '');
  bounded constant int := 5000;   -- passages ranked at most; a word said more often than that tells little
  wanted tsquery;
begin
  if project is null then raise exception 'no project in scope' using errcode = '42501'; end if;
  -- A passage holds the stems of its own language: any language's reading of the question will do.
  select string_agg('(' || q.reading::text || ')', ' | ')::tsquery into wanted
    from (select websearch_to_tsquery(g, left(question, 1000)) as reading from unnest((memory.corpus_of(project)).langs) g) q
    where numnode(q.reading) > 0;
  if wanted is null then return; end if;
  return query
    with passage as materialized (
      select c.source_table, c.source_pk, c.text, c.tsv from memory.chunks c
        where c.project_id = project and c.tsv @@ wanted limit bounded
    ), best as (
      select distinct on (p.source_table, p.source_pk) p.source_table, p.source_pk, p.text, ts_rank_cd(p.tsv, wanted, 1) as score
        from passage p order by p.source_table, p.source_pk, ts_rank_cd(p.tsv, wanted, 1) desc
    ), found as (
      select e.id, e.version, e.source_table, e.source_pk, e.visibility, e.contact_id, e.occurred_at, b.text, b.score
        from best b join shared.evidence_items e
          on e.project_id = project and e.source_table = b.source_table and e.source_pk = b.source_pk
        where e.withdrawn_at is null
      union all
      select e.id, e.version, e.source_table, e.source_pk, e.visibility, e.contact_id, e.occurred_at, e.search_text,
          ts_rank_cd(to_tsvector('simple', e.search_text), wanted, 1)
        from shared.evidence_items e
        where e.project_id = project and e.withdrawn_at is null and e.search_text is not null
          and to_tsvector('simple', e.search_text) @@ wanted
    )
    select f.id, f.version, f.source_table, f.source_pk, f.visibility, f.contact_id, f.occurred_at, f.text, f.score
      from found f order by f.score desc, f.occurred_at desc, f.id limit most;
end $$;
comment on function memory.evidence_found(text, int) is 'Evidence of the entered project whose words fit a question, best first; withdrawn evidence is not found.';
revoke execute on function memory.evidence_found(text, int) from public;
grant execute on function memory.evidence_found(text, int) to omneuro_app;
