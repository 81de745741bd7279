-- Before a person is erased: what waits for him is cancelled, and that he wanted nothing is written down by keyed hashes of his addresses.

-- Opt-outs of the running erasure's persons on a channel hold for these addresses from now on, whosever they are.
create or replace function outbound.keep_opt_outs(of_channel text, addresses text[]) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$ begin
  insert into outbound.suppressions as s (project_id, id, channel, brand, recipient_hash, reason, suppressed_at)
    select distinct on (c.brand, h.hash) c.project_id, shared.made_id('sup', concat_ws(':', c.project_id, of_channel, c.brand, h.hash)), of_channel, c.brand, h.hash,
      c.opted_out_by, c.opted_out_at
    from outbound.contact_channel_policies c cross join lateral (select outbound.recipient_hash(of_channel, a) as hash from unnest(addresses) a) h
    where c.project_id = shared.scope() and c.contact_id in (select shared.doomed('person')) and c.channel = of_channel and c.opted_out_at is not null
    order by c.brand, h.hash, c.opted_out_at
    on conflict on constraint one_suppression do update set lifted_at = null, reason = excluded.reason, suppressed_at = excluded.suppressed_at, version = s.version + 1
      where s.lifted_at is not null;
end $$;
comment on function outbound.keep_opt_outs(text, text[]) is 'Keeps what the subject of the running erasure said about a channel, by keyed hashes of addresses.';

create or replace function outbound.begin_erasure() returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  who constant text[] := array(select shared.doomed('person'));
  ledger jsonb;
begin
  if who = '{}' then return; end if;
  perform outbound.hold_policy(c.channel, who, outbound.addresses_of(who, c.channel)) from (values ('chat'), ('email'), ('sms'), ('telegram')) c (channel);
  if shared.is_first_step() then
    perform shared.seek(array(select distinct m.recipient from outbound.messages m where m.project_id = p and m.contact_id = any(who) and m.channel <> 'chat'), '{}');
    perform outbound.keep_opt_outs(c.channel, array(select t.value_norm from people.contact_points t where t.project_id = p and t.contact_id = any(who)
        and t.kind = case c.channel when 'sms' then 'phone' else c.channel end
      union select m.recipient from outbound.messages m where m.project_id = p and m.contact_id = any(who) and m.channel = c.channel))
      from (values ('chat'), ('email'), ('sms'), ('telegram')) c (channel);
  end if;
  perform outbound.end_membership(who, 'person_erased', null);
  with gone as (
    update outbound.messages m set state = 'cancelled', code = 'person_erased', reserved_at = null, updated_at = at, version = m.version + 1
      where m.project_id = p and m.contact_id = any(who) and m.state in ('draft', 'pending', 'approved', 'queued', 'unknown') returning m.id, m.version)
  select jsonb_agg(jsonb_build_object('id', shared.made_id('evt', concat_ws(':', p, g.id, g.version)), 'kind', 'outbound.message.cancelled', 'ref_type', 'outbound_message',
      'ref_id', g.id, 'ts', at, 'payload', jsonb_build_object('state', 'cancelled', 'code', 'person_erased')) order by g.id) into ledger from gone g;
  if ledger is not null then perform shared.record_events(ledger); end if;
end $$;
comment on function outbound.begin_erasure() is 'Cancels what waits for the subject of the running erasure and keeps his opt-outs.';
revoke execute on function outbound.keep_opt_outs(text, text[]), outbound.begin_erasure() from public;
grant execute on function outbound.keep_opt_outs(text, text[]), outbound.begin_erasure() to omneuro_app;
