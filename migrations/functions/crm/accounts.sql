-- Accounts: entered, changed as somebody read them, and who speaks for them.

create or replace function crm.account_card(a crm.accounts) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  select to_jsonb(a) || jsonb_build_object('contacts', coalesce((select jsonb_agg(jsonb_build_object('id', l.contact_id, 'name', c.name, 'role', l.role)
      order by l.created_at, l.contact_id)
    from crm.account_contacts l join people.contacts c on c.project_id = l.project_id and c.id = l.contact_id
    where l.project_id = a.project_id and l.account_id = a.id), '[]'))
$$;
comment on function crm.account_card(crm.accounts) is 'An account with its people.';
revoke execute on function crm.account_card(crm.accounts) from public;
grant execute on function crm.account_card(crm.accounts) to omneuro_app;

-- w: {id, name, registration, note}
create or replace function crm.put_account(w jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare a crm.accounts;
begin
  insert into crm.accounts (project_id, id, name, registration, note)
    values (shared.scope(), w->>'id', w->>'name', w->>'registration', w->>'note') returning * into a;
  return crm.account_card(a);
end $$;
comment on function crm.put_account(jsonb) is 'Enters an account.';
revoke execute on function crm.put_account(jsonb) from public;
grant execute on function crm.put_account(jsonb) to omneuro_app;

-- w: any of {name, registration, note, archived}; what is left out stays.
create or replace function crm.touch_account(wanted text, seen int, w jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); a crm.accounts;
begin
  select x.* into a from crm.accounts x where x.project_id = p and x.id = wanted for update;
  if a.id is null then perform shared.fail('not_found', 'account_unknown'); end if;
  if a.version <> seen then
    perform shared.fail('stale', 'account_changed', jsonb_build_object('version', a.version, 'detail', 'Read it again: it has changed.'));
  end if;
  update crm.accounts x set name = coalesce(w->>'name', x.name), registration = case when w ? 'registration' then w->>'registration' else x.registration end,
      note = case when w ? 'note' then w->>'note' else x.note end,
      archived_at = case when not w ? 'archived' then x.archived_at when (w->>'archived')::boolean then coalesce(x.archived_at, shared.clock()) end,
      updated_at = shared.clock(), version = x.version + 1
    where x.project_id = p and x.id = wanted returning x.* into a;
  return crm.account_card(a);
end $$;
comment on function crm.touch_account(text, int, jsonb) is 'Changes an account, if it is as somebody read it.';
revoke execute on function crm.touch_account(text, int, jsonb) from public;
grant execute on function crm.touch_account(text, int, jsonb) to omneuro_app;

-- `does`: null takes the person off, else what he is there; an empty word says nothing.
create or replace function crm.set_contact(wanted text, contact text, does text) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); a crm.accounts; c people.contacts;
begin
  select x.* into a from crm.accounts x where x.project_id = p and x.id = wanted for update;
  if a.id is null then perform shared.fail('not_found', 'account_unknown'); end if;
  if does is null then
    delete from crm.account_contacts l where l.project_id = p and l.account_id = wanted and l.contact_id = contact;
    if not found then perform shared.fail('not_found', 'contact_unknown'); end if;
  else
    select x.* into c from people.contacts x where x.project_id = p and x.id = contact for no key update;
    if c.id is null then perform shared.fail('not_found', 'contact_unknown'); end if;
    if c.erased_at is not null then perform shared.fail('gone', 'person_erased'); end if;
    insert into crm.account_contacts as l (project_id, account_id, contact_id, role) values (p, wanted, contact, nullif(does, ''))
      on conflict (project_id, account_id, contact_id) do update set role = excluded.role;
  end if;
  update crm.accounts x set updated_at = shared.clock(), version = x.version + 1 where x.project_id = p and x.id = wanted returning x.* into a;
  return crm.account_card(a);
end $$;
comment on function crm.set_contact(text, text, text) is 'Says that somebody speaks for an account, or no longer.';
revoke execute on function crm.set_contact(text, text, text) from public;
grant execute on function crm.set_contact(text, text, text) to omneuro_app;
