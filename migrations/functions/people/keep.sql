-- What colleagues write into the records of people by hand.

-- Numbers were read as those of one country; where the project is in another one, they are to be read again.
create or replace function people.assert_region(read_as text) returns void
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare ours text;
begin
  select p.region into ours from identity.projects p where p.id = shared.scope();
  if ours <> read_as then perform shared.fail('unprocessable', 'region_other', jsonb_build_object('region', ours)); end if;
end $$;
comment on function people.assert_region(text) is 'Refuses phone numbers that were read as those of another country than the project''s.';
revoke execute on function people.assert_region(text) from public;
grant execute on function people.assert_region(text) to omneuro_app;

-- Looks for others with the addresses that were just entered: this is no intake, so it need not wait.
create or replace function people.judge_now(points text[], seed text) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare t people.contact_points;
begin
  perform people.hold_merges();
  for t in select x.* from people.contact_points x where x.project_id = shared.scope() and x.id = any(points) order by x.id loop
    perform people.judge_point(t, concat_ws(':', t.project_id, seed, t.id));
  end loop;
  update people.contact_points x set judged_at = shared.clock() where x.project_id = shared.scope() and x.id = any(points);
end $$;
comment on function people.judge_now(text[], text) is 'Links or proposes whoever has these addresses too.';
revoke execute on function people.judge_now(text[], text) from public;
grant execute on function people.judge_now(text[], text) to omneuro_app;

-- m: {id, name, preferred_channel, language, timezone, notes, points: [{id, kind, value, norm}]}. Returns the card.
create or replace function people.create_contact(m jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope();
begin
  insert into people.contacts (project_id, id, name, preferred_channel, language, timezone, notes, origin)
    values (p, m->>'id', m->>'name', m->>'preferred_channel', m->>'language', m->>'timezone', m->>'notes', 'office');
  insert into people.contact_points (project_id, id, contact_id, kind, value, value_norm, proof)
    select p, x.id, m->>'id', x.kind, x.value, x.norm, 'office' from jsonb_to_recordset(m->'points') x (id text, kind text, value text, norm text)
    order by x.kind, x.norm on conflict do nothing;
  perform people.judge_now(array(select x->>'id' from jsonb_array_elements(m->'points') x), m->>'id');
  return (select people.card(c) from people.contacts c where c.project_id = p and c.id = m->>'id');
end $$;
comment on function people.create_contact(jsonb) is 'A record that a colleague makes, with its addresses; others who have them are linked or proposed.';
revoke execute on function people.create_contact(jsonb) from public;
grant execute on function people.create_contact(jsonb) to omneuro_app;

-- m: {contact, version, set: fields that are to be as given, null to empty them}. Returns the card.
create or replace function people.update_contact(m jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  s constant jsonb := m->'set';
  one people.contacts;
begin
  select c.* into one from people.contacts c where c.project_id = p and c.id = m->>'contact' for update;
  if one.id is null then perform shared.fail('not_found', 'contact_unknown'); end if;
  if one.erased_at is not null then perform shared.fail('conflict', 'person_erased'); end if;
  if one.version <> (m->>'version')::int then perform shared.fail('stale', 'contact_changed', jsonb_build_object('version', one.version,
    'detail', 'Read it again: it has changed.')); end if;
  update people.contacts c set name = case when s ? 'name' then s->>'name' else c.name end,
      preferred_channel = case when s ? 'preferred_channel' then s->>'preferred_channel' else c.preferred_channel end,
      language = case when s ? 'language' then s->>'language' else c.language end,
      timezone = case when s ? 'timezone' then s->>'timezone' else c.timezone end,
      notes = case when s ? 'notes' then s->>'notes' else c.notes end, updated_at = shared.clock(), version = c.version + 1
    where c.project_id = p and c.id = one.id returning c.* into one;
  return people.card(one);
end $$;
comment on function people.update_contact(jsonb) is 'Changes a record that is still as it was read.';
revoke execute on function people.update_contact(jsonb) from public;
grant execute on function people.update_contact(jsonb) to omneuro_app;

-- m: {contact, id, kind, value, norm}. Returns the card.
create or replace function people.add_point(m jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  one people.contacts;
begin
  select c.* into one from people.contacts c where c.project_id = p and c.id = m->>'contact' for update;
  if one.id is null then perform shared.fail('not_found', 'contact_unknown'); end if;
  if one.erased_at is not null then perform shared.fail('conflict', 'person_erased'); end if;
  insert into people.contact_points as x (project_id, id, contact_id, kind, value, value_norm, proof)
    values (p, m->>'id', one.id, m->>'kind', m->>'value', m->>'norm', 'office')
    -- A colleague confirms what was only told; the same again changes nothing.
    on conflict (project_id, contact_id, kind, value_norm) do update set proof = 'office', judged_at = null, version = x.version + 1 where x.proof = 'told';
  update people.contacts c set updated_at = shared.clock(), version = c.version + 1 where c.project_id = p and c.id = one.id;
  perform people.judge_now(array(select x.id from people.contact_points x where x.project_id = p and x.contact_id = one.id and x.kind = m->>'kind'
    and x.value_norm = m->>'norm'), m->>'id');
  return (select people.card(c) from people.contacts c where c.project_id = p and c.id = one.id);
end $$;
comment on function people.add_point(jsonb) is 'An address that a colleague enters; others who have it are linked or proposed.';
revoke execute on function people.add_point(jsonb) from public;
grant execute on function people.add_point(jsonb) to omneuro_app;

-- Returns the card of whose it was.
create or replace function people.remove_point(point text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  whose text; one people.contacts;
begin
  delete from people.contact_points x where x.project_id = p and x.id = point returning x.contact_id into whose;
  if whose is null then perform shared.fail('not_found', 'point_unknown'); end if;
  update people.contacts c set updated_at = shared.clock(), version = c.version + 1 where c.project_id = p and c.id = whose returning c.* into one;
  return people.card(one);
end $$;
comment on function people.remove_point(text) is 'Takes an address out of a record.';
revoke execute on function people.remove_point(text) from public;
grant execute on function people.remove_point(text) to omneuro_app;
