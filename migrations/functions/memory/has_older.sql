-- Asked with every search: true while some passages can be found by their words only, because another model made their vector.
-- It looks for the mark that renewing leaves and at the chunks that wait first, never at all vectors.
create or replace function memory.has_older() returns boolean
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare p constant uuid := shared.scope();
begin
  if (select count(*) from memory.models) < 2 then return false; end if;
  return exists (select from shared.outbox o
      where o.project_id = p and o.kind = 'memory.renew' and o.dedupe_key = 'memory.renew' and o.state = 'pending')
    or exists (select from (select q.chunk_id from memory.pending q where q.project_id = p order by q.chunk_id limit 500) w
      cross join lateral (select v.model_id from memory.vectors v where v.project_id = p and v.chunk_id = w.chunk_id offset 0) v
      where v.model_id <> (select k.model_id from memory.corpus k where k.project_id = p));
end $$;
comment on function memory.has_older() is 'Whether a change of the embedding model is still under way in the entered project.';
revoke execute on function memory.has_older() from public;
grant execute on function memory.has_older() to omneuro_app;
