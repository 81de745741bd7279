-- A person, or whoever has this address, is not written to any more: at once, with everything that waits. The same for a keyword, a
-- link, a provider's word and an operator. o: {channel, brand, contacts: [ids], addresses: [hashes], by, evidence, ids: [enough ids
-- for policies, suppressions, consents and events], occurred_at}. Returns {policies, blocked: [message ids]}.
create or replace function outbound.opt_out(o jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  who constant text[] := array(select jsonb_array_elements_text(o->'contacts') order by 1);
  hashes constant text[] := array(select jsonb_array_elements_text(o->'addresses') order by 1);
  said_at constant timestamptz := coalesce((o->>'occurred_at')::timestamptz, at);
  blocked text[]; ledger jsonb; used int := 0;
begin
  perform outbound.hold_policy(o->>'channel', who, hashes);

  insert into outbound.contact_channel_policies as c (project_id, id, contact_id, channel, brand, opted_out_at, opted_out_by, evidence_id)
    select p, o->'ids'->>(w.n::int - 1), w.id, o->>'channel', coalesce(o->>'brand', ''), said_at, o->>'by', o->>'evidence'
    from unnest(who) with ordinality w (id, n) order by w.id
    on conflict on constraint one_policy do update set opted_out_at = excluded.opted_out_at, opted_out_by = excluded.opted_out_by,
      evidence_id = coalesce(excluded.evidence_id, c.evidence_id), held_at = null, held_evidence_id = null, updated_at = at, version = c.version + 1
      -- What a person decided is not softened by a later word: a keyword could be taken back by another.
      where c.opted_out_at is null;
  used := cardinality(who);

  insert into outbound.suppressions as s (project_id, id, channel, brand, recipient_hash, reason, evidence_id, suppressed_at)
    select p, o->'ids'->>(used + h.n::int - 1), o->>'channel', coalesce(o->>'brand', ''), h.hash, o->>'by', o->>'evidence', said_at
    from unnest(hashes) with ordinality h (hash, n) order by h.hash
    on conflict on constraint one_suppression do update set lifted_at = null, reason = excluded.reason, suppressed_at = excluded.suppressed_at,
      evidence_id = coalesce(excluded.evidence_id, s.evidence_id), version = s.version + 1
      where s.lifted_at is not null;
  used := used + cardinality(hashes);

  insert into people.consents (project_id, id, contact_id, channel, scope, granted, proof_ref, occurred_at)
    select p, o->'ids'->>(used + w.n::int - 1), w.id, o->>'channel', 'marketing', false, o->>'evidence', said_at
    from unnest(who) with ordinality w (id, n);
  used := used + cardinality(who);

  with gone as (
    update outbound.messages m set state = 'blocked_opt_out', code = 'opt_out', reserved_at = null, updated_at = at, version = m.version + 1
      where m.project_id = p and m.channel = o->>'channel' and coalesce(o->>'brand', '') in ('', m.brand)
        and (m.contact_id = any(who) or m.recipient_hash = any(hashes)) and m.state in ('draft', 'pending', 'approved', 'queued')
        -- The one word that confirms the opt-out may still go.
        and m.answers_to is distinct from coalesce(o->>'evidence', '')
      returning m.id)
  select array_agg(g.id order by g.id) into blocked from gone g;

  select jsonb_agg(jsonb_build_object('id', o->'ids'->>(used + w.n::int - 1), 'kind', 'outbound.opted_out', 'ref_type', 'contact', 'ref_id', w.id, 'ts', at,
      'payload', jsonb_strip_nulls(jsonb_build_object('channel', o->>'channel', 'by', o->>'by', 'evidence', o->>'evidence',
        'blocked', coalesce(cardinality(blocked), 0))))) into ledger
    from unnest(who) with ordinality w (id, n);
  if ledger is not null then perform shared.record_events(ledger); end if;
  return jsonb_build_object('policies', cardinality(who), 'blocked', to_jsonb(coalesce(blocked, '{}')));
end $$;
comment on function outbound.opt_out(jsonb) is 'Opts persons and addresses out of a channel and blocks what waits for them, in one transaction with whatever said so.';
revoke execute on function outbound.opt_out(jsonb) from public;
grant execute on function outbound.opt_out(jsonb) to omneuro_app;
