-- What becomes of offers: handed to the outbox, sent, settled, looked at again when what they rest on has changed, erased.

-- draft: for outbound.put_draft, but for what it rests on. The offer itself is evidence: a change of it breaks the message's seal.
create or replace function crm.send_offer(wanted text, seen int, draft jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); o crm.offers; m outbound.messages; proof constant text := shared.made_id('evi', shared.scope() || ' crm.offers ' || wanted);
begin
  o := crm.held_offer(wanted, seen);
  if o.state <> 'approved' then perform crm.refuse_offer(o); end if;
  if not crm.is_approved(wanted, 'send') or o.is_discounted and not crm.is_approved(wanted, 'discount') then
    perform shared.fail('conflict', 'offer_unapproved', jsonb_build_object('state', o.state, 'detail', 'Somebody has to approve first that it is sent.'));
  end if;
  if exists (select from outbound.messages x where x.project_id = p and x.id = o.message_id and x.state <> 'cancelled') then
    perform shared.fail('conflict', 'offer_leaving', jsonb_build_object('message', o.message_id, 'detail', 'Its message is in the outbox already.'));
  end if;
  if o.contact_id is null then
    perform shared.fail('unprocessable', 'contact_required', jsonb_build_object('detail', 'Say first whom it is for.'));
  end if;
  perform shared.put_evidence(jsonb_build_array(jsonb_build_object('evidence', proof, 'source_table', 'crm.offers', 'source_pk', o.id,
    'content_hash', encode(sha256(convert_to(draft->>'body', 'utf8')), 'hex'), 'visibility', 1, 'contact', o.contact_id, 'occurred_at', shared.clock())));
  m := outbound.put_draft(draft || jsonb_build_object('contact', o.contact_id, 'evidence', to_jsonb(proof || crm.cited_by(wanted))));
  update crm.offers x set message_id = m.id, updated_at = shared.clock(), version = x.version + 1 where x.project_id = p and x.id = wanted returning x.* into o;
  return crm.offer_card(o);
end $$;
comment on function crm.send_offer(text, int, jsonb) is 'Writes the message that carries an offer; it is approved and sent like any other.';

create or replace function crm.settle_offer(wanted text, seen int, outcome text) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); o crm.offers;
begin
  o := crm.held_offer(wanted, seen);
  if (case outcome when 'accepted' then o.state = 'sent' when 'declined' then coalesce(o.review_from, o.state) = 'sent'
    else o.settled_at is null end) is not true then perform crm.refuse_offer(o); end if;
  perform crm.refuse_leaving(o);
  if outcome = 'withdrawn' then perform crm.take_back(o, outcome); end if;
  update crm.offers x set state = outcome, settled_at = shared.clock(), review_from = null, review_reason = null, review_since = null,
      updated_at = shared.clock(), version = x.version + 1
    where x.project_id = p and x.id = wanted returning x.* into o;
  return crm.offer_card(o);
end $$;
comment on function crm.settle_offer(text, int, text) is 'An offer is accepted, declined or withdrawn.';

-- Who confirms a line although what it rested on is not so any more takes it upon himself: the line cites nothing from then on.
-- What was sent keeps its lines as they were said, with why they are not so any more.
create or replace function crm.review_offer(wanted text, seen int, reason text) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); o crm.offers;
begin
  o := crm.held_offer(wanted, seen);
  if o.state <> 'needs_review' then perform crm.refuse_offer(o); end if;
  if reason is null and exists (select from crm.offer_items i where i.project_id = p and i.offer_id = wanted and i.stale_at is not null) then
    perform shared.fail('invalid', 'reason_required', jsonb_build_object('detail', 'Change the lines that rest on what is not so any more, or say why they stand.'));
  end if;
  if o.review_from <> 'sent' then
    update crm.offer_items i set fact_id = null, evidence_id = null, evidence_version = null, stale_at = null, stale_reason = null
      where i.project_id = p and i.offer_id = wanted and i.stale_at is not null;
  end if;
  update crm.offers x set state = case when x.review_from = 'sent' then 'sent' when x.is_discounted then 'draft' else 'approved' end,
      review_from = null, review_reason = null, review_since = null, review_note = reason, updated_at = shared.clock(), version = x.version + 1
    where x.project_id = p and x.id = wanted returning x.* into o;
  return crm.offer_card(o);
end $$;
comment on function crm.review_offer(text, int, text) is 'Somebody has looked at an offer whose grounds changed.';

-- Facts or evidence changed: open offers that cite them need a look, what was approved is not any more, a message that has not left is withdrawn.
create or replace function crm.doubt_offers(facts text[], evidence text[], why text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); at constant timestamptz := shared.clock(); o crm.offers; ledger jsonb := '[]';
begin
  perform from outbound.messages m where m.project_id = p and m.id in (select x.message_id from crm.offers x join crm.offer_items i on i.project_id = p
    and i.offer_id = x.id where x.project_id = p and (i.fact_id = any (facts) or i.evidence_id = any (evidence))) order by m.id for update;
  for o in select x.* from crm.offers x where x.project_id = p and x.settled_at is null and x.id in (select i.offer_id from crm.offer_items i
      where i.project_id = p and i.stale_at is null and (i.fact_id = any (facts) or i.evidence_id = any (evidence))) order by x.id for update
  loop
    update crm.offer_items i set stale_at = at, stale_reason = why where i.project_id = p and i.offer_id = o.id and i.stale_at is null
      and (i.fact_id = any (facts) or i.evidence_id = any (evidence));
    if o.sent_at is null then perform crm.take_back(o, why); end if;
    update crm.offers x set state = 'needs_review', review_from = coalesce(x.review_from, x.state), review_reason = why, review_since = coalesce(x.review_since, at),
      updated_at = at, version = x.version + 1 where x.project_id = p and x.id = o.id;
    ledger := ledger || jsonb_build_object('id', shared.made_id('evt', concat_ws(':', p, o.id, o.version, why)), 'kind', 'offer.needs_review', 'ref_type', 'offer',
      'ref_id', o.id, 'ts', at, 'payload', jsonb_build_object('was', o.state, 'code', why));
  end loop;
  if ledger <> '[]' then perform shared.record_events(ledger); end if;
end $$;
comment on function crm.doubt_offers(text[], text[], text) is 'Open offers that cite any of these need a look, with the reason.';

create or replace function crm.follow_message() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
declare at constant timestamptz := shared.clock(); o crm.offers;
begin
  update crm.offers x set state = case when x.state = 'approved' then 'sent' else x.state end, review_from = case when x.state = 'needs_review' then 'sent' end,
      sent_at = at, updated_at = at, version = x.version + 1
    where x.project_id = new.project_id and x.message_id = new.id and x.sent_at is null returning x.* into o;
  if o.id is not null then
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', concat_ws(':', new.project_id, o.id, 'sent', new.id)), 'kind', 'offer.sent',
      'ref_type', 'offer', 'ref_id', o.id, 'ts', at, 'payload', jsonb_build_object('message', new.id))));
  end if;
  return null;
end $$;
comment on function crm.follow_message() is 'Trigger: an offer is sent when the message that carries it has left.';

create or replace function crm.check_audited() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if not exists (select from shared.audit_events a where a.project_id = new.project_id and a.id = new.audit_event_id) then
    raise exception 'an approval without its row of the audit trail' using errcode = '23503';
  end if;
  return null;
end $$;
comment on function crm.check_audited() is 'Trigger: an approval has its row of the audit trail.';

-- Offers that wait for him are withdrawn; all of them keep their sums.
create or replace function crm.begin_erasure() returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); o crm.offers;
begin
  perform shared.erase_ids('offer', array(select x.id from crm.offers x where x.project_id = p and x.contact_id in (select shared.doomed('person'))));
  for o in select x.* from crm.offers x where x.project_id = p and x.settled_at is null and x.id in (select shared.doomed('offer')) order by x.id for update loop
    perform crm.take_back(o, 'person_erased');
    update crm.offers x set state = 'withdrawn', settled_at = shared.clock(), review_from = null, review_reason = null, review_since = null,
      updated_at = shared.clock(), version = x.version + 1 where x.project_id = p and x.id = o.id;
  end loop;
end $$;
comment on function crm.begin_erasure() is 'Finds the offers of a running erasure''s subject, and withdraws those that are open.';

revoke execute on function crm.send_offer(text, int, jsonb),
  crm.settle_offer(text, int, text),
  crm.review_offer(text, int, text),
  crm.doubt_offers(text[], text[], text),
  crm.begin_erasure() from public;
grant execute on function crm.send_offer(text, int, jsonb),
  crm.settle_offer(text, int, text),
  crm.review_offer(text, int, text),
  crm.doubt_offers(text[], text[], text),
  crm.begin_erasure() to omneuro_app;
