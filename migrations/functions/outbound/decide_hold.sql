-- An operator's decision about a wish, for every channel on which it was heard. d: {id: of one of the policies, decision: opt_out | release,
-- reason, seed}. Returns that policy as it is then; nothing when it does not wait for a decision.
create or replace function outbound.decide_hold(d jsonb) returns setof outbound.contact_channel_policies
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  asked outbound.contact_channel_policies; one outbound.contact_channel_policies; evidence text;
begin
  select c.* into asked from outbound.contact_channel_policies c where c.project_id = p and c.id = d->>'id' and c.held_at is not null;
  if not found then return; end if;
  evidence := asked.held_evidence_id;
  for one in select c.* from outbound.contact_channel_policies c where c.project_id = p and c.held_at is not null
      and c.contact_id = any(people.same_person(array[asked.contact_id])) and (c.id = asked.id or c.held_evidence_id = evidence)
      order by c.channel, c.contact_id, c.id loop
    perform outbound.hold_policy(one.channel, array[one.contact_id], '{}');
    if d->>'decision' = 'opt_out' then
      perform outbound.opt_out(jsonb_build_object('channel', one.channel, 'brand', one.brand, 'contacts', jsonb_build_array(one.contact_id),
        'by', 'operator', 'evidence', evidence, 'seed', concat(d->>'seed', one.id)));
    end if;
    -- Whoever else decided meanwhile has let go of it.
    update outbound.contact_channel_policies c set held_at = null, decided_at = at, decided_by = current_setting('app.actor'),
        note = d->>'reason', updated_at = at, version = c.version + 1
      where c.project_id = p and c.id = one.id and (c.held_at is not null or d->>'decision' = 'opt_out');
  end loop;
  return query select c.* from outbound.contact_channel_policies c where c.project_id = p and c.id = asked.id and c.decided_at = at;
end $$;
comment on function outbound.decide_hold(jsonb) is 'Ends a hold: the person is opted out, or marketing goes on.';
revoke execute on function outbound.decide_hold(jsonb) from public;
grant execute on function outbound.decide_hold(jsonb) to omneuro_app;
