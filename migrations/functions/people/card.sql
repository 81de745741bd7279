-- A record as it is shown: what speaks for a person is shown with the addresses of all that were merged into it, and with their
-- name where it has none of its own.
create or replace function people.card(c people.contacts) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$ begin
  return (
  select jsonb_build_object('id', c.id, 'name', coalesce(c.name, (select d.name from people.contacts d where d.project_id = c.project_id
        and d.merged_into = c.id and d.name is not null order by d.created_at, d.id limit 1)),
      'preferred_channel', c.preferred_channel, 'language', c.language, 'timezone', c.timezone, 'notes', c.notes, 'origin', c.origin,
      'merged_into', c.merged_into, 'created_at', c.created_at, 'updated_at', c.updated_at, 'version', c.version,
      'points', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'contact', p.contact_id, 'kind', p.kind, 'value', p.value, 'proof', p.proof)
          order by p.kind, p.value, p.id), '[]') from people.contact_points p where p.project_id = c.project_id
            and p.contact_id = any(case when c.merged_into is null then people.all_of(c.id) else array[c.id] end))));
end $$;
comment on function people.card(people.contacts) is 'A person''s record with its addresses, as JSON.';
revoke execute on function people.card(people.contacts) from public;
grant execute on function people.card(people.contacts) to omneuro_app;

-- The records of one person, the one that speaks for the others first, each with the merge that holds it there.
create or replace function people.records_of(contact text) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$ begin
  return (
  select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'origin', c.origin, 'merged_into', c.merged_into, 'version', c.version,
      'created_at', c.created_at, 'merge', (select jsonb_build_object('id', m.id, 'reason', m.reason, 'note', m.note, 'actor', m.actor, 'at', m.created_at)
        from people.merges m where m.project_id = c.project_id and m.from_contact_id = c.id and m.undone_at is null))
      order by c.merged_into is not null, c.created_at, c.id), '[]')
  from people.contacts c where c.project_id = shared.scope() and c.id = any(people.ids_of(contact)));
end $$;
comment on function people.records_of(text) is 'The records of one person and what holds them together, as JSON.';
revoke execute on function people.records_of(text) from public;
grant execute on function people.records_of(text) to omneuro_app;
