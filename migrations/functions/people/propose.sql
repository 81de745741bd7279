-- A proposal as it is shown: both persons as they are now, and the addresses that they have in common.
create or replace function people.proposal(r people.merge_proposals) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$ begin
  return (
  select jsonb_build_object('id', r.id, 'kind', r.kind, 'why', r.why, 'state', r.state, 'decided_by', r.decided_by, 'decided_at', r.decided_at,
    'created_at', r.created_at, 'version', r.version,
    'people', (select coalesce(jsonb_agg(people.card(c) order by c.created_at, c.id), '[]') from people.contacts c where c.project_id = r.project_id
      and c.id in (people.speaker_of(r.contact_id), people.speaker_of(r.other_contact_id))),
    'common', (select coalesce(jsonb_agg(distinct x.value_norm), '[]') from people.contact_points x join people.contact_points y
        on y.project_id = x.project_id and y.kind = x.kind and y.value_norm = x.value_norm and y.contact_id = any(people.ids_of(r.other_contact_id))
      where x.project_id = r.project_id and x.contact_id = any(people.ids_of(r.contact_id)) and r.why <> 'taken_apart')));
end $$;
comment on function people.proposal(people.merge_proposals) is 'A proposal with both persons, as JSON.';
revoke execute on function people.proposal(people.merge_proposals) from public;
grant execute on function people.proposal(people.merge_proposals) to omneuro_app;

-- A colleague's decision. d: {id, version, decision: accept | dismiss, into: who speaks for both, else the rule's choice, merge, event, note}.
create or replace function people.decide_proposal(d jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  r people.merge_proposals; one text; other text; speaks text;
begin
  perform people.hold_merges();
  select x.* into r from people.merge_proposals x where x.project_id = p and x.id = d->>'id' for update;
  if r.id is null then perform shared.fail('not_found', 'proposal_unknown'); end if;
  if r.state <> 'open' then perform shared.fail('conflict', 'proposal_decided', jsonb_build_object('state', r.state,
    'detail', 'Somebody has decided this one.')); end if;
  if r.version <> (d->>'version')::int then perform shared.fail('stale', 'proposal_changed', jsonb_build_object('version', r.version,
    'detail', 'Read it again: it has changed.')); end if;

  if d->>'decision' = 'accept' then
    one := people.speaker_of(r.contact_id);
    other := people.speaker_of(r.other_contact_id);
    speaks := coalesce(d->>'into', people.first_of(one, other));
    if speaks not in (one, other) then perform shared.fail('unprocessable', 'proposal_not_about',
      jsonb_build_object('detail', 'Only one of the two records can speak for both.')); end if;
    perform people.merge(jsonb_build_object('id', d->>'merge', 'from', case when speaks = one then other else one end, 'into', speaks, 'reason', 'proposal',
      'note', d->>'note', 'event', d->>'event', 'points', (select jsonb_agg(distinct x.id) from people.contact_points x
        join people.contact_points y on y.project_id = p and y.kind = x.kind and y.value_norm = x.value_norm and y.contact_id = any(people.ids_of(other))
        where x.project_id = p and x.contact_id = any(people.ids_of(one)))));
  else
    update people.merge_proposals x set state = 'dismissed', decided_by = current_setting('app.actor'), decided_at = at, updated_at = at, version = x.version + 1
      where x.project_id = p and x.id = r.id;
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', d->>'event', 'kind', 'contact.merge_dismissed', 'ref_type', 'contact',
      'ref_id', r.contact_id, 'ts', at, 'payload', jsonb_build_object('other', r.other_contact_id))));
  end if;
  return (select people.proposal(x) from people.merge_proposals x where x.project_id = p and x.id = r.id);
end $$;
comment on function people.decide_proposal(jsonb) is 'Merges the two records of a proposal, or keeps them apart from now on.';
revoke execute on function people.decide_proposal(jsonb) from public;
grant execute on function people.decide_proposal(jsonb) to omneuro_app;
