-- Writing is allowed again. A keyword takes back only what a keyword did, an operator (with proof) whatever was said; neither gives a
-- consent to marketing, and what was blocked meanwhile stays so. o: as for opt_out, by: keyword | operator, reason: the words of the proof, kept in
-- the policy, weak: changes nothing but what is opted out. Returns {restored: [contacts]}.
create or replace function outbound.opt_in(o jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  said_at constant timestamptz := coalesce((o->>'occurred_at')::timestamptz, at);
  seed constant text := concat_ws(':', p, o->>'seed', o->>'channel');
  whole constant boolean := o->>'by' = 'operator';
  of_brand constant text := coalesce(o->>'brand', '');
  who text[] := people.same_person(array(select jsonb_array_elements_text(o->'contacts')));
  hashes text[] := array(select jsonb_array_elements_text(o->'addresses'));
  restored text[]; ledger jsonb;
begin
  if whole then hashes := array(select distinct h from unnest(hashes || outbound.addresses_of(who, o->>'channel')) h order by 1); end if;
  perform outbound.hold_policy(o->>'channel', who, hashes);

  with put as (
    update outbound.contact_channel_policies c set opted_out_at = null, opted_out_by = null, cleared_at = greatest(c.cleared_at, said_at),
        evidence_id = coalesce(o->>'evidence', c.evidence_id), note = coalesce(o->>'reason', c.note), held_at = case when whole then null else c.held_at end,
        held_evidence_id = case when whole then null else c.held_evidence_id end, updated_at = at, version = c.version + 1
      where c.project_id = p and c.contact_id = any(who) and c.channel = o->>'channel' and of_brand in ('', c.brand)
        and c.opted_out_at < said_at and (whole or c.opted_out_by = 'keyword')
      returning c.contact_id)
  select array_agg(distinct u.contact_id order by u.contact_id) into restored from put u;

  update outbound.suppressions s set lifted_at = said_at, version = s.version + 1
    where s.project_id = p and s.channel = o->>'channel' and of_brand in ('', s.brand) and s.recipient_hash = any(hashes)
      and s.lifted_at is null and s.suppressed_at < said_at
      and s.reason = any(case when whole then '{keyword,link,provider,complaint,operator}'::text[] else '{keyword}' end);

  -- Kept even when nothing was taken back: the STOP that it followed may be heard only now.
  if not coalesce((o->>'weak')::boolean, false) then
    insert into outbound.contact_channel_policies as c (project_id, id, contact_id, channel, brand, cleared_at)
      select p, shared.made_id('pol', seed || w.id), w.id, o->>'channel', of_brand, said_at from unnest(who) w (id) order by w.id
      on conflict on constraint one_policy do update set cleared_at = greatest(c.cleared_at, excluded.cleared_at), updated_at = at, version = c.version + 1
        where c.opted_out_at is null and c.cleared_at is distinct from greatest(c.cleared_at, excluded.cleared_at);
  end if;

  select jsonb_agg(jsonb_build_object('id', shared.made_id('evt', seed || r.id), 'kind', 'outbound.opted_in', 'ref_type', 'contact', 'ref_id', r.id, 'ts', at,
      'payload', jsonb_strip_nulls(jsonb_build_object('channel', o->>'channel', 'by', o->>'by', 'evidence', o->>'evidence')))) into ledger
    from unnest(restored) r (id);
  if ledger is not null then perform shared.record_events(ledger); end if;
  return jsonb_build_object('restored', to_jsonb(coalesce(restored, '{}')));
end $$;
comment on function outbound.opt_in(jsonb) is 'Takes an opt-out back: a keyword what a keyword did, an operator whatever was said. Gives no consent.';
revoke execute on function outbound.opt_in(jsonb) from public;
grant execute on function outbound.opt_in(jsonb) to omneuro_app;

-- Something that reads like a wish to be left alone: marketing waits until an operator has decided what was meant. o: as for opt_out.
create or replace function outbound.hold(o jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  said_at constant timestamptz := coalesce((o->>'occurred_at')::timestamptz, at);
  seed constant text := concat_ws(':', p, o->>'seed', o->>'channel');
  who constant text[] := people.same_person(array(select jsonb_array_elements_text(o->'contacts')));
  held text[]; ledger jsonb;
begin
  perform outbound.hold_policy(o->>'channel', who, '{}');
  if outbound.said_otherwise(o, who, '{}') then return '{"held": []}'; end if;
  with put as (
    insert into outbound.contact_channel_policies as c (project_id, id, contact_id, channel, brand, held_at, held_evidence_id)
      select p, shared.made_id('pol', seed || w.id), w.id, o->>'channel', coalesce(o->>'brand', ''), said_at, o->>'evidence'
      from unnest(who) w (id) order by w.id
      on conflict on constraint one_policy do update set held_at = excluded.held_at, held_evidence_id = excluded.held_evidence_id,
        updated_at = at, version = c.version + 1
        where c.opted_out_at is null and c.held_at is null and (c.decided_at is null or c.decided_at < excluded.held_at)
      returning c.contact_id)
  select array_agg(u.contact_id order by u.contact_id) into held from put u;
  select jsonb_agg(jsonb_build_object('id', shared.made_id('evt', seed || h.id), 'kind', 'outbound.held', 'ref_type', 'contact', 'ref_id', h.id, 'ts', at,
      'payload', jsonb_strip_nulls(jsonb_build_object('channel', o->>'channel', 'evidence', o->>'evidence')))) into ledger from unnest(held) h (id);
  if ledger is not null then perform shared.record_events(ledger); end if;
  return jsonb_build_object('held', to_jsonb(coalesce(held, '{}')));
end $$;
comment on function outbound.hold(jsonb) is 'Lets marketing to persons wait until an operator decides.';
revoke execute on function outbound.hold(jsonb) from public;
grant execute on function outbound.hold(jsonb) to omneuro_app;
