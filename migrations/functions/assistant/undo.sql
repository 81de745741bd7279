-- A capture taken back: what it made is put away, what it changed is as before, its links are gone. What somebody has changed
-- since is left as it is, and told. Null for a capture that is not there.
create or replace function assistant.undo(of_capture text) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); person constant uuid := assistant.me();
  held assistant.captures; c record; now_at int; undone jsonb := '[]'; kept jsonb := '[]'; told jsonb;
begin
  perform assistant.lock_person(p, person);
  select x.* into held from assistant.captures x where x.project_id = p and x.user_id = person and x.id = of_capture for update;
  if held.id is null then return null; end if;
  if held.undone_at is not null then perform shared.fail('conflict', 'already_undone'); end if;
  if held.removed_at is not null then perform shared.fail('conflict', 'capture_too_old'); end if;
  for c in
    select r.ref_type, r.ref_id, max(r.version) as version, bool_or(r.op = 'created') as made,
      (array_agg(r.before order by r.position))[1] as before, max(r.position) as position
    from assistant.capture_changes r where r.project_id = p and r.capture_id = of_capture
    group by r.ref_type, r.ref_id order by max(r.position) desc
  loop
    if c.ref_type = 'link' then
      delete from assistant.entity_links l where l.project_id = p and l.user_id = person and l.id = c.ref_id;
      if found then undone := undone || jsonb_build_object('entity_type', 'link', 'entity_id', c.ref_id, 'title', null); end if;
      continue;
    end if;
    select x.version, jsonb_build_object('entity_type', x.entity_type, 'entity_id', x.id, 'title', x.title) into now_at, told
      from assistant.things x where x.project_id = p and x.user_id = person and x.id = c.ref_id;
    continue when not found;
    if now_at is distinct from c.version then
      kept := kept || (told || jsonb_build_object('reason', 'changed_since'));
    elsif c.made and exists (select from assistant.entity_links l where l.project_id = p and l.user_id = person
        and c.ref_id in (l.from_entity_id, l.to_entity_id)) then
      -- Its own links are gone by now: somebody has linked it since.
      kept := kept || (told || jsonb_build_object('reason', 'linked_since'));
    else
      perform assistant.set_thing(c.ref_type, c.ref_id, case when c.made then '{"status":"archived"}' else c.before - 'version' end);
      undone := undone || told;
    end if;
  end loop;
  update assistant.captures x set undone_at = shared.clock() where x.project_id = p and x.id = of_capture;
  update assistant.questions q set answered_at = shared.clock() where q.project_id = p and q.capture_id = of_capture and q.answered_at is null;
  return jsonb_build_object('id', of_capture, 'undone', undone, 'kept', kept);
end $$;
comment on function assistant.undo(text) is 'Takes back what one message changed, as far as nobody has gone on from it.';
revoke execute on function assistant.undo(text) from public;
grant execute on function assistant.undo(text) to omneuro_app;
