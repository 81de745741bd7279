-- A merge is a pointer that can be undone, so it is followed when something is read: up to the record that speaks for all
-- of them, then down to every record that was merged into it. union (not all) ends on a ring.
create or replace function people.same_person(ids text[]) returns text[]
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare everyone text[];
begin
  -- Nearly always: one record that was never merged with anybody.
  if cardinality(ids) = 1 and exists (select from people.contacts c where c.project_id = shared.scope() and c.id = ids[1] and c.merged_into is null
      and not exists (select from people.contacts d where d.project_id = shared.scope() and d.merged_into = ids[1])) then return ids; end if;
  with recursive up as (
    select c.id, c.merged_into from people.contacts c where c.project_id = shared.scope() and c.id = any (ids)
    union
    select c.id, c.merged_into from up join people.contacts c on c.project_id = shared.scope() and c.id = up.merged_into
  ), down as (
    select up.id from up
    union
    select c.id from down join people.contacts c on c.project_id = shared.scope() and c.merged_into = down.id
  )
  select coalesce(array_agg(d.id), '{}') into everyone from down d;
  return everyone;
end $$;
comment on function people.same_person(text[]) is 'All records that are the same person as these; unknown ids give none.';
revoke execute on function people.same_person(text[]) from public;
grant execute on function people.same_person(text[]) to omneuro_app;

-- The same for a record that speaks for itself, cheap where many are asked about: nearly nobody was ever merged.
create or replace function people.all_of(contact text) returns text[]
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$ begin
  if not exists (select from people.contacts c where c.project_id = shared.scope() and c.merged_into = contact) then return array[contact]; end if;
  return people.same_person(array[contact]);
end $$;
comment on function people.all_of(text) is 'A record that speaks for itself and all that were merged into it.';
revoke execute on function people.all_of(text) from public;
grant execute on function people.all_of(text) to omneuro_app;

-- The name by which everything that asks about one person asks.
create or replace function people.ids_of(contact text) returns text[]
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$ select people.same_person(array[contact]) $$;
comment on function people.ids_of(text) is 'Every record of the person behind one record; none for an unknown one.';
revoke execute on function people.ids_of(text) from public;
grant execute on function people.ids_of(text) to omneuro_app;
