-- What an approval is about, as one hash: text, recipient, sender, the rules in force and the evidence as it stands. Approving
-- stores it, claiming computes it again; whatever changed in between, nothing leaves.
create or replace function outbound.rules(contact text, channel text, brand text) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select jsonb_build_object('four_eyes', coalesce(s.four_eyes, false),
      'quiet_from', coalesce(s.quiet_from, time '21:00'), 'quiet_until', coalesce(s.quiet_until, time '08:00'),
      'cap_count', coalesce(c.cap_count, s.cap_count, 3), 'cap_seconds', coalesce(c.cap_seconds, s.cap_seconds, 86400),
      'most_attempts', coalesce(s.most_attempts, 5))
  from (select) one
    left join outbound.settings s on s.project_id = shared.scope()
    -- Said of the brand, else of all of them; of a person's records the one that allows least.
    left join lateral (select x.cap_count, x.cap_seconds from outbound.contact_channel_policies x where x.project_id = shared.scope()
      and x.contact_id = any((select people.same_person(array[rules.contact]))::text[]) and x.channel = rules.channel and x.brand in ('', rules.brand)
      and (x.cap_count is not null or x.cap_seconds is not null) order by x.brand desc, x.cap_count, x.cap_seconds desc, x.contact_id limit 1) c on true
$$;
comment on function outbound.rules(text, text, text) is 'The rules for one person on one channel: his own where he has any, else the project''s, else the defaults.';
revoke execute on function outbound.rules(text, text, text) from public;
grant execute on function outbound.rules(text, text, text) to omneuro_app;

-- With the rules that the caller has read already; seal(m) reads them.
create or replace function outbound.seal(m outbound.messages, rule jsonb) returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select encode(sha256(convert_to(jsonb_build_array(m.channel, m.sender_id, m.brand, m.class, m.recipient, m.recipient_hash, m.contact_id,
      m.subject, m.body, m.stop_on_reply, m.through_quiet, m.purpose, m.answers_to, m.thread, rule,
      (select jsonb_agg(jsonb_build_array(r.id, e.version, e.content_hash, e.withdrawn_at) order by r.id)
        from unnest(m.evidence_refs) r (id)
          left join shared.evidence_items e on e.project_id = m.project_id and e.id = r.id))::text, 'utf8')), 'hex')
$$;
comment on function outbound.seal(outbound.messages, jsonb) is 'SHA-256 (hex) over everything an approval is about, as it is now, under these rules.';
revoke execute on function outbound.seal(outbound.messages, jsonb) from public;
grant execute on function outbound.seal(outbound.messages, jsonb) to omneuro_app;

create or replace function outbound.seal(m outbound.messages) returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$ select outbound.seal(m, outbound.rules(m.contact_id, m.channel, m.brand)) $$;
comment on function outbound.seal(outbound.messages) is 'SHA-256 (hex) over everything an approval is about, as it is now.';
revoke execute on function outbound.seal(outbound.messages) from public;
grant execute on function outbound.seal(outbound.messages) to omneuro_app;

-- Keyed with the project's own key: the plain hash of a phone number is the phone number.
create or replace function outbound.recipient_hash(channel text, address text) returns text
  language sql stable
  set search_path = pg_catalog, ext, pg_temp
  as $$
  select encode(hmac(convert_to(channel || ':' || lower(btrim(address)), 'utf8'), p.hmac_key, 'sha256'), 'hex')
  from identity.projects p where p.id = shared.scope()
$$;
comment on function outbound.recipient_hash(text, text) is 'Keyed hash of an address (E.164 number or e-mail address, any case) in the entered project.';
revoke execute on function outbound.recipient_hash(text, text) from public;
grant execute on function outbound.recipient_hash(text, text) to omneuro_app;
