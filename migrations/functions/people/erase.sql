-- A person is erased with all records that were declared to be him. From here on nobody writes to him.
create or replace function people.begin_erasure() returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  who constant text[] := people.same_person(array(select shared.doomed('person')));
begin
  perform shared.erase_ids('person', who);
  update people.contacts c set erased_at = shared.clock(), updated_at = shared.clock(), version = c.version + 1
    where c.project_id = p and c.id = any(who) and c.erased_at is null;
  update people.merge_proposals r set state = 'dismissed', decided_by = current_setting('app.actor'), decided_at = shared.clock(), updated_at = shared.clock(), version = r.version + 1
    where r.project_id = p and r.state = 'open' and (r.contact_id = any(who) or r.other_contact_id = any(who));
  if shared.is_first_step() and who <> '{}' then
    perform shared.seek(array(select x.value from people.contact_points x where x.project_id = p and x.contact_id = any(who)
        union select x.value_norm from people.contact_points x where x.project_id = p and x.contact_id = any(who)),
      array(select c.name from people.contacts c where c.project_id = p and c.id = any(who) and c.name is not null));
  end if;
end $$;
comment on function people.begin_erasure() is 'What of a running erasure''s subject are records of a person.';
revoke execute on function people.begin_erasure() from public;
grant execute on function people.begin_erasure() to omneuro_app;
