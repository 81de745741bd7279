-- What the house answers a word of command with, by itself: an opt-out is confirmed, HELP is helped. No marketing, nothing free.
create or replace function outbound.confirmation(brand text, language text) returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select coalesce(nullif(coalesce(nullif(confirmation.brand, ''),
      (select s.brand from outbound.settings s where s.project_id = shared.scope())), '') || ': ', '')
    || case language when 'da' then 'Du er afmeldt og får ikke flere beskeder her. Svar START for at tilmelde dig igen.'
      else 'You are unsubscribed and will get no more messages here. Reply START to subscribe again.' end
$$;
comment on function outbound.confirmation(text, text) is 'The words that confirm an opt-out; no others may follow one.';
revoke execute on function outbound.confirmation(text, text) from public;
grant execute on function outbound.confirmation(text, text) to omneuro_app;

-- Queues the answer on the channel that the word came in by, else on the one below it; none without a sender there, and none to a word
-- that is older than five minutes. told: one of heard(). Returns the sender to wake, or null.
create or replace function outbound.answer(why text, told jsonb) returns text
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  s outbound.settings; way record; lang text; words text; made outbound.messages;
  new_id constant text := shared.made_id('msg', concat_ws(':', p, told->>'seed', why));
begin
  if (told->>'occurred_at')::timestamptz <= at - interval '5 minutes' or told->>'evidence' is null then return null; end if;
  select x.* into s from outbound.settings x where x.project_id = p;
  if why = 'stop_confirmation' and s.confirm_stop is false then return null; end if;
  select x.id, x.channel, x.brand, c.way->>'address' as address into way
    from jsonb_array_elements(told->'channels') with ordinality c (way, place)
      join outbound.senders x on x.project_id = p and x.channel = c.way->>'channel' and x.disabled_at is null
        and (told->>'sender' is null or x.id = told->>'sender')
    where c.way->>'address' is not null order by c.place, x.created_at, x.id limit 1;
  if way.id is null then return null; end if;

  lang := coalesce(told->>'language', (select c.language from people.contacts c where c.project_id = p and c.id = told->>'person'), 'en');
  words := case why when 'help' then coalesce(s.help_text->>lang, s.help_text->>'en', s.help_text->>'da') else outbound.confirmation(way.brand, lang) end;
  -- A machine at the other end that answers "info" to everything is helped once an hour.
  if words is null or words = '' or why = 'help' and exists (select from outbound.messages m where m.project_id = p and m.contact_id = told->>'person'
      and m.purpose = 'help' and m.created_at > at - interval '1 hour') then return null; end if;

  insert into outbound.messages (project_id, id, contact_id, channel, sender_id, brand, class, purpose, recipient, recipient_hash, zones, language, body,
      parts, evidence_refs, stop_on_reply, answers_to, thread, idempotency_key, dedupe_key, written_by, writers, due_at)
    values (p, new_id, told->>'person', way.channel, way.id, way.brand, 'reply', why, way.address, outbound.recipient_hash(way.channel, way.address),
      outbound.zones_of(told->>'person', way.address), lang, words, least(40, greatest(1, ceil(length(words) / 153.0)))::int, array[told->>'evidence'],
      false, told->>'evidence', coalesce(nullif(told->'thread', 'null'), '{}'), why || ':' || (told->>'evidence'), why || ':' || (told->>'evidence'),
      current_setting('app.actor'), array[current_setting('app.actor')], at)
    on conflict do nothing
    returning * into made;
  if made.id is null then return null; end if;
  -- Nobody approves it: its words are fixed, and a person has just asked for them.
  update outbound.messages m set state = 'approved', approved_at = at, approved_by = current_setting('app.actor'), seal = outbound.seal(m),
    policy = outbound.rules(m.contact_id, m.channel, m.brand) where m.project_id = p and m.id = new_id;
  update outbound.messages m set state = 'queued' where m.project_id = p and m.id = new_id;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', new_id), 'kind', 'outbound.message.queued',
    'ref_type', 'outbound_message', 'ref_id', new_id, 'ts', at, 'payload', jsonb_build_object('state', 'queued', 'purpose', why, 'evidence', told->>'evidence'))));
  return way.id;
end $$;
comment on function outbound.answer(text, jsonb) is 'Queues what a word of command is answered with, once; returns the sender to wake.';
revoke execute on function outbound.answer(text, jsonb) from public;
grant execute on function outbound.answer(text, jsonb) to omneuro_app;
