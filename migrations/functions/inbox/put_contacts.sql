-- Contacts as the newest delivery describes them, and the persons behind new ones; the caller holds their locks. Chatwoot
-- gives a contact no version, so the send time orders; it advances even when nothing changed, or a late older snapshot would
-- undo what was confirmed. Returns ledger rows.
create or replace function inbox.put_contacts(told jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  a constant uuid := nullif(current_setting('app.account_scope_id', true), '')::uuid;
  heard jsonb; same int;
begin
  -- Nearly always: one event, and nothing new about anybody in it.
  if jsonb_array_length(told) = 1 then
    update inbox.cw_contacts t set heard_at = s.heard_at
      -- The limit tells the planner that these are few: it takes them for a hundred and would rather read all contacts.
      from (select * from jsonb_to_recordset(told->0->'contacts') c (id text, heard_at timestamptz, language text, data jsonb) limit 5) s
      where t.project_id = p and t.id = s.id and t.heard_at < s.heard_at and t.data = t.data || s.data
        and (s.language is null or (select c.language from people.contacts c where c.project_id = p and c.id = t.person_id) is not null);
    get diagnostics same = row_count;
    if same = jsonb_array_length(told->0->'contacts') then return '[]'; end if;
  end if;

  with said as (
    select distinct on (c.id) c.* from jsonb_array_elements(told) e, jsonb_to_recordset(e->'contacts') c (id text, account_id bigint,
      contact_id bigint, person text, ledger text, language text, heard_at timestamptz, data jsonb, points jsonb)
    order by c.id, c.heard_at desc, c.data desc
  ), beside as (
    select s.*, coalesce(t.data || s.data, s.data) as known, t.data as was, t.heard_at as was_heard
    -- Offset 0 keeps this a look-up by key: taken for a hundred, one contact would otherwise be joined with the whole tenant's.
    from said s left join lateral (select * from inbox.cw_contacts c where c.project_id = p and c.id = s.id offset 0) t on true
  ), put as (
    insert into inbox.cw_contacts as t (project_id, account_scope_id, id, account_id, contact_id, person_id, name, email, phone_number,
        identifier, custom_attributes, data, heard_at, updated_at)
    select p, a, b.id, b.account_id, b.contact_id, b.person, b.known->>'name', b.known->>'email', b.known->>'phone_number',
      b.known->>'identifier', coalesce(b.known->'custom_attributes', '{}'), b.known, b.heard_at, shared.clock()
    from beside b
    where b.was is null or b.was_heard < b.heard_at or (b.was_heard = b.heard_at and b.was < b.known)
    order by b.id
    on conflict (project_id, id) do update set name = excluded.name, email = excluded.email, phone_number = excluded.phone_number,
      identifier = excluded.identifier, custom_attributes = excluded.custom_attributes, data = excluded.data,
      deleted_at = null, heard_at = excluded.heard_at, updated_at = case when t.data = excluded.data then t.updated_at else excluded.updated_at end
    returning t.id, t.person_id)
  select jsonb_agg(jsonb_build_object('id', u.id, 'person', u.person_id, 'met', b.was is null, 'name', b.known->>'name',
      'was_name', b.was->>'name', 'language', b.language, 'ledger', b.ledger, 'heard_at', b.heard_at, 'points', b.points,
      'gone', (select coalesce(jsonb_agg(jsonb_build_object('kind', g.kind, 'value', b.was->>g.key)), '[]')
        from (values ('phone', 'phone_number'), ('email', 'email')) g (kind, key) where b.was->>g.key <> coalesce(b.known->>g.key, '')),
      'changed', (select jsonb_agg(o.key order by o.key) from jsonb_object_keys(b.known) o (key) where b.known->o.key is distinct from b.was->o.key)))
    into heard
    from put u join beside b on b.id = u.id 
      left join lateral (select c.language from people.contacts c where c.project_id = p and c.id = u.person_id offset 0) q on true
    where b.was is null or b.was <> b.known or (q.language is null and b.language is not null);
  if heard is null then return '[]'; end if;

  perform people.meet(heard);
  return (select coalesce(jsonb_agg(jsonb_build_object('id', h->>'ledger', 'ref_type', 'contact', 'ref_id', h->>'person', 'ts', h->>'heard_at',
      'kind', case when (h->>'met')::boolean then 'contact.created' else 'contact.updated' end,
      'payload', jsonb_build_object('cw_contact', h->>'id')
        || case when (h->>'met')::boolean then '{}' else jsonb_build_object('changed', h->'changed') end)), '[]')
    from jsonb_array_elements(heard) h where (h->>'met')::boolean or h->'changed' <> 'null');
end $$;
comment on function inbox.put_contacts(jsonb) is 'Mirrors contacts, newest description first; one new person per new contact.';
revoke execute on function inbox.put_contacts(jsonb) from public;
grant execute on function inbox.put_contacts(jsonb) to omneuro_app;
