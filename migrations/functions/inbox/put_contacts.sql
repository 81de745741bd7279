-- Contacts as the newest delivery describes them, and the persons behind new ones. Chatwoot gives a contact no version, so
-- the send time orders; it is advanced even when nothing changed, or a late older snapshot would undo what was confirmed.
-- Returns ledger rows.
create or replace function inbox.put_contacts(told jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off
  as $$
declare
  p constant uuid := shared.scope();
  a constant uuid := nullif(current_setting('app.account_scope_id', true), '')::uuid;
  heard jsonb; ledger jsonb; spoken jsonb;
begin
  with said as (
    select distinct on (c.id) c.* from jsonb_array_elements(told) e, jsonb_to_recordset(e->'contacts') c (id text, account_id bigint,
      contact_id bigint, person text, ledger text, language text, heard_at timestamptz, data jsonb, points jsonb)
    order by c.id, c.heard_at desc, md5(c.data::text) desc
  ), known as (
    -- Offset 0 keeps this a look-up by key: taken for a hundred, one contact would otherwise be joined with the whole tenant's.
    select t.id, t.data, t.name, t.email, t.phone_number from said s cross join lateral (
      select * from inbox.cw_contacts c where c.project_id = p and c.id = s.id offset 0) t
  ), put as (
    insert into inbox.cw_contacts as t (project_id, account_scope_id, id, account_id, contact_id, person_id, name, email, phone_number,
        identifier, custom_attributes, data, heard_at, updated_at)
    select p, a, s.id, s.account_id, s.contact_id, s.person, s.data->>'name', s.data->>'email', s.data->>'phone_number',
      s.data->>'identifier', coalesce(s.data->'custom_attributes', '{}'), s.data, s.heard_at, shared.clock()
    from said s order by s.id
    on conflict (project_id, id) do update set
      data = t.data || excluded.data, heard_at = excluded.heard_at,
      name = (t.data || excluded.data)->>'name', email = (t.data || excluded.data)->>'email',
      phone_number = (t.data || excluded.data)->>'phone_number', identifier = (t.data || excluded.data)->>'identifier',
      custom_attributes = coalesce((t.data || excluded.data)->'custom_attributes', '{}'),
      updated_at = case when t.data @> excluded.data and t.data = t.data || excluded.data then t.updated_at else shared.clock() end
    where t.heard_at < excluded.heard_at
      or (t.heard_at = excluded.heard_at and md5(t.data::text) < md5((t.data || excluded.data)::text))
    returning t.id, t.person_id, t.name, t.email, t.phone_number, t.data)
  select jsonb_agg(jsonb_build_object('id', u.id, 'person', u.person_id, 'met', u.person_id = s.person, 'name', u.name,
      'was_name', k.name, 'language', s.language, 'ledger', s.ledger, 'heard_at', s.heard_at, 'points', s.points,
      'gone', (select coalesce(jsonb_agg(jsonb_build_object('kind', g.kind, 'value', g.was)), '[]')
        from (values ('phone', k.phone_number, u.phone_number), ('email', k.email, u.email)) g (kind, was, now)
        where g.was is not null and g.was is distinct from g.now),
      'changed', (select jsonb_agg(o.key order by o.key) from jsonb_object_keys(u.data) o (key) where u.data->o.key is distinct from k.data->o.key)))
    into heard
    from put u join said s on s.id = u.id left join known k on k.id = u.id
    where u.person_id = s.person or k.data is distinct from u.data;
  if heard is not null then perform people.meet(heard); end if;

  -- An older snapshot still says what its message was written in.
  select jsonb_agg(distinct jsonb_build_object('person', q.id, 'language', s.language)) into spoken
    from jsonb_array_elements(told) e, jsonb_to_recordset(e->'contacts') s (id text, language text)
      join inbox.cw_contacts t on t.project_id = p and t.id = s.id
      join people.contacts q on q.project_id = p and q.id = t.person_id and q.language is null
    where s.language is not null;
  if spoken is not null then perform people.note_language(spoken); end if;
  if heard is null then return '[]'; end if;

  select jsonb_agg(jsonb_build_object('id', h->>'ledger', 'kind', case when (h->>'met')::boolean then 'contact.created' else 'contact.updated' end,
      'ref_type', 'contact', 'ref_id', h->>'person', 'ts', h->>'heard_at', 'payload', jsonb_build_object('cw_contact', h->>'id')
        || case when (h->>'met')::boolean then '{}' else jsonb_build_object('changed', h->'changed') end))
    into ledger from jsonb_array_elements(heard) h;
  return ledger;
end $$;
comment on function inbox.put_contacts(jsonb) is 'Mirrors contacts, newest description first; one new person per new contact.';
revoke execute on function inbox.put_contacts(jsonb) from public;
grant execute on function inbox.put_contacts(jsonb) to omneuro_app;
