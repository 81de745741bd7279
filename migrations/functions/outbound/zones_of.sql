-- Where a recipient may be: what his record says, else what his number allows, else where the business is.
create or replace function outbound.zones_of(contact text, address text) returns text[]
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select coalesce(
    (select array[c.timezone] from people.contacts c where c.project_id = shared.scope() and c.id = any((select people.same_person(array[contact]))::text[])
      and c.timezone in (select name from pg_timezone_names) order by c.merged_into is null desc, c.created_at, c.id limit 1),
    (select k.zones from outbound.calling_codes k where address like '+' || k.code || '%' order by length(k.code) desc limit 1),
    (select array[p.timezone] from identity.projects p where p.id = shared.scope()), '{UTC}')
$$;
comment on function outbound.zones_of(text, text) is 'The time zones in which a person may be: his own, those of his number, or the project''s.';
revoke execute on function outbound.zones_of(text, text) from public;
grant execute on function outbound.zones_of(text, text) to omneuro_app;
