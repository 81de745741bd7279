-- What a person has said about the use of what is known of him, over all of his records: the newest word counts. Null: he never said.
create or replace function people.consent(contact text, use text) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select c.granted from people.consents c where c.project_id = shared.scope() and c.contact_id = any (people.ids_of(contact))
      and c.channel is null and c.scope = use
    order by c.occurred_at desc, c.created_at desc, c.id desc limit 1
$$;
comment on function people.consent(text, text) is 'Whether a person agrees to a use (memory, telemetry, raw_text); null when he never said.';
revoke execute on function people.consent(text, text) from public;
grant execute on function people.consent(text, text) to omneuro_app;

create or replace function people.consents_of(contact text) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select jsonb_object_agg(u.use, (
    select jsonb_build_object('granted', c.granted, 'source', c.source, 'at', c.occurred_at) from people.consents c
      where c.project_id = shared.scope() and c.contact_id = any (people.ids_of(contact)) and c.channel is null and c.scope = u.use
      order by c.occurred_at desc, c.created_at desc, c.id desc limit 1))
  from (values ('memory'), ('telemetry'), ('raw_text')) u (use)
$$;
comment on function people.consents_of(text) is 'The newest word on each use: {memory, telemetry, raw_text}, each {granted, source, at} or null.';
revoke execute on function people.consents_of(text) from public;
grant execute on function people.consents_of(text) to omneuro_app;

create or replace function people.set_consents(contact text, said jsonb) returns table (consents jsonb)
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform from people.contacts c where c.project_id = shared.scope() and c.id = contact and c.erased_at is null for share;
  if not found then perform shared.fail('not_found', 'contact_unknown'); end if;
  insert into people.consents (project_id, id, contact_id, scope, granted, shown_text, source, proof_ref, occurred_at)
    select shared.scope(), s.id, contact, s.use, s.granted, said->>'shown_text', said->>'source', said->>'proof', shared.clock()
    from jsonb_to_recordset(said->'uses') s (id text, use text, granted boolean);
  return query select people.consents_of(contact);
end $$;
comment on function people.set_consents(text, jsonb) is 'Writes down what a person said about uses; earlier words stay.';
revoke execute on function people.set_consents(text, jsonb) from public;
grant execute on function people.set_consents(text, jsonb) to omneuro_app;
