-- What recall found, with everything that is needed to show and cite it, so that the caller needs no second request.
-- Security invoker: row security is a second fence around what recall chose. A passage whose evidence was withdrawn is left out.
create or replace function memory.passages(
    question text, lang regconfig, embedding text, model text, meaning_share float8, filter jsonb, k int)
  returns table (
    id uuid, text text, score real, text_score real, vector_score real, source_table text, source_pk text,
    conversation text, seq int, contact text, contact_name text, visibility smallint, occurred_at timestamptz, language text,
    evidence_id text, evidence_version int)
  language plpgsql stable
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
#variable_conflict use_column
declare project constant uuid := shared.scope();
begin
  return query
    select c.id, c.text, r.score, r.text_score, r.vector_score, c.source_table, c.source_pk,
      c.conversation_global_id, c.seq, c.contact_id, p.name, c.visibility, c.occurred_at, c.lang::text, e.id, e.version
    from memory.recall(question, lang, embedding, model, meaning_share, filter, k) r
      join memory.chunks c on c.project_id = project and c.id = r.chunk_id
      left join shared.evidence_items e on e.project_id = project and e.source_table = c.source_table and e.source_pk = c.source_pk
      left join people.contacts p on p.project_id = project and p.id = c.contact_id
    where e.withdrawn_at is null
    order by r.score desc, c.occurred_at desc, c.id;
end $$;
comment on function memory.passages(text, regconfig, text, text, float8, jsonb, int) is 'Recalled passages with their text, place and evidence.';
revoke execute on function memory.passages(text, regconfig, text, text, float8, jsonb, int) from public;
grant execute on function memory.passages(text, regconfig, text, text, float8, jsonb, int) to omneuro_app;

-- The turns around some passages, more of those before, as far as the same filter lets them be seen: an answer "yes, Thursday"
-- means nothing without its question.
create or replace function memory.turns_around(passages uuid[], filter jsonb)
  returns table (
    id uuid, text text, source_table text, source_pk text, conversation text, seq int, contact text, visibility smallint,
    occurred_at timestamptz, evidence_id text, evidence_version int)
  language plpgsql stable
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
#variable_conflict use_column
declare
  project constant uuid := shared.scope();
  f constant memory.filter := jsonb_populate_record(null::memory.filter, filter);
begin
  return query
    select distinct on (n.id) n.id, n.text, n.source_table, n.source_pk, n.conversation_global_id, n.seq, n.contact_id, n.visibility,
      n.occurred_at, e.id, e.version
    from unnest(passages) p (id)
      join memory.chunks c on c.project_id = project and c.id = p.id
      join memory.chunks n on n.project_id = project and n.conversation_global_id = c.conversation_global_id
        and n.seq between c.seq - 4 and c.seq + 1 and n.id <> all (passages)
      join shared.evidence_items e on e.project_id = project and e.source_table = n.source_table and e.source_pk = n.source_pk
    where e.withdrawn_at is null and memory.admits(n, f)
    order by n.id;
end $$;
comment on function memory.turns_around(uuid[], jsonb) is 'Turns from four before passages to one after, under the same filter.';
revoke execute on function memory.turns_around(uuid[], jsonb) from public;
grant execute on function memory.turns_around(uuid[], jsonb) to omneuro_app;
