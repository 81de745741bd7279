-- The life of an own write: asked for, called, settled; and recognised when Chatwoot tells it back. A write's row and the messages
-- of its conversation are changed under the conversation's lock, which ingest holds as well: of an answer and its echo one is first.

-- The lock that inbox.mirror takes for a conversation.
create or replace function inbox.hold_conversation(conversation text) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$ begin
  perform pg_advisory_xact_lock(hashtext(shared.scope()::text), 9000 + (hashtext(conversation) & 255));
end $$;
comment on function inbox.hold_conversation(text) is 'What concerns one conversation happens one after the other.';
revoke execute on function inbox.hold_conversation(text) from public;
grant execute on function inbox.hold_conversation(text) to omneuro_app;

-- Replaces the message that carries a write on; none when no id is given.
create or replace function inbox.stage_write(write_id text, outbox_id text, due timestamptz) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare staged jsonb;
begin
  update shared.outbox o set state = 'done', updated_at = shared.clock()
    where o.project_id = shared.scope() and o.kind = 'inbox.write' and o.dedupe_key = write_id and o.state = 'pending';
  if outbox_id is null then return null; end if;
  insert into shared.outbox as o (project_id, id, kind, dedupe_key, payload, due_at)
    values (shared.scope(), outbox_id, 'inbox.write', write_id, jsonb_build_object('write', write_id), due)
    returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at) into staged;
  return staged;
end $$;
comment on function inbox.stage_write(text, text, timestamptz) is 'Replaces the message that carries an own write on.';
revoke execute on function inbox.stage_write(text, text, timestamptz) from public;
grant execute on function inbox.stage_write(text, text, timestamptz) to omneuro_app;

-- Takes a write, or without an id the oldest that waits for nobody, under a lease and writes the attempt down before the call: {state} of one that is over, else {do: send | ask, ...}.
-- A write whose call was made and never settled is asked about, never sent blindly again.
create or replace function inbox.claim_write(write_id text, new_token uuid, lease interval, outbox_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  w inbox.own_writes; src identity.project_sources; asks boolean; about text;
begin
  if write_id is null then
    select o.id into write_id from inbox.own_writes o where o.project_id = p and o.state in ('pending', 'sending', 'unknown')
      and coalesce(o.lease_until, o.updated_at) < at - interval '1 minute' order by o.requested_at, o.id limit 1;
    if write_id is null then return '{"state": "idle"}'; end if;
  end if;
  select o.conversation_global_id into about from inbox.own_writes o where o.project_id = p and o.id = write_id;
  if about is null then perform shared.fail('not_found', 'own_write_unknown'); end if;
  perform inbox.hold_conversation(about);
  select o.* into w from inbox.own_writes o where o.project_id = p and o.id = write_id for update;
  if w.state in ('done', 'failed') then return jsonb_build_object('state', w.state); end if;
  if w.lease_until > at then perform shared.fail('limited', 'own_write_busy', '{"retryAfter": 60}'); end if;
  asks := w.state <> 'pending';
  update inbox.own_writes o set token = new_token, lease_until = at + lease, updated_at = at,
      state = case when asks then 'unknown' else 'sending' end, sent_at = case when asks then o.sent_at else coalesce(o.sent_at, at) end,
      attempts = o.attempts + (not asks)::int, lookups = o.lookups + asks::int
    where o.project_id = p and o.id = write_id returning o.* into w;
  perform inbox.stage_write(write_id, outbox_id, w.lease_until);
  select s.* into src from identity.project_sources s
    where s.project_id = p and s.source_kind = 'chatwoot_account' and s.external_id = w.account_id::text and s.disabled_at is null;
  return jsonb_build_object('state', w.state, 'do', case when asks then 'ask' else 'send' end, 'id', w.id, 'kind', w.kind, 'wanted', w.wanted,
    'conversation', w.conversation_id, 'since', w.sent_at, 'source', src.id, 'account', src.external_id, 'url', src.api_url, 'sealed', src.api_token_sealed,
    'calm', w.kind = 'note' or inbox.is_calm(w.conversation_global_id));
end $$;
comment on function inbox.claim_write(text, uuid, interval, text) is 'Leases an own write to one token, its attempt written down.';
revoke execute on function inbox.claim_write(text, uuid, interval, text) from public;
grant execute on function inbox.claim_write(text, uuid, interval, text) to omneuro_app;

-- What became of the call. told: {outcome: done | later | unknown | absent | failed, code, message: Chatwoot's number, most: attempts,
-- wait: seconds, event, outbox}. Later: it was certainly not taken. Absent: it was asked for and is not there.
-- Returns {state, staged}. A write that its echo has settled meanwhile stays so.
create or replace function inbox.settle_write(write_id text, held_token uuid, told jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  outcome text := told->>'outcome'; number constant bigint := (told->>'message')::bigint;
  w inbox.own_writes; about text; onward text; why text := told->>'code'; is_known boolean := false;
begin
  select o.conversation_global_id into about from inbox.own_writes o where o.project_id = p and o.id = write_id;
  if about is null then perform shared.fail('not_found', 'own_write_unknown'); end if;
  perform inbox.hold_conversation(about);
  select o.* into w from inbox.own_writes o where o.project_id = p and o.id = write_id for update;
  if w.state = 'done' and outcome = 'done' then
    -- Chatwoot's own answer outranks a reference that somebody may have copied.
    if w.cw_message_id is distinct from number and number is not null then perform inbox.link_message(w, number, at); end if;
    return jsonb_build_object('state', w.state);
  end if;
  if w.token is distinct from held_token or w.state not in ('sending', 'unknown') then return jsonb_build_object('state', w.state); end if;

  onward := case outcome when 'done' then 'done' when 'unknown' then 'unknown' when 'failed' then 'failed'
    when 'later' then case when w.state = 'unknown' then 'unknown' when w.attempts >= (told->>'most')::int then 'failed' else 'pending' end
    -- What was not there twice may be sent again. A field that has another value may have been changed since: it is left alone.
    when 'absent' then case when w.kind <> 'note' then 'failed' when w.lookups < 2 then 'unknown'
      when w.attempts >= (told->>'most')::int then 'failed' else 'pending' end end;
  why := case when onward = 'done' then null when outcome = 'absent' and w.kind <> 'note' then 'not_applied'
    when onward = 'failed' and outcome in ('later', 'absent') then 'attempts_exhausted' else why end;
  -- Nobody can tell for a day: an operator may look himself.
  if onward = 'unknown' and w.lookups >= 20 then onward := 'failed'; why := 'unresolved'; end if;
  update inbox.own_writes o set state = onward, code = why, token = null, lease_until = null, updated_at = at,
      lookups = case when onward = 'pending' then 0 else o.lookups end,
      wanted = case when onward = 'done' then o.wanted - 'text' else o.wanted end
    where o.project_id = p and o.id = write_id returning o.* into w;
  if onward = 'done' and number is not null then perform inbox.link_message(w, number, at); end if;
  if onward in ('done', 'failed') then
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', told->>'event', 'kind', 'inbox.write.' || onward, 'ref_type', 'own_write',
      'ref_id', w.id, 'ts', at, 'payload', jsonb_strip_nulls(jsonb_build_object('kind', w.kind, 'conversation', w.conversation_global_id, 'code', why)))));
  end if;
  return jsonb_build_object('state', onward, 'staged',
    inbox.stage_write(write_id, case when onward in ('pending', 'unknown') then told->>'outbox' end, at + make_interval(secs => coalesce((told->>'wait')::float8, 0))));
end $$;
comment on function inbox.settle_write(text, uuid, jsonb) is 'Writes down what became of an own write, where the token still holds.';
revoke execute on function inbox.settle_write(text, uuid, jsonb) from public;
grant execute on function inbox.settle_write(text, uuid, jsonb) to omneuro_app;

-- The mirror's row of a note, if it is there already; what carried our reference without being it loses the mark.
create or replace function inbox.link_message(w inbox.own_writes, number bigint, at timestamptz) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare p constant uuid := shared.scope(); here boolean;
begin
  if w.cw_message_id <> number then
    update inbox.cw_messages m set own_ref = null
      where m.project_id = p and m.account_id = w.account_id and m.message_id = w.cw_message_id and m.own_ref = w.id;
  end if;
  update inbox.cw_messages m set own_ref = w.id
    where m.project_id = p and m.account_id = w.account_id and m.message_id = number and m.conversation_global_id = w.conversation_global_id
      and m.own_ref is distinct from w.id;
  here := found;
  update inbox.own_writes o set cw_message_id = number, linked_at = case when here then at when o.cw_message_id = number then o.linked_at end, updated_at = at
    where o.project_id = p and o.id = w.id
      and not exists (select from inbox.own_writes x where x.project_id = p and x.account_id = w.account_id and x.cw_message_id = number and x.id <> w.id);
end $$;
comment on function inbox.link_message(inbox.own_writes, bigint, timestamptz) is 'Ties an own note to the message that Chatwoot made of it.';
revoke execute on function inbox.link_message(inbox.own_writes, bigint, timestamptz) from public;
grant execute on function inbox.link_message(inbox.own_writes, bigint, timestamptz) to omneuro_app;

-- Which of the weighed messages are ours: by the reference that travelled with them, else by the number that Chatwoot answered with.
-- A reference counts only in the conversation, and as the kind of message, that it was written for, and once: an unknown one, another
-- tenant's or a copied one changes nothing. The caller holds the conversations' locks. Returns the messages, ours with own_ref.
create or replace function inbox.own(messages jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  ours jsonb; sent jsonb; over text[];
begin
  if not jsonb_path_exists(messages, '$[*] ? (@.sender_type != "contact" && @.message_type != "incoming" && @.deleted == false)') then return messages; end if;
  with told as materialized (
    select m.*, m.data->'content_attributes'->>'omneuro_ref' as ref
    from jsonb_to_recordset(messages) m (action text, id text, account_id bigint, message_id bigint, conversation text, conversation_id bigint, sender_type text,
      message_type text, private boolean, deleted boolean, data jsonb, ledger text)
    where m.sender_type is distinct from 'contact' and m.message_type is distinct from 'incoming' and not m.deleted and m.action in ('insert', 'edit', 'touch')
  ), meant as (
    select t.id, t.message_id, t.ledger, coalesce(n.id, r.id) as write
    from told t left join lateral (
      select o.id from inbox.own_writes o where o.project_id = p and o.account_id = t.account_id and o.cw_message_id = t.message_id
        and o.conversation_global_id = t.conversation offset 0) n on true
    left join lateral (
      select o.id from inbox.own_writes o where o.project_id = p and o.id = t.ref and o.kind = 'note' and t.private and o.attempts > 0
        and o.conversation_global_id = t.conversation and o.cw_message_id is null offset 0) r on n.id is null
  ), first as (
    select distinct on (w.write) w.* from meant w where w.write is not null order by w.write, w.message_id
  ), linked as (
    update inbox.own_writes o set state = 'done', code = null, cw_message_id = f.message_id, linked_at = coalesce(o.linked_at, at), token = null,
        lease_until = null, wanted = o.wanted - 'text', updated_at = at
      from first f where o.project_id = p and o.id = f.write and (o.linked_at is null or o.state <> 'done')
      returning o.id)
  select (select jsonb_object_agg(f.id, f.write) from first f), array(select l.id from linked l),
      (select jsonb_agg(jsonb_build_object('ref', t.ref, 'message', t.message_id, 'conversation', t.conversation_id, 'account', t.account_id, 'row', t.id)
        order by t.ref, t.message_id) from told t where t.ref ~ '^msg_' and not t.private)
    into ours, over, sent;
  -- Nothing is left to be done for it.
  if cardinality(over) > 0 then
    update shared.outbox o set state = 'done', updated_at = at
      where o.project_id = p and o.kind = 'inbox.write' and o.dedupe_key = any(over) and o.state = 'pending';
  end if;
  if sent is not null then ours := coalesce(ours, '{}') || outbound.echoed(sent); end if;
  if ours is null or ours = '{}' then return messages; end if;
  return (select jsonb_agg(case when ours ? (m.value->>'id') then m.value || jsonb_build_object('own_ref', ours->(m.value->>'id')) else m.value end order by m.ordinality)
    from jsonb_array_elements(messages) with ordinality m);
end $$;
comment on function inbox.own(jsonb) is 'Recognises what we wrote ourselves among messages that Chatwoot tells.';
revoke execute on function inbox.own(jsonb) from public;
grant execute on function inbox.own(jsonb) to omneuro_app;
