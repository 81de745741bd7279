-- What stands after the plus in the address that an e-mail asks to be answered at: the message's id and a keyed hash of it, so that nobody can put a mail
-- into a conversation by guessing. 26 + 1 + 16 characters: within the 64 of a local part (RFC 5321).
create or replace function outbound.reply_tag(message text) returns text
  language sql stable
  set search_path = pg_catalog, ext, pg_temp
  as $$ select split_part(message, '_', 2) || '.' || left(encode(hmac(convert_to('reply:' || message, 'utf8'), p.hmac_key, 'sha256'), 'hex'), 16)
    from identity.projects p where p.id = shared.scope() $$;
comment on function outbound.reply_tag(text) is 'The tag of a message in the address its answers go to.';
revoke execute on function outbound.reply_tag(text) from public;
grant execute on function outbound.reply_tag(text) to omneuro_app;

-- Where answers to our e-mails arrive: the domain whose mail the project takes in. Null where it takes in none.
create or replace function outbound.answers_at() returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$ select o.external_id from identity.project_sources o where o.project_id = shared.scope() and o.source_kind = 'email_domain'
    and o.disabled_at is null $$;
comment on function outbound.answers_at() is 'The domain at which answers to e-mails are taken in.';
revoke execute on function outbound.answers_at() from public;
grant execute on function outbound.answers_at() to omneuro_app;

create or replace function outbound.tagged(tag text) returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$ select m.id from outbound.messages m where m.project_id = shared.scope() and m.id = 'msg_' || split_part(lower(tag), '.', 1)
    and outbound.reply_tag(m.id) = lower(tag) $$;
comment on function outbound.tagged(text) is 'The message that a reply tag was made for; null for any other text.';
revoke execute on function outbound.tagged(text) from public;
grant execute on function outbound.tagged(text) to omneuro_app;
