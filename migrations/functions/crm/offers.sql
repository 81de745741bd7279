-- Offers: shown, written, changed, approved.

create or replace function crm.cited_by(offer text) returns text[]
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select array(select distinct c from crm.offer_items i, unnest(array[i.fact_id, i.evidence_id]) c
    where i.project_id = shared.scope() and i.offer_id = offer and c is not null order by 1) $$;
comment on function crm.cited_by(text) is 'Facts and evidence that an offer''s lines rest on.';

create or replace function crm.offer_card(o crm.offers) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  select to_jsonb(o) || jsonb_build_object(
    'account_name', (select a.name from crm.accounts a where a.project_id = o.project_id and a.id = o.account_id),
    'contact_name', (select c.name from people.contacts c where c.project_id = o.project_id and c.id = o.contact_id),
    'language', (select c.language from people.contacts c where c.project_id = o.project_id and c.id = o.contact_id),
    'message_state', (select m.state from outbound.messages m where m.project_id = o.project_id and m.id = o.message_id),
    'items', coalesce((select jsonb_agg(to_jsonb(i) order by i.position) from crm.offer_items i where i.project_id = o.project_id and i.offer_id = o.id), '[]'),
    'cited', to_jsonb(crm.cited_by(o.id)),
    'approvals', coalesce((select jsonb_agg(to_jsonb(v) order by v.approved_at, v.id) from crm.offer_approvals v
      where v.project_id = o.project_id and v.offer_id = o.id), '[]'))
$$;
comment on function crm.offer_card(crm.offers) is 'An offer with its lines, its approvals and what became of its message.';

-- Messages are locked before offers, as the outbox does.
create or replace function crm.held_offer(wanted text, seen int) returns crm.offers
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); o crm.offers;
begin
  perform from outbound.messages m where m.project_id = p and m.id = (select x.message_id from crm.offers x where x.project_id = p and x.id = wanted) for update;
  select x.* into o from crm.offers x where x.project_id = p and x.id = wanted for update;
  if o.id is null then perform shared.fail('not_found', 'offer_unknown'); end if;
  if o.version <> seen then
    perform shared.fail('stale', 'offer_changed', jsonb_build_object('version', o.version, 'detail', 'It has changed since you read it: read it again.'));
  end if;
  return o;
end $$;
comment on function crm.held_offer(text, int) is 'An offer, locked, if it is as somebody read it.';

create or replace function crm.refuse_offer(o crm.offers) returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$ begin
  if o.state = 'needs_review' then
    perform shared.fail('conflict', 'offer_needs_review', jsonb_build_object('state', o.state, 'reason', o.review_reason,
      'detail', 'What it rests on has changed: somebody has to look at it first.'));
  end if;
  perform shared.fail('conflict', 'offer_invalid_state', jsonb_build_object('state', o.state, 'detail', 'It is ' || o.state || ', so this cannot be done to it.'));
end $$;
comment on function crm.refuse_offer(crm.offers) is 'Says why something cannot be done to an offer as it stands.';

-- What was approved counts no more, and the message that would carry it is withdrawn unless it has left.
create or replace function crm.take_back(o crm.offers, why text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); at constant timestamptz := shared.clock(); gone outbound.messages;
begin
  update crm.offer_approvals v set dropped_at = at, dropped_because = why where v.project_id = p and v.offer_id = o.id and v.dropped_at is null;
  if o.message_id is null or o.sent_at is not null then return; end if;
  update outbound.messages m set state = 'cancelled', code = 'offer_changed', reserved_at = null, updated_at = at, version = m.version + 1
    where m.project_id = p and m.id = o.message_id and m.state in ('draft', 'pending', 'approved', 'queued', 'failed') returning m.* into gone;
  if gone.id is null then return; end if;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', concat_ws(':', p, gone.id, gone.version)), 'kind', 'outbound.message.cancelled',
    'ref_type', 'outbound_message', 'ref_id', gone.id, 'ts', at, 'payload', jsonb_build_object('state', 'cancelled', 'code', 'offer_changed'))));
end $$;
comment on function crm.take_back(crm.offers, text) is 'Drops an offer''s approvals and withdraws its message.';

-- A message on its way cannot be called back.
create or replace function crm.refuse_leaving(o crm.offers) returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$ begin
  if o.sent_at is null and exists (select from outbound.messages m where m.project_id = o.project_id and m.id = o.message_id and m.state in ('submitting', 'unknown')) then
    perform shared.fail('conflict', 'offer_leaving', jsonb_build_object('message', o.message_id, 'detail', 'Its message is leaving just now; look again in a moment.'));
  end if;
end $$;
comment on function crm.refuse_leaving(crm.offers) is 'Refuses while the message that carries an offer is on its way.';

create or replace function crm.assert_party(w jsonb) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); c people.contacts;
begin
  if w->>'account' is not null and not exists (select from crm.accounts a where a.project_id = p and a.id = w->>'account') then
    perform shared.fail('not_found', 'account_unknown');
  end if;
  if w->>'contact' is null then return; end if;
  select x.* into c from people.contacts x where x.project_id = p and x.id = w->>'contact' for no key update;
  if c.id is null then perform shared.fail('not_found', 'contact_unknown'); end if;
  if c.erased_at is not null then perform shared.fail('gone', 'person_erased'); end if;
end $$;
comment on function crm.assert_party(jsonb) is 'Refuses an account or a person who is not there.';

-- items: [{description, quantity, unit_price_minor, discount_pct, vat_pct, fact, evidence}], in place of those there are.
create or replace function crm.put_items(offer text, turn int, items jsonb) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); cite record;
begin
  for cite in select c.id as cited, x.id, x.withdrawn_at from (select distinct i->>'evidence' as id from jsonb_array_elements(items) i where i->>'evidence' is not null) c
    left join shared.evidence_items x on x.project_id = p and x.id = c.id
  loop
    if cite.id is null then perform shared.fail('not_found', 'evidence_unknown', jsonb_build_object('id', cite.cited)); end if;
    if cite.withdrawn_at is not null then
      perform shared.fail('conflict', 'cited_evidence_gone', jsonb_build_object('id', cite.cited, 'detail', 'What a line rests on was taken back.'));
    end if;
  end loop;
  delete from crm.offer_items x where x.project_id = p and x.offer_id = offer;
  insert into crm.offer_items (project_id, id, offer_id, position, description, quantity, unit_price_minor, discount_pct, vat_pct, fact_id, evidence_id, evidence_version)
    select p, shared.made_id('ofi', concat_ws(':', offer, turn, i.n)), offer, i.n, i.item->>'description', (i.item->>'quantity')::numeric,
      (i.item->>'unit_price_minor')::bigint, (i.item->>'discount_pct')::numeric, (i.item->>'vat_pct')::numeric, i.item->>'fact', e.id, e.version
    from jsonb_array_elements(items) with ordinality i (item, n)
      left join shared.evidence_items e on e.project_id = p and e.id = i.item->>'evidence';
  update crm.offers o set list_minor = s.list, net_minor = s.net, vat_minor = s.vat, is_discounted = s.discounted
    from (select coalesce(sum(i.list_minor), 0) as list, coalesce(sum(i.net_minor), 0) as net, coalesce(sum(i.vat_minor), 0) as vat,
        coalesce(bool_or(i.discount_pct > 0), false) as discounted
      from crm.offer_items i where i.project_id = p and i.offer_id = offer) s
    where o.project_id = p and o.id = offer;
end $$;
comment on function crm.put_items(text, int, jsonb) is 'Writes an offer''s lines and sums.';

-- w: {id, title, note, account, contact, currency, items}
create or replace function crm.put_offer(w jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); o crm.offers;
begin
  perform crm.assert_party(w);
  perform pg_advisory_xact_lock(hashtextextended('crm.offers ' || p, 0));
  insert into crm.offers (project_id, id, number, account_id, contact_id, title, note, currency)
    values (p, w->>'id', (select coalesce(max(x.number), 0) + 1 from crm.offers x where x.project_id = p), w->>'account', w->>'contact', w->>'title', w->>'note',
      w->>'currency');
  perform crm.put_items(w->>'id', 1, w->'items');
  update crm.offers x set state = case when x.is_discounted then 'draft' else 'approved' end where x.project_id = p and x.id = w->>'id' returning x.* into o;
  return crm.offer_card(o);
end $$;
comment on function crm.put_offer(jsonb) is 'Writes an offer; without a discount nobody has to approve one.';

-- w: any of {title, note, account, contact, currency, items}; what is left out stays.
create or replace function crm.change_offer(wanted text, seen int, w jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); o crm.offers;
begin
  o := crm.held_offer(wanted, seen);
  if coalesce(o.review_from, o.state) not in ('draft', 'approved') then
    perform shared.fail('conflict', 'offer_invalid_state', jsonb_build_object('state', o.state, 'detail', 'What was sent stays as it was said: withdraw it and write another.'));
  end if;
  perform crm.refuse_leaving(o);
  perform crm.assert_party(w);
  perform crm.take_back(o, 'edited');
  if w ? 'items' then perform crm.put_items(wanted, o.version + 1, w->'items'); end if;
  update crm.offers x set title = coalesce(w->>'title', x.title), note = case when w ? 'note' then w->>'note' else x.note end,
      account_id = case when w ? 'account' then w->>'account' else x.account_id end, contact_id = case when w ? 'contact' then w->>'contact' else x.contact_id end,
      currency = coalesce(w->>'currency', x.currency), state = case when x.state = 'needs_review' then x.state when x.is_discounted then 'draft' else 'approved' end,
      updated_at = shared.clock(), version = x.version + 1
    where x.project_id = p and x.id = wanted returning x.* into o;
  return crm.offer_card(o);
end $$;
comment on function crm.change_offer(text, int, jsonb) is 'Changes an offer that was not sent; approvals it had are dropped.';

create or replace function crm.is_approved(offer text, kind text) returns boolean
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select exists (select from crm.offer_approvals v where v.project_id = shared.scope() and v.offer_id = offer and v.kind = is_approved.kind and v.dropped_at is null) $$;
comment on function crm.is_approved(text, text) is 'Whether somebody approved it, as it is.';

create or replace function crm.approve_offer(wanted text, seen int, w jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); o crm.offers;
begin
  o := crm.held_offer(wanted, seen);
  if o.state <> (case w->>'kind' when 'discount' then 'draft' else 'approved' end) or crm.is_approved(wanted, w->>'kind')
    or w->>'kind' = 'send' and o.is_discounted and not crm.is_approved(wanted, 'discount') then perform crm.refuse_offer(o); end if;
  insert into crm.offer_approvals (project_id, id, offer_id, kind, audit_event_id, approved_by)
    values (p, w->>'id', wanted, w->>'kind', w->>'audit', current_setting('app.actor'));
  update crm.offers x set state = 'approved', updated_at = shared.clock(), version = x.version + 1 where x.project_id = p and x.id = wanted returning x.* into o;
  return crm.offer_card(o);
end $$;
comment on function crm.approve_offer(text, int, jsonb) is 'Approves a discount, or that an offer is sent: {kind, id, audit}.';

revoke execute on function crm.cited_by(text),
  crm.offer_card(crm.offers),
  crm.held_offer(text, int),
  crm.refuse_offer(crm.offers),
  crm.take_back(crm.offers, text),
  crm.refuse_leaving(crm.offers),
  crm.assert_party(jsonb),
  crm.put_items(text, int, jsonb),
  crm.put_offer(jsonb),
  crm.change_offer(text, int, jsonb),
  crm.is_approved(text, text),
  crm.approve_offer(text, int, jsonb) from public;
grant execute on function crm.cited_by(text),
  crm.offer_card(crm.offers),
  crm.held_offer(text, int),
  crm.refuse_offer(crm.offers),
  crm.take_back(crm.offers, text),
  crm.refuse_leaving(crm.offers),
  crm.assert_party(jsonb),
  crm.put_items(text, int, jsonb),
  crm.put_offer(jsonb),
  crm.change_offer(text, int, jsonb),
  crm.is_approved(text, text),
  crm.approve_offer(text, int, jsonb) to omneuro_app;
