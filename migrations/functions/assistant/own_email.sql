-- Digits to an address that the entered person says is his, by the project's sender for e-mail. They are asked for now, so they leave now or not
-- at all. n: {email, hash, salt, minutes, contact, message, texts: {en, da: {subject, body, parts}}}.
create or replace function assistant.send_own_email(n jsonb) returns table (email text, until timestamptz, message text, sender text)
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); person constant uuid := assistant.me(); actor constant text := current_setting('app.actor');
  lang constant text := (assistant.rhythm()).language; made outbound.messages; held text;
begin
  if not exists (select from outbound.senders s where s.project_id = p and s.channel = 'email' and s.disabled_at is null) then
    perform shared.fail('conflict', 'mail_sender_missing', jsonb_build_object('detail', 'The project has no sender for e-mail yet.'));
  end if;
  perform assistant.lock_person(p, person);
  until := identity.ask_own_email(n->>'email', n->>'hash', n->>'salt', (n->>'minutes')::int);
  made := assistant.put_message(jsonb_build_object('contact', n->'contact', 'lang', lang, 'ground', jsonb_build_object('own_email', person),
    'draft', n->'texts'->lang || jsonb_build_object('id', n->'message', 'channel', 'email', 'recipient', n->'email', 'class', 'transactional',
      'language', lang, 'reference', 'own_email:' || (n->>'message'), 'evidence', '[]'::jsonb, 'stop_on_reply', false, 'through_quiet', true, 'again', true, 'due_at', shared.clock(),
      'expires_at', until)));
  -- The digits before it are worth nothing, and what carried them is not kept.
  update outbound.messages m set subject = null, body = '-', erased_at = shared.clock(), updated_at = shared.clock()
    where m.project_id = p and m.contact_id = made.contact_id and m.for_user_id = person and m.idempotency_key like 'own_email:%' and m.erased_at is null
      and m.id <> made.id and m.state in ('submitted', 'sent', 'delivered', 'read', 'failed', 'cancelled', 'blocked_opt_out');
  select v.code into held from outbound.verdicts(array[made.id], shared.clock()) v where v.verdict <> 'send';
  if held is not null then
    perform shared.fail('conflict', 'email_held', jsonb_build_object('reason', held, 'detail', 'Nothing can be sent to you there now.'));
  end if;
  perform set_config('app.actor', actor, true);
  return query select made.recipient, until, made.id, made.sender_id;
end $$;
comment on function assistant.send_own_email(jsonb) is 'Sends the digits that prove an address to be the entered person''s.';
revoke execute on function assistant.send_own_email(jsonb) from public;
grant execute on function assistant.send_own_email(jsonb) to omneuro_app;
