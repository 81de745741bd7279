-- Vectors carry a model's number instead of its name; a name that is new gets one.
create or replace function memory.model_number(model text) returns smallint
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare number smallint;
begin
  select m.id into number from memory.models m where m.name = model;
  if number is null then
    insert into memory.models (name) values (model) on conflict (name) do nothing;
    select m.id into number from memory.models m where m.name = model;
  end if;
  return number;
end $$;
comment on function memory.model_number(text) is 'The number of an embedding model, made on first sight.';
revoke execute on function memory.model_number(text) from public;
grant execute on function memory.model_number(text) to omneuro_app;
