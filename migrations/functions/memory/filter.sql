-- What a filter lets through, in one place: every leg of recall asks the same question of a passage.
-- These two have no search_path of their own: only so can they be inlined into the caller's plan.
create or replace function memory.may_see(visibility smallint, contact_id text, occurred_at timestamptz, f memory.filter) returns boolean
  language sql immutable parallel safe
  as $$
  select visibility = any (f.visibilities)
    and (visibility <> 1 or f.owners is null or contact_id = any (f.owners))
    and (f.contacts is null or contact_id = any (f.contacts))
    and (f.since is null or occurred_at >= f.since)
    and (f.until is null or occurred_at < f.until)
$$;
comment on function memory.may_see(smallint, text, timestamptz, memory.filter) is 'The part of a filter that a vector''s row can answer too: audience, contact, dates.';
revoke execute on function memory.may_see(smallint, text, timestamptz, memory.filter) from public;
grant execute on function memory.may_see(smallint, text, timestamptz, memory.filter) to omneuro_app;

create or replace function memory.admits(c memory.chunks, f memory.filter) returns boolean
  language sql immutable parallel safe
  as $$
  select memory.may_see(c.visibility, c.contact_id, c.occurred_at, f)
    and (f.conversations is null or c.conversation_global_id = any (f.conversations))
    and (f.sources is null or c.source_table = any (f.sources))
$$;
comment on function memory.admits(memory.chunks, memory.filter) is 'May this passage be seen by the audience, and is it what the search is narrowed to?';
revoke execute on function memory.admits(memory.chunks, memory.filter) from public;
grant execute on function memory.admits(memory.chunks, memory.filter) to omneuro_app;

-- A narrow filter is resolved to ids through its own index before anything is ranked, so that no cut can hide its rows:
-- with an optional predicate alone a generic plan would never use that index.
create or replace function memory.reach(project uuid, f memory.filter, most int) returns uuid[]
  language plpgsql stable
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare ids uuid[];
begin
  if f.conversations is not null then
    select array_agg(r.id) into ids from (
      select c.id from memory.chunks c
      where c.project_id = project and c.conversation_global_id = any (f.conversations) and memory.admits(c, f)
      limit most + 1) r;
  elsif f.contacts is not null then
    select array_agg(r.id) into ids from (
      select c.id from memory.chunks c
      where c.project_id = project and c.contact_id = any (f.contacts) and memory.admits(c, f)
      limit most + 1) r;
  elsif f.owners is not null or f.visibilities <@ '{0}' then
    select array_agg(r.id) into ids from (
      select c.id from memory.chunks c
      where c.project_id = project and c.visibility = 0 and memory.admits(c, f)
      union all
      select c.id from memory.chunks c
      where c.project_id = project and c.contact_id = any (f.owners) and c.visibility <> 0 and memory.admits(c, f)
      limit most + 1) r;
  elsif f.sources is not null then
    select array_agg(r.id) into ids from (
      select c.id from memory.chunks c
      where c.project_id = project and c.source_table = any (f.sources) and memory.admits(c, f)
      limit most + 1) r;
  else
    return null;
  end if;
  return case when cardinality(ids) > most then null else coalesce(ids, '{}') end;
end $$;
comment on function memory.reach(uuid, memory.filter, int) is 'The passages a narrow filter admits; null when the filter is wide or admits more than the limit.';
revoke execute on function memory.reach(uuid, memory.filter, int) from public;
