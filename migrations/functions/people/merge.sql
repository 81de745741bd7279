-- Two records are one person: a pointer from one to the other, so that taking it away restores both. One change of pointers
-- in a project after the other, or two of them could close a ring that neither sees.
create or replace function people.hold_merges() returns void
  language sql volatile
  set search_path = pg_catalog, pg_temp
  as $$ select pg_advisory_xact_lock(8, hashtext(shared.scope()::text)) $$;
comment on function people.hold_merges() is 'Waits for whoever merges or takes apart in this project.';
revoke execute on function people.hold_merges() from public;
grant execute on function people.hold_merges() to omneuro_app;

-- The record that speaks for this one: itself where it was merged into none. Null for an unknown one.
create or replace function people.speaker_of(contact text) returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare top text;
begin
  with recursive up as (
    select c.id, c.merged_into from people.contacts c where c.project_id = shared.scope() and c.id = contact
    union
    select c.id, c.merged_into from up join people.contacts c on c.project_id = shared.scope() and c.id = up.merged_into)
  select u.id into top from up u where u.merged_into is null;
  return top;
end $$;
comment on function people.speaker_of(text) is 'The record that speaks for a person''s record.';
revoke execute on function people.speaker_of(text) from public;
grant execute on function people.speaker_of(text) to omneuro_app;

-- m: {id, from, into, version: of `from` as somebody read it, reason, note, evidence, points, event}. `from` must speak for itself; everything that was merged
-- into it comes along. Returns the record that now points on.
create or replace function people.merge(m jsonb) returns people.contacts
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  one people.contacts; other people.contacts; theirs text[];
begin
  perform people.hold_merges();
  select c.* into one from people.contacts c where c.project_id = p and c.id = m->>'from' for update;
  select c.* into other from people.contacts c where c.project_id = p and c.id = m->>'into' for update;
  if one.id is null or other.id is null then perform shared.fail('not_found', 'contact_unknown'); end if;
  if one.erased_at is not null or other.erased_at is not null then perform shared.fail('conflict', 'person_erased'); end if;
  theirs := people.same_person(array[other.id]);
  if one.id = any(theirs) then perform shared.fail('conflict', 'same_person',
    jsonb_build_object('detail', 'These two records are one person already.')); end if;
  if one.merged_into is not null then perform shared.fail('conflict', 'contact_merged', jsonb_build_object('speaker', people.speaker_of(one.id),
    'detail', 'Another record speaks for this one: merge that one, or take this one out first.')); end if;
  if one.version <> (m->>'version')::int then perform shared.fail('stale', 'contact_changed', jsonb_build_object('version', one.version,
    'detail', 'Read it again: it has changed.')); end if;

  update people.contacts c set merged_into = other.id, updated_at = at, version = c.version + 1
    where c.project_id = p and c.id = one.id returning c.* into one;
  insert into people.merges (project_id, id, from_contact_id, into_contact_id, actor, reason, note, evidence_refs, points)
    values (p, m->>'id', one.id, other.id, current_setting('app.actor'), m->>'reason', m->>'note',
      array(select jsonb_array_elements_text(m->'evidence')), array(select jsonb_array_elements_text(m->'points')));
  -- Whoever asked whether any of these are one is answered.
  theirs := theirs || people.same_person(array[one.id]);
  update people.merge_proposals r set state = 'accepted', merge_id = m->>'id', decided_by = current_setting('app.actor'), decided_at = at,
      updated_at = at, version = r.version + 1
    where r.project_id = p and r.state = 'open' and r.contact_id = any(theirs) and r.other_contact_id = any(theirs);
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', m->>'event', 'kind', 'contact.merged', 'ref_type', 'contact', 'ref_id', one.id,
    'ts', at, 'payload', jsonb_build_object('into', other.id, 'merge', m->>'id', 'reason', m->>'reason'))));
  return one;
end $$;
comment on function people.merge(jsonb) is 'Points one record at another that speaks for both from now on; refuses what would close a ring.';
revoke execute on function people.merge(jsonb) from public;
grant execute on function people.merge(jsonb) to omneuro_app;

-- Takes a record out of the one it points at, with all that was merged into it; nothing else moves. The rule does not put the
-- two together again. m: {contact, version, note, event, proposal}.
create or replace function people.unmerge(m jsonb) returns people.contacts
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  one people.contacts; was text; undone text; mine text[]; theirs text[];
begin
  perform people.hold_merges();
  select c.* into one from people.contacts c where c.project_id = p and c.id = m->>'contact' for update;
  if one.id is null then perform shared.fail('not_found', 'contact_unknown'); end if;
  if one.merged_into is null then perform shared.fail('conflict', 'contact_not_merged',
    jsonb_build_object('detail', 'This record speaks for itself.')); end if;
  if one.version <> (m->>'version')::int then perform shared.fail('stale', 'contact_changed', jsonb_build_object('version', one.version,
    'detail', 'Read it again: it has changed.')); end if;

  was := one.merged_into;
  update people.contacts c set merged_into = null, updated_at = at, version = c.version + 1
    where c.project_id = p and c.id = one.id returning c.* into one;
  update people.merges x set undone_at = at, undone_by = current_setting('app.actor'), undone_note = m->>'note', updated_at = at, version = x.version + 1
    where x.project_id = p and x.from_contact_id = one.id and x.undone_at is null returning x.id into undone;
  mine := people.same_person(array[one.id]);
  theirs := people.same_person(array[was]);
  update people.merge_proposals r set state = 'dismissed', decided_by = current_setting('app.actor'), decided_at = at, updated_at = at, version = r.version + 1
    where r.project_id = p and r.state <> 'dismissed'
      and (r.contact_id = any(mine) and r.other_contact_id = any(theirs) or r.contact_id = any(theirs) and r.other_contact_id = any(mine));
  insert into people.merge_proposals as r (project_id, id, contact_id, other_contact_id, kind, why, state, merge_id, decided_by, decided_at)
    values (p, m->>'proposal', least(one.id, was), greatest(one.id, was), 'phone', 'taken_apart', 'dismissed', undone, current_setting('app.actor'), at)
    on conflict do nothing;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', m->>'event', 'kind', 'contact.unmerged', 'ref_type', 'contact', 'ref_id', one.id,
    'ts', at, 'payload', jsonb_strip_nulls(jsonb_build_object('from', was, 'merge', undone)))));
  return one;
end $$;
comment on function people.unmerge(jsonb) is 'Takes a record out of the person it was merged into.';
revoke execute on function people.unmerge(jsonb) from public;
grant execute on function people.unmerge(jsonb) to omneuro_app;
