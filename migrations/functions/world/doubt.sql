-- A fact was superseded or ended: messages that cite it and have not left are drafts again, answers that cite it or its evidence are in doubt.
-- What goes on under the same root holds still; a rehearsal's facts concern nobody outside it.
create or replace function world.doubt_fact(fact text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); proofs text[];
begin
  if exists (select from world.facts x where x.project_id = p and x.root_id = fact and x.superseded_at is null
    and (x.valid_to is null or x.valid_to > shared.clock())) then return; end if;
  proofs := array(select x.evidence_id from world.facts x where x.project_id = p and x.root_id = fact and x.evidence_id is not null
    union select e.id from shared.evidence_items e where e.project_id = p and e.source_table = 'world.facts' and e.source_pk = fact);
  perform world.return_drafts(array[fact], 'cited_fact_changed', 'infinity');
  if cardinality(proofs) > 0 then
    perform memory.doubt_answers((select jsonb_agg(jsonb_build_object('id', q, 'reason', 'cited_fact_superseded')) from unnest(proofs) q));
  end if;
end $$;
comment on function world.doubt_fact(text) is 'Marks what cites a fact that does not hold any more.';
revoke execute on function world.doubt_fact(text) from public;
grant execute on function world.doubt_fact(text) to omneuro_app;

-- One line of the ledger each; who wrote or approved it since then has read what it cites as it is. A member's own messages are his planner's affair.
create or replace function world.return_drafts(refs text[], why text, before timestamptz) returns int
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); at constant timestamptz := shared.clock(); ledger jsonb;
begin
  with held as (
    select m.id, m.state as was from outbound.messages m where m.project_id = p and m.evidence_refs && refs
      and m.state in ('draft', 'pending', 'approved', 'queued') and m.for_user_id is null and m.updated_at < before
      and (m.state <> 'draft' or m.code is distinct from why)
    order by m.id for update of m
  ), back as (
    update outbound.messages m set state = 'draft', code = why, seal = null, approved_by = null, approved_at = null, policy = null, reserved_at = null,
        updated_at = at, version = m.version + 1
      from held h where m.project_id = p and m.id = h.id returning m.id, h.was, m.version)
  select jsonb_agg(jsonb_build_object('id', shared.made_id('evt', concat_ws(':', b.id, b.version, why)), 'kind', 'outbound.message.needs_review',
      'ref_type', 'outbound_message', 'ref_id', b.id, 'ts', at, 'payload', jsonb_build_object('was', b.was, 'code', why)) order by b.id)
    into ledger from back b;
  if ledger is null then return 0; end if;
  perform shared.record_events(ledger);
  return jsonb_array_length(ledger);
end $$;
comment on function world.return_drafts(text[], text, timestamptz) is 'Messages that cite any of these and have not left are drafts again, with the reason.';
revoke execute on function world.return_drafts(text[], text, timestamptz) from public;
grant execute on function world.return_drafts(text[], text, timestamptz) to omneuro_app;

create or replace function world.doubt_dependents() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if new.scope = 'global' then perform world.doubt_fact(new.root_id); end if;
  return null;
end $$;
comment on function world.doubt_dependents() is 'Trigger: what cites a fact that is no longer true needs a look.';

-- Evidence that was edited or withdrawn in the last two days: facts, promises and messages that cite it in another version.
create or replace function world.doubt_evidence(most int) returns int
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); at constant timestamptz := shared.clock(); e shared.evidence_items; why text; n int := 0;
begin
  for e in select x.* from shared.evidence_items x where x.project_id = p and x.version > 1 and x.updated_at > at - interval '2 days'
    order by x.updated_at desc limit most
  loop
    why := case when e.withdrawn_at is null then 'evidence_edited' else 'evidence_withdrawn' end;
    update world.facts f set stale_at = at, stale_reason = why where f.project_id = p and f.evidence_id = e.id and f.evidence_version < e.version
      and f.superseded_at is null and f.session_id is null and f.stale_reason is distinct from why;
    update world.commitments c set stale_at = at, stale_reason = why, updated_at = at, version = c.version + 1 where c.project_id = p and c.evidence_id = e.id
      and c.evidence_version < e.version and c.stale_reason is distinct from why;
    n := n + world.return_drafts(array[e.id], case when e.withdrawn_at is null then 'cited_evidence_changed' else 'cited_evidence_gone' end, e.updated_at);
  end loop;
  return n;
end $$;
comment on function world.doubt_evidence(int) is 'Marks what cites evidence that is another by now; returns how many messages went back to their writers.';
revoke execute on function world.doubt_evidence(int) from public;
grant execute on function world.doubt_evidence(int) to omneuro_app;
