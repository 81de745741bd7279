-- Who has the same address: linked by the rule where nothing is left to guess, proposed to a colleague everywhere else. Never
-- while something is taken in. Linked is what
--   · exactly one other living person has, and
--   · both records stand behind: one writes from it, so that what we answer there reaches nobody else, and the other writes from it
--     too or was given it by a colleague. What somebody typed into a form proves nothing: it may be another's.
--   · nobody has said no to: a merge of the two that was taken apart, a proposal that was dismissed.

-- Does a colleague's no stand between these two persons?
create or replace function people.kept_apart(mine text[], theirs text[]) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select exists (select from people.merge_proposals r where r.project_id = shared.scope() and r.state = 'dismissed'
    and (r.contact_id = any(mine) and r.other_contact_id = any(theirs) or r.contact_id = any(theirs) and r.other_contact_id = any(mine)))
$$;
comment on function people.kept_apart(text[], text[]) is 'Whether a colleague has said that these are two persons.';
revoke execute on function people.kept_apart(text[], text[]) from public;
grant execute on function people.kept_apart(text[], text[]) to omneuro_app;

-- The other persons that have this point's address, each with whether the rule may link: [{id, proven}], by the record that speaks.
create or replace function people.others_at(t people.contact_points) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off
  as $$ begin
  return (
  with held as (
    select people.speaker_of(x.contact_id) as id, x.proof from people.contact_points x
      where x.project_id = t.project_id and x.kind = t.kind and x.value_norm = t.value_norm and x.contact_id <> t.contact_id
      order by x.id limit 200)
  select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'proven', o.proven) order by o.id), '[]') from (
    select h.id, bool_or(t.proof = 'channel' and h.proof <> 'told' or t.proof = 'office' and h.proof = 'channel') as proven
      from held h join people.contacts c on c.project_id = t.project_id and c.id = h.id and c.erased_at is null
      where h.id is distinct from people.speaker_of(t.contact_id) group by h.id limit 20) o);
end $$;
comment on function people.others_at(people.contact_points) is 'The other living persons that have the same address.';
revoke execute on function people.others_at(people.contact_points) from public;
grant execute on function people.others_at(people.contact_points) to omneuro_app;

-- Which of two records speaks for both: one that a colleague made, one with a name, the older one.
create or replace function people.first_of(one text, other text) returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select c.id from people.contacts c where c.project_id = shared.scope() and c.id in (one, other)
  order by c.origin = 'office' desc, c.name is not null desc, c.created_at, c.id limit 1
$$;
comment on function people.first_of(text, text) is 'Which of two records is to speak for both.';
revoke execute on function people.first_of(text, text) from public;
grant execute on function people.first_of(text, text) to omneuro_app;

-- One address of one record; the caller holds merges. Returns linked | proposed | alone.
create or replace function people.judge_point(t people.contact_points, seed text) returns text
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := t.project_id;
  at constant timestamptz := shared.clock();
  me constant text := people.speaker_of(t.contact_id);
  others constant jsonb := people.others_at(t);
  it text; into_one text; refs text[]; made int := 0; o jsonb; met boolean := false;
begin
  if not exists (select from people.contacts c where c.project_id = p and c.id = me and c.erased_at is null) then return 'alone'; end if;
  if jsonb_array_length(others) = 1 and (others->0->>'proven')::boolean
      and not people.kept_apart(people.same_person(array[me]), people.same_person(array[others->0->>'id'])) then
    it := others->0->>'id';
    into_one := people.first_of(me, it);
    -- What both have written or had written to them: the words that the person is known by.
    refs := array(select e.id from shared.evidence_items e where e.project_id = p and e.contact_id in (me, it, t.contact_id) and e.withdrawn_at is null
      order by e.occurred_at desc, e.id limit 2);
    perform people.merge(jsonb_build_object('id', shared.made_id('mrg', seed), 'from', case when into_one = me then it else me end, 'into', into_one,
      'reason', 'same_address', 'evidence', to_jsonb(refs), 'event', shared.made_id('evt', seed), 'points', (select jsonb_agg(x.id order by x.id)
        from people.contact_points x where x.project_id = p and x.kind = t.kind and x.value_norm = t.value_norm
          and x.contact_id = any(people.same_person(array[me, it])))));
    insert into shared.audit_events (project_id, id, actor, action, ref_type, ref_id, evidence_refs, payload, request_id)
      values (p, shared.made_id('aud', seed), current_setting('app.actor'), 'people.contact.merged', 'contact', case when into_one = me then it else me end, refs,
        jsonb_build_object('into', into_one, 'reason', 'same_address', 'point', t.id), current_setting('app.request_id'));
    return 'linked';
  end if;
  for o in select value from jsonb_array_elements(others) loop
    continue when people.kept_apart(people.same_person(array[me]), people.same_person(array[o->>'id']));
    insert into people.merge_proposals (project_id, id, contact_id, other_contact_id, kind, why)
      values (p, shared.made_id('mpr', seed || (o->>'id')), least(me, o->>'id'), greatest(me, o->>'id'), t.kind,
        case when jsonb_array_length(others) > 1 then 'several' else 'unproven' end)
      on conflict do nothing;
    get diagnostics made = row_count;
    continue when made = 0;
    met := true;
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', seed || (o->>'id')), 'kind', 'contact.merge_proposed',
      'ref_type', 'contact', 'ref_id', me, 'ts', at, 'payload', jsonb_build_object('other', o->>'id', 'by', t.kind))));
  end loop;
  return case when met then 'proposed' else 'alone' end;
end $$;
comment on function people.judge_point(people.contact_points, text) is 'Links or proposes whoever has the same address as this record.';
revoke execute on function people.judge_point(people.contact_points, text) from public;
grant execute on function people.judge_point(people.contact_points, text) to omneuro_app;

-- Addresses that were not looked at yet, the oldest first. Returns {judged, linked, proposed, more}.
create or replace function people.link(seed text, most int) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  waiting text[]; t people.contact_points; became text; linked int := 0; proposed int := 0;
begin
  -- First of all: whoever relies on the wake-up taken here is seen below.
  update shared.outbox o set state = 'done', updated_at = at where o.project_id = p and o.kind = 'people.link' and o.state = 'pending';
  perform people.hold_merges();
  waiting := array(select x.id from people.contact_points x where x.project_id = p and x.judged_at is null order by x.id limit most);
  for t in select x.* from people.contact_points x where x.project_id = p and x.id = any(waiting)
      and exists (select from people.contact_points o where o.project_id = p and o.kind = x.kind and o.value_norm = x.value_norm
        and o.contact_id <> x.contact_id) order by x.id loop
    became := people.judge_point(t, concat_ws(':', p, seed, t.id));
    linked := linked + (became = 'linked')::int;
    proposed := proposed + (became = 'proposed')::int;
  end loop;
  update people.contact_points x set judged_at = at where x.project_id = p and x.id = any(waiting);
  return jsonb_build_object('judged', cardinality(waiting), 'linked', linked, 'proposed', proposed, 'more', cardinality(waiting) = most);
end $$;
comment on function people.link(text, int) is 'Looks for whoever has the same addresses, and links or proposes them.';
revoke execute on function people.link(text, int) from public;
grant execute on function people.link(text, int) to omneuro_app;

-- Asks for that, where an address was taken in that somebody has already; the sweep publishes it. One row is pending for a project.
create or replace function people.ask_link(contacts text[]) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  shared_one text;
begin
  select concat_ws(':', x.id, x.version) into shared_one from people.contact_points x cross join lateral (select from people.contact_points o
      where o.project_id = p and o.kind = x.kind and o.value_norm = x.value_norm and o.contact_id <> x.contact_id limit 1) other
    where x.project_id = p and x.contact_id = any(contacts) and x.judged_at is null limit 1;
  if shared_one is null then return; end if;
  insert into shared.outbox (project_id, id, kind, dedupe_key)
    values (p, shared.made_id('obx', concat_ws(':', p, 'people.link', shared_one)), 'people.link', 'people.link')
    on conflict do nothing;
end $$;
comment on function people.ask_link(text[]) is 'Asks for linking where these records have an address in common with others.';
revoke execute on function people.ask_link(text[]) from public;
grant execute on function people.ask_link(text[]) to omneuro_app;

-- The channel that a record is written from stands behind its address from now on. proven: [{person, kind}].
create or replace function people.prove(proven jsonb) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
begin
  update people.contact_points x set proof = 'channel', judged_at = null, updated_at = shared.clock(), version = x.version + 1
    from (select distinct r.person, r.kind from jsonb_to_recordset(proven) r (person text, kind text)) r
    where x.project_id = shared.scope() and x.contact_id = r.person and x.kind = r.kind and x.proof <> 'channel';
  if found then perform people.ask_link(array(select distinct e->>'person' from jsonb_array_elements(proven) e)); end if;
end $$;
comment on function people.prove(jsonb) is 'Marks addresses that a record is written from.';
revoke execute on function people.prove(jsonb) from public;
grant execute on function people.prove(jsonb) to omneuro_app;
