-- The addresses at which these persons are known on a channel, as keyed hashes.
create or replace function outbound.addresses_of(contacts text[], channel text) returns text[]
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$ begin
  return array(select outbound.recipient_hash(addresses_of.channel, t.value_norm) from people.contact_points t
    where t.project_id = shared.scope() and t.contact_id = any(contacts)
      and t.kind = case addresses_of.channel when 'sms' then 'phone' when 'email' then 'email' when 'telegram' then 'telegram' end
    order by 1);
end $$;
comment on function outbound.addresses_of(text[], text) is 'Keyed hashes of the addresses of these persons on a channel.';
revoke execute on function outbound.addresses_of(text[], text) from public;
grant execute on function outbound.addresses_of(text[], text) to omneuro_app;

-- Did the person say otherwise after this moment? A word heard late (an import, a webhook that comes again) is not newer for it.
create or replace function outbound.said_otherwise(o jsonb, who text[], hashes text[]) returns boolean
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  said_at constant timestamptz := (o->>'occurred_at')::timestamptz;
begin
  return said_at is not null and (
    exists (select from outbound.contact_channel_policies c where c.project_id = p and c.contact_id = any(who) and c.channel = o->>'channel'
      and c.brand in ('', coalesce(o->>'brand', '')) and c.cleared_at >= said_at)
    or exists (select from outbound.suppressions s where s.project_id = p and s.channel = o->>'channel' and s.recipient_hash = any(hashes)
      and s.brand in ('', coalesce(o->>'brand', '')) and s.lifted_at >= said_at)
    or exists (select from people.consents e where e.project_id = p and e.contact_id = any(who) and e.channel = o->>'channel'
      and e.scope in ('marketing', 'transactional') and e.granted and e.occurred_at > said_at));
end $$;
comment on function outbound.said_otherwise(jsonb, text[], text[]) is 'Whether something newer than this word allows writing again.';
revoke execute on function outbound.said_otherwise(jsonb, text[], text[]) from public;
grant execute on function outbound.said_otherwise(jsonb, text[], text[]) to omneuro_app;

-- A person, or whoever has this address, is not written to any more: at once, with everything that waits. The same for a keyword, a
-- link, a provider's word and an operator. o: {channel, brand ('' or none: every one), contacts: [ids], addresses: [hashes], by, evidence,
-- occurred_at, seed (or ids: [first of it]): ids are made of it}. Returns {changed, policies, blocked: [message ids]}.
create or replace function outbound.opt_out(o jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  said_at constant timestamptz := coalesce((o->>'occurred_at')::timestamptz, at);
  seed constant text := concat_ws(':', p, coalesce(o->>'seed', o->'ids'->>0), o->>'channel');
  -- A keyword is taken back by a keyword, and a provider only repeats it; what else was decided is not softened by that.
  firm constant boolean := o->>'by' in ('link', 'complaint', 'operator');
  who text[] := people.same_person(array(select jsonb_array_elements_text(o->'contacts')));
  hashes text[] := array(select jsonb_array_elements_text(o->'addresses'));
  changed text[]; shut int; blocked text[]; ledger jsonb;
begin
  if firm then hashes := array(select distinct h from unnest(hashes || outbound.addresses_of(who, o->>'channel')) h order by 1); end if;
  perform outbound.hold_policy(o->>'channel', who, hashes);
  if o->>'by' = 'keyword' and outbound.said_otherwise(o, who, hashes) then return '{"changed": false, "policies": 0, "blocked": []}'; end if;

  with put as (
    insert into outbound.contact_channel_policies as c (project_id, id, contact_id, channel, brand, opted_out_at, opted_out_by, evidence_id)
      select p, shared.made_id('pol', seed || w.id), w.id, o->>'channel', coalesce(o->>'brand', ''), said_at, o->>'by', o->>'evidence'
      from unnest(who) w (id) order by w.id
      on conflict on constraint one_policy do update set opted_out_at = coalesce(c.opted_out_at, excluded.opted_out_at),
        opted_out_by = excluded.opted_out_by, evidence_id = coalesce(excluded.evidence_id, c.evidence_id),
        held_at = null, held_evidence_id = null, updated_at = at, version = c.version + 1
        where c.opted_out_at is null or (c.opted_out_by in ('keyword', 'provider') and firm)
      returning c.contact_id)
  select array_agg(u.contact_id order by u.contact_id) into changed from put u;

  insert into outbound.suppressions as s (project_id, id, channel, brand, recipient_hash, reason, evidence_id, suppressed_at)
    select p, shared.made_id('sup', seed || h.hash), o->>'channel', coalesce(o->>'brand', ''), h.hash, o->>'by', o->>'evidence', said_at
    from unnest(hashes) h (hash) order by h.hash
    on conflict on constraint one_suppression do update set lifted_at = null, reason = excluded.reason, suppressed_at = excluded.suppressed_at,
      evidence_id = coalesce(excluded.evidence_id, s.evidence_id), version = s.version + 1
      where s.lifted_at is not null or (s.reason in ('keyword', 'provider') and firm);
  get diagnostics shut = row_count;

  insert into people.consents (project_id, id, contact_id, channel, scope, granted, source, proof_ref, occurred_at)
    select p, shared.made_id('cns', seed || w.id), w.id, o->>'channel', 'marketing', false, o->>'by', o->>'evidence', said_at
    from unnest(changed) w (id);

  with gone as (
    update outbound.messages m set state = 'blocked_opt_out', code = 'opt_out', reserved_at = null, updated_at = at, version = m.version + 1
      where m.project_id = p and m.channel = o->>'channel' and coalesce(o->>'brand', '') in ('', m.brand)
        and (m.contact_id = any(who) or m.recipient_hash = any(hashes)) and m.state in ('draft', 'pending', 'approved', 'queued')
        -- The one text that confirms the opt-out is judged when it is to leave.
        and m.purpose is distinct from 'stop_confirmation'
      returning m.id)
  select array_agg(g.id order by g.id) into blocked from gone g;

  select jsonb_agg(e.row) into ledger from (
    select jsonb_build_object('id', shared.made_id('evt', seed || w.id), 'kind', 'outbound.opted_out', 'ref_type', 'contact', 'ref_id', w.id, 'ts', at,
        'payload', jsonb_strip_nulls(jsonb_build_object('channel', o->>'channel', 'by', o->>'by', 'evidence', o->>'evidence',
          'blocked', coalesce(cardinality(blocked), 0)))) as row
      from unnest(changed) w (id)
    union all
    select jsonb_build_object('id', shared.made_id('evt', seed || b.id), 'kind', 'outbound.message.stopped', 'ref_type', 'outbound_message', 'ref_id', b.id,
        'ts', at, 'payload', jsonb_strip_nulls(jsonb_build_object('state', 'blocked_opt_out', 'code', 'opt_out', 'evidence', o->>'evidence')))
      from unnest(blocked) b (id)) e;
  if ledger is not null then perform shared.record_events(ledger); end if;
  return jsonb_build_object('changed', changed is not null or shut > 0, 'policies', coalesce(cardinality(changed), 0),
    'blocked', to_jsonb(coalesce(blocked, '{}')));
end $$;
comment on function outbound.opt_out(jsonb) is 'Opts persons and addresses out of a channel and blocks what waits for them, in one transaction with whatever said so.';
revoke execute on function outbound.opt_out(jsonb) from public;
grant execute on function outbound.opt_out(jsonb) to omneuro_app;
