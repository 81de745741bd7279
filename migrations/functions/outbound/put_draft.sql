-- Writes a draft, or changes the one that its business key names, while it is a draft. Once approved only its writer's explicit edit
-- may touch it: the same key with other words is refused. m: {id, contact, channel, sender, class, recipient, language, subject, body, parts,
-- template, variables, evidence, stop_on_reply, through_quiet, answers_to, thread, campaign, step, reference, due_at, expires_at,
-- again, for_user: the one member it is for}.
create or replace function outbound.put_draft(m jsonb) returns outbound.messages
  language plpgsql volatile
  set search_path = pg_catalog, ext, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  person people.contacts; s outbound.senders; known outbound.messages; put outbound.messages;
  everyone constant text[] := people.same_person(array[m->>'contact']);
  address text; hash text; words text; same text; who text;
begin
  select c.* into person from people.contacts c where c.project_id = p and c.id = any(everyone) and c.merged_into is null;
  if person.id is null then perform shared.fail('not_found', 'contact_unknown'); end if;
  if person.erased_at is not null then perform shared.fail('conflict', 'person_erased'); end if;

  select x.* into s from outbound.senders x where x.project_id = p and x.channel = m->>'channel' and x.disabled_at is null
    and (m->>'sender' is null or x.id = m->>'sender') order by x.created_at, x.id limit 1;
  if s.id is null then perform shared.fail('unprocessable', 'sender_missing',
    jsonb_build_object('detail', 'No sender of this project serves that channel; add one first.')); end if;

  -- Filed under the record that has the address, so that taking merged records apart gives each its own messages back.
  select t.value_norm, t.contact_id into address, who from people.contact_points t
    where t.project_id = p and t.contact_id = any(everyone) and (m->>'recipient' is null or t.value_norm = m->>'recipient')
      and t.kind = case m->>'channel' when 'sms' then 'phone' when 'email' then 'email' when 'telegram' then 'telegram' end
    order by t.contact_id = person.id desc, t.created_at, t.id limit 1;
  address := coalesce(m->>'recipient', address);
  who := coalesce(who, person.id);
  if address is null then perform shared.fail('unprocessable', 'recipient_missing',
    jsonb_build_object('detail', 'This person has no address on that channel.')); end if;
  person.language := coalesce(person.language, (select c.language from people.contacts c
    where c.project_id = p and c.id = any(everyone) and c.language is not null order by c.created_at, c.id limit 1));
  hash := outbound.recipient_hash(m->>'channel', address);
  -- Keyed like the address itself: it is made of personal words.
  same := outbound.recipient_hash('words', concat_ws(chr(31), hash, m->>'subject', m->>'body',
    case when (m->>'again')::boolean then m->>'id' else (coalesce((m->>'due_at')::timestamptz, shared.clock()) at time zone 'UTC')::date::text end));

  select x.* into known from outbound.messages x where x.project_id = p and x.idempotency_key = coalesce(m->>'reference', m->>'id') for update;
  if known.id is not null then
    if known.dedupe_key = same and known.evidence_refs = array(select jsonb_array_elements_text(m->'evidence')) then return known; end if;
    if known.state not in ('draft', 'pending') then
      perform shared.fail('conflict', 'content_changed_after_approval', jsonb_build_object('state', known.state, 'message', known.id,
        'detail', 'A message of this key has been approved with other words; edit that one, which takes its approval back.'));
    end if;
    update outbound.messages x set subject = m->>'subject', body = m->>'body', parts = (m->>'parts')::int, recipient = address,
        recipient_hash = hash, zones = outbound.zones_of(person.id, address), language = coalesce(m->>'language', person.language, 'en'), template_id = m->>'template',
        variables = m->'variables', evidence_refs = array(select jsonb_array_elements_text(m->'evidence')), dedupe_key = same,
        state = 'draft', written_by = current_setting('app.actor'),
        writers = array(select distinct w from unnest(x.writers || current_setting('app.actor')) w order by 1), updated_at = shared.clock(), version = x.version + 1
      where x.project_id = p and x.id = known.id returning x.* into put;
    return put;
  end if;

  insert into outbound.messages (project_id, id, contact_id, channel, sender_id, brand, class, recipient, recipient_hash, zones, language, subject,
      body, parts, template_id, variables, evidence_refs, stop_on_reply, through_quiet, answers_to, thread, campaign_id, campaign_step,
      idempotency_key, dedupe_key, written_by, writers, due_at, expires_at, for_user_id)
    values (p, m->>'id', who, m->>'channel', s.id, s.brand, m->>'class', address, hash, outbound.zones_of(person.id, address),
      coalesce(m->>'language', person.language, 'en'), m->>'subject', m->>'body', (m->>'parts')::int, m->>'template', m->'variables',
      array(select jsonb_array_elements_text(m->'evidence')), coalesce((m->>'stop_on_reply')::boolean,
        (select t.stop_on_reply from outbound.settings t where t.project_id = p), true), coalesce((m->>'through_quiet')::boolean, false),
      m->>'answers_to', coalesce(m->'thread', '{}'), m->>'campaign', (m->>'step')::int, coalesce(m->>'reference', m->>'id'), same,
      current_setting('app.actor'), array[current_setting('app.actor')], coalesce((m->>'due_at')::timestamptz, shared.clock()),
      (m->>'expires_at')::timestamptz, (m->>'for_user')::uuid)
    returning * into put;
  return put;
end $$;
comment on function outbound.put_draft(jsonb) is 'Writes a draft, or changes the unapproved one of the same business key; returns the message.';
revoke execute on function outbound.put_draft(jsonb) from public;
grant execute on function outbound.put_draft(jsonb) to omneuro_app;
