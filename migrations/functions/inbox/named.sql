-- A caller may name a contact or conversation by Chatwoot's number or by our id; recall knows only our ids.

create or replace function inbox.people_named(ref text) returns text[]
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
begin
  if ref is null then return null; end if;
  if ref ~ '^[0-9]{1,18}$' then
    return people.same_person(array(select c.person_id from inbox.cw_contacts c
      where c.project_id = shared.scope() and c.contact_id = ref::bigint));
  elsif ref like 'cwc:%' then
    return people.same_person(array(select c.person_id from inbox.cw_contacts c where c.project_id = shared.scope() and c.id = ref));
  end if;
  return people.same_person(array[ref]);
end $$;
comment on function inbox.people_named(text) is 'Every record of the person whom a number or id names; none for an unknown one, null for null.';
revoke execute on function inbox.people_named(text) from public;
grant execute on function inbox.people_named(text) to omneuro_app;

-- For an audience an unknown contact is a mistake, not an empty room.
create or replace function inbox.person_named(ref text) returns text[]
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare found text[] := inbox.people_named(ref);
begin
  if cardinality(found) = 0 then perform shared.fail('not_found', 'contact_unknown'); end if;
  return found;
end $$;
comment on function inbox.person_named(text) is 'Like people_named, but an unknown contact is a fault.';
revoke execute on function inbox.person_named(text) from public;
grant execute on function inbox.person_named(text) to omneuro_app;

create or replace function inbox.conversations_named(ref text, wanted_status text) returns text[]
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
begin
  if ref is null and wanted_status is null then return null; end if;
  if ref is null then
    return array(select v.id from inbox.cw_conversations v where v.project_id = shared.scope() and v.status = wanted_status);
  end if;
  return array(select v.id from inbox.cw_conversations v
    where v.project_id = shared.scope() and (wanted_status is null or v.status = wanted_status)
      and (v.id = ref or ref ~ '^[0-9]{1,18}$' and v.conversation_id = case when ref ~ '^[0-9]{1,18}$' then ref::bigint end));
end $$;
comment on function inbox.conversations_named(text, text) is 'Conversations by number or id and by status in Chatwoot; null when neither is asked for.';
revoke execute on function inbox.conversations_named(text, text) from public;
grant execute on function inbox.conversations_named(text, text) to omneuro_app;
