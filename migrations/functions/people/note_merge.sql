-- An outside system says that two of its contacts are one: a pointer, so that it can be undone. One that would close a ring is left out.
create or replace function people.note_merge(merge_id text, one text, other text) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope();
begin
  perform people.hold_merges();
  if one = any(people.same_person(array[other])) then return; end if;
  update people.contacts c set merged_into = other, updated_at = shared.clock(), version = c.version + 1
    where c.project_id = p and c.id = one and c.merged_into is null;
  if not found then return; end if;
  insert into people.merges (project_id, id, from_contact_id, into_contact_id, actor)
    values (p, merge_id, one, other, current_setting('app.actor'));
end $$;
comment on function people.note_merge(text, text, text) is 'Points one person''s record at another that speaks for both from now on.';
revoke execute on function people.note_merge(text, text, text) from public;
grant execute on function people.note_merge(text, text, text) to omneuro_app;
