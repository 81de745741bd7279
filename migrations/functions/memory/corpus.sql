-- What recall must know of a project's memory before it ranks. The row is refreshed in the background and may be missing:
-- then a bounded count and a sample stand in for it.
create or replace function memory.corpus_of(project uuid) returns memory.corpus
  language plpgsql stable
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare known memory.corpus;
begin
  select k.* into known from memory.corpus k where k.project_id = project;
  if known.chunks > 0 and known.tokens > 0 then return known; end if;
  select count(*), coalesce(sum(s.len), 0) into known.chunks, known.tokens from (
    select c.len from memory.chunks c where c.project_id = project limit 3000) s;
  known.langs := coalesce(known.langs, '{english,danish,simple}');
  known.exact_limit := coalesce(known.exact_limit, 2500);
  return known;
end $$;
comment on function memory.corpus_of(uuid) is 'Size, length, languages and model of a project''s memory, also before they were first written down.';
revoke execute on function memory.corpus_of(uuid) from public;
