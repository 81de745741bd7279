-- Entities: entered, changed as somebody read them, and what stood in relation to them.

-- w: {id, type, name, contact, account, firm}. A person has one entity, whatever records are his.
create or replace function world.put_entity(w jsonb) returns world.entities
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); c people.contacts; there text; made world.entities;
begin
  if w->>'contact' is not null then
    select x.* into c from people.contacts x where x.project_id = p and x.id = w->>'contact' for no key update;
    if c.id is null then perform shared.fail('not_found', 'contact_unknown'); end if;
    if c.erased_at is not null then perform shared.fail('gone', 'person_erased'); end if;
    select e.id into there from world.entities e where e.project_id = p and e.contact_id = any (people.ids_of(c.id))
      and e.merged_into is null and e.erased_at is null order by e.created_at, e.id limit 1;
    if there is not null then
      perform shared.fail('conflict', 'entity_exists', jsonb_build_object('id', there, 'detail', 'This person has an entity already.'));
    end if;
  end if;
  if coalesce(w->>'name', c.name) is null then
    perform shared.fail('invalid', 'name_required', jsonb_build_object('detail', 'It needs a name: the contact has none.'));
  end if;
  if exists (select from world.entities e where e.project_id = p and e.id = w->>'id') then
    perform shared.fail('conflict', 'entity_exists', jsonb_build_object('id', w->>'id'));
  end if;
  insert into world.entities (project_id, user_id, id, type, name, contact_id, account_ref, account_id)
    values (p, nullif(current_setting('app.user_id', true), '')::uuid, w->>'id', w->>'type', coalesce(w->>'name', left(c.name, 300)), c.id, w->>'account', w->>'firm')
    returning * into made;
  return made;
end $$;
comment on function world.put_entity(jsonb) is 'Enters an entity, for a person only once.';
revoke execute on function world.put_entity(jsonb) from public;
grant execute on function world.put_entity(jsonb) to omneuro_app;

-- w: any of {name, account, firm, archived}; what is left out stays.
create or replace function world.touch_entity(wanted text, seen int, w jsonb) returns world.entities
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); e world.entities;
begin
  select x.* into e from world.entities x where x.project_id = p and x.id = wanted and x.erased_at is null for update;
  if e.id is null then perform shared.fail('not_found', 'entity_unknown'); end if;
  if e.merged_into is not null then
    perform shared.fail('conflict', 'entity_merged', jsonb_build_object('id', e.merged_into, 'detail', 'Another one stands for it.'));
  end if;
  if e.version <> seen then
    perform shared.fail('stale', 'entity_changed', jsonb_build_object('version', e.version, 'detail', 'Read it again: it has changed.'));
  end if;
  update world.entities x set name = coalesce(w->>'name', x.name),
      account_ref = case when w ? 'account' then w->>'account' else x.account_ref end,
      account_id = case when w ? 'firm' then w->>'firm' else x.account_id end,
      archived_at = case when not w ? 'archived' then x.archived_at when (w->>'archived')::boolean then coalesce(x.archived_at, shared.clock()) end,
      updated_at = shared.clock(), version = x.version + 1
    where x.project_id = p and x.id = wanted returning x.* into e;
  return e;
end $$;
comment on function world.touch_entity(text, int, jsonb) is 'Changes an entity, if it is as somebody read it.';
revoke execute on function world.touch_entity(text, int, jsonb) from public;
grant execute on function world.touch_entity(text, int, jsonb) to omneuro_app;

create or replace function world.related(entity text, as_of timestamptz, known_at timestamptz) returns setof world.relationships
  language sql stable rows 10
  as $$
  select r.* from world.relationships r
  where r.project_id = shared.scope() and (r.src_entity_id = entity or r.dst_entity_id = entity)
    and r.recorded_at <= known_at and (r.superseded_at is null or r.superseded_at > known_at)
    and (r.valid_from is null or r.valid_from <= as_of) and (r.valid_to is null or r.valid_to > as_of)
$$;
comment on function world.related(text, timestamptz, timestamptz) is 'How an entity stood to others at as_of, as recorded at known_at.';
revoke execute on function world.related(text, timestamptz, timestamptz) from public;
grant execute on function world.related(text, timestamptz, timestamptz) to omneuro_app;
