-- The vector leg of recall: exact while few rows come into question, else sign codes choose and the vectors decide.
-- wanted is a halfvec, passed as a parameter so that it is not unpacked for every row. The type is left open because the
-- function must also exist where pgvector does not; there nobody calls it.
create or replace function memory.by_meaning(
    project uuid, wanted anyelement, f memory.filter, reach uuid[], also uuid[], known memory.corpus, pool int)
  returns table (chunk_id uuid, score float8)
  language plpgsql stable
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
#variable_conflict use_column
declare
  deep constant int := 200;   -- how many the sign codes may choose for the exact comparison
  signs bit(1536);
  ids uuid[];
begin
  if coalesce(cardinality(reach), known.chunks) <= known.exact_limit then
    ids := reach;
  else
    signs := binary_quantize(wanted)::bit(1536);
    if reach is not null then
      select array_agg(n.chunk_id) into ids from (
        select v.chunk_id from unnest(reach) r (id) join memory.vectors v on v.project_id = project and v.chunk_id = r.id
        where v.model_id = known.model_id
        order by v.code <~> signs limit deep) n;
    else
      select array_agg(n.chunk_id) into ids from (
        select v.chunk_id from memory.vectors v
        where v.project_id = project and v.model_id = known.model_id and memory.may_see(v.visibility, v.contact_id, v.occurred_at, f)
          and (f.conversations is null and f.sources is null
            or (select memory.admits(c, f) from memory.chunks c where c.project_id = project and c.id = v.chunk_id))
        order by v.code <~> signs limit deep) n;
    end if;
    ids := coalesce(ids, '{}');
  end if;
  -- The distance is what is sorted by and what is told: named once, it is computed once.
  return query
    select n.chunk_id, 1 - n.far from (
      (select v.chunk_id, v.embedding <=> wanted as far from memory.vectors v
        where ids is null and v.project_id = project and v.model_id = known.model_id
          and memory.may_see(v.visibility, v.contact_id, v.occurred_at, f)
        order by far limit pool)
      union all
      (select v.chunk_id, v.embedding <=> wanted as far from unnest(ids) r (id)
          join memory.vectors v on v.project_id = project and v.chunk_id = r.id
        where v.model_id = known.model_id
        order by far limit pool)
      union
      select v.chunk_id, v.embedding <=> wanted from unnest(also) r (id)
        join memory.vectors v on v.project_id = project and v.chunk_id = r.id
      where v.model_id = known.model_id) n;
end $$;
comment on function memory.by_meaning(uuid, anyelement, memory.filter, uuid[], uuid[], memory.corpus, int) is
  'Passages near a question''s vector, with their similarity; also: passages found otherwise whose similarity is wanted too.';
revoke execute on function memory.by_meaning(uuid, anyelement, memory.filter, uuid[], uuid[], memory.corpus, int) from public;
