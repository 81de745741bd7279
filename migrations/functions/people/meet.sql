-- A contact of an outside system is heard of: [{person, met, name, was_name, language, points: [{id, kind, value, norm}],
-- gone: [{kind, value}]}]. `met` says that this is a new person; nobody is matched with anybody here.
create or replace function people.meet(heard jsonb) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  a constant uuid := nullif(current_setting('app.account_scope_id', true), '')::uuid;
begin
  insert into people.contacts (project_id, account_scope_id, id, name, language)
    select p, a, h.person, h.name, h.language
    from jsonb_to_recordset(heard) h (person text, met boolean, name text, language text)
    where h.met order by h.person;

  if jsonb_path_exists(heard, '$[*].met ? (@ == false)') then perform people.follow(heard); end if;
  insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm)
    select p, a, x.id, h.person, x.kind, x.value, x.norm
    from jsonb_to_recordset(heard) h (person text, points jsonb), jsonb_to_recordset(h.points) x (id text, kind text, value text, norm text)
    order by h.person, x.kind, x.norm
    on conflict do nothing;
  perform people.ask_link(array(select h->>'person' from jsonb_array_elements(heard) h where h->'points' <> '[]'));
end $$;
comment on function people.meet(jsonb) is 'Writes new persons with their numbers and addresses, and follows what an outside system changes about known ones.';
revoke execute on function people.meet(jsonb) from public;
grant execute on function people.meet(jsonb) to omneuro_app;

-- What changed about known persons; part of meet.
create or replace function people.follow(heard jsonb) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  persons constant text[] := array(select h->>'person' from jsonb_array_elements(heard) h where not (h->>'met')::boolean);
begin
  -- A name that staff has changed since stays theirs, and so does a language once it is known.
  update people.contacts c set name = case when c.name is not distinct from h.was_name then h.name else c.name end,
      language = coalesce(c.language, h.language), updated_at = shared.clock(), version = c.version + 1
    from jsonb_to_recordset(heard) h (person text, name text, was_name text, language text)
    where c.project_id = p and c.id = any(persons) and c.id = h.person and c.erased_at is null
      and ((c.name is not distinct from h.was_name and c.name is distinct from h.name) or (c.language is null and h.language is not null));

  delete from people.contact_points t
    using jsonb_to_recordset(heard) h (person text, gone jsonb), jsonb_to_recordset(h.gone) g (kind text, value text)
    where t.project_id = p and t.contact_id = any(persons) and t.contact_id = h.person and t.kind = g.kind and t.value = g.value;
end $$;
comment on function people.follow(jsonb) is 'Follows what an outside system changes about known persons.';
revoke execute on function people.follow(jsonb) from public;
grant execute on function people.follow(jsonb) to omneuro_app;
