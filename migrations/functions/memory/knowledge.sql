-- Entries: how they may move, and the history of their words, held against every writer.
create or replace function memory.kb_allowed(status text) returns text[]
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select coalesce(array_agg(t.next order by t.next), '{}') from memory.kb_transitions t where t.state = status $$;
comment on function memory.kb_allowed(text) is 'The states that may follow.';

create or replace function memory.kb_fingerprint(title text, body text, url text) returns text
  language sql immutable set search_path = pg_catalog, pg_temp
  as $$ select encode(sha256(convert_to(btrim(regexp_replace(normalize(title || E'\n' || body, NFC), '\s+', ' ', 'g'))
    || coalesce(E'\n' || url, ''), 'UTF8')), 'hex') $$;
comment on function memory.kb_fingerprint(text, text, text) is 'SHA-256 of normalised words and the address they came from: the same twice means nothing new.';

create or replace function memory.assert_citable(refs text[]) returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare known int; gone int;
begin
  select count(*), count(e.withdrawn_at) into known, gone from shared.evidence_items e where e.project_id = shared.scope() and e.id = any (refs);
  if known < (select count(distinct r) from unnest(refs) r) then perform shared.fail('not_found', 'evidence_unknown'); end if;
  if gone > 0 then perform shared.fail('conflict', 'evidence_withdrawn'); end if;
end $$;
comment on function memory.assert_citable(text[]) is 'Refuses evidence that is not there or was withdrawn.';
revoke execute on function memory.assert_citable(text[]) from public;
grant execute on function memory.assert_citable(text[]) to omneuro_app;

create or replace function memory.kb_guard() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
declare spoken boolean;
begin
  -- Whatever its state: what is erased goes.
  if tg_op = 'UPDATE' and nullif(current_setting('app.erasure', true), '') is not null then return new; end if;
  new.source_fingerprint := memory.kb_fingerprint(new.title, new.body, new.source_url);
  if new.evidence_refs <> '{}' and coalesce(current_setting('app.importing', true), '') <> 'on'
    and (tg_op = 'INSERT' or new.evidence_refs is distinct from old.evidence_refs) then perform memory.assert_citable(new.evidence_refs); end if;
  if tg_op = 'INSERT' then return new; end if;
  spoken := (new.title, new.body, new.type, new.tags, new.visibility) is distinct from (old.title, old.body, old.type, old.tags, old.visibility);
  new.version := old.version + spoken::int;
  -- Who writes it anew has looked.
  if spoken or new.evidence_refs is distinct from old.evidence_refs then new.stale_at := null; new.stale_reason := null; end if;
  if new.status is distinct from old.status
    and not exists (select from memory.kb_transitions t where t.state = old.status and t.next = new.status) then
    perform shared.fail('conflict', 'knowledge_invalid_state',
      jsonb_build_object('state', old.status, 'asked', new.status, 'allowed', to_jsonb(memory.kb_allowed(old.status))));
  end if;
  -- What is under review stays what the reviewer reads, and what is out of use what it was.
  if spoken and old.status in ('review', 'deprecated') then
    perform shared.fail('conflict', 'knowledge_invalid_state',
      jsonb_build_object('state', old.status, 'allowed', to_jsonb(memory.kb_allowed(old.status))));
  end if;
  return new;
end $$;
comment on function memory.kb_guard() is 'Refuses a move that the table of transitions does not know, and counts versions.';
create or replace trigger guard before insert or update on memory.kb_entries for each row execute function memory.kb_guard();

create or replace function memory.kb_remember() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
begin
  if tg_op = 'UPDATE' then
    if new.version = old.version then return null; end if;
  end if;
  -- An import brings the versions themselves.
  if current_setting('app.importing', true) = 'on' then return null; end if;
  insert into memory.kb_versions (project_id, account_scope_id, entry_id, version, type, title, body, tags, visibility, source_fingerprint, written_by)
    values (new.project_id, new.account_scope_id, new.id, new.version, new.type, new.title, new.body, new.tags, new.visibility,
      new.source_fingerprint, coalesce(nullif(current_setting('app.actor', true), ''), 'system'));
  return null;
end $$;
comment on function memory.kb_remember() is 'Keeps the words of every version.';
create or replace trigger remember after insert or update on memory.kb_entries for each row execute function memory.kb_remember();

-- A draft that something proposes: a job that was closed. Once for each proposal, also after somebody dismissed it; then null.
-- Called in the batch of the act it follows from; the event may be written before or after. It records the ledger row itself.
create or replace function memory.propose_entry(entry text, ledger text, proposal text, title text, body text, source_event text,
    kind text default 'diag', tags text[] default '{}') returns text
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); subject constant text := left(btrim(regexp_replace(title, '\s+', ' ', 'g')), 300);
begin
  -- Two at once: the statement after the lock sees what the first has committed.
  perform pg_advisory_xact_lock(29, hashtext(p || ' ' || proposal));
  if exists (select from memory.kb_proposals k where k.project_id = p and k.id = proposal) or exists (select from shared.tombstones t
    where t.project_id = p and t.object_type = 'memory.kb_proposals' and t.object_id = proposal) then return null; end if;
  insert into memory.kb_entries (project_id, id, origin, source_event_id, type, title, body, tags)
    values (p, entry, 'job', source_event, kind, case subject when '' then '–' else subject end,
      left(btrim(coalesce(body, '')), 20000), coalesce(tags, '{}'));
  insert into memory.kb_proposals (project_id, id, entry_id) values (p, proposal, entry);
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', ledger, 'kind', 'memory.entry.proposed', 'ref_type', 'entry',
    'ref_id', entry, 'ts', shared.clock(), 'payload', jsonb_build_object('origin', 'job', 'source_event', source_event))));
  return entry;
end $$;
comment on function memory.propose_entry(text, text, text, text, text, text, text, text[]) is
  'Drafts an internal entry once per proposal, with the event it rests on; the new entry''s id, or null when there was one.';
revoke execute on function memory.propose_entry(text, text, text, text, text, text, text, text[]) from public;
grant execute on function memory.propose_entry(text, text, text, text, text, text, text, text[]) to omneuro_app;
