-- The steps of a run, one per phase. Each checks the token first and returns the next piece of work, or null to who lost the run.

-- A page of the listing: {entries: [{path, ref, sha, title, url, occurred_at, skipped}], cursor, complete, unchanged, checkpoint}.
create or replace function vault.note_entries(bound text, holder uuid, lease interval, most int, told jsonb, made jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); this uuid;
begin
  if not vault.holds(bound, holder, lease) then return null; end if;
  select s.run into this from vault.sync_status s where s.project_id = p and s.id = bound;
  insert into vault.entries as t (project_id, account_scope_id, source_id, path, ref, sha, title, url, occurred_at, run, skipped)
    select p, nullif(current_setting('app.account_scope_id', true), '')::uuid, bound, e.path, e.ref, e.sha, e.title, e.url, e.occurred_at, this, e.skipped
    from (select distinct on (x.path) x.* from jsonb_to_recordset(told->'entries') x (path text, ref text, sha text, title text, url text,
      occurred_at timestamptz, skipped text) order by x.path) e
    where not shared.is_away('vault.away', vault.marks(bound, e.path, e.ref, null))
    on conflict (project_id, source_id, path) do update set ref = excluded.ref, title = excluded.title, url = excluded.url,
      occurred_at = excluded.occurred_at, run = excluded.run, sha = excluded.sha,
      -- What was no text stays none until it changes; what was not to be had is tried again.
      skipped = coalesce(excluded.skipped, case when t.sha = excluded.sha then nullif(t.skipped, 'unreadable') end);
  if (told->>'unchanged')::boolean then
    update vault.sync_status s set next_checkpoint = told->'checkpoint' where s.project_id = p and s.id = bound;
    return vault.finish(bound, made);
  end if;
  update vault.sync_status s set cursor = told->'cursor', next_checkpoint = coalesce(nullif(told->'checkpoint', 'null'), s.next_checkpoint),
      phase = case when (told->>'complete')::boolean then 'fetch' else 'list' end
    where s.project_id = p and s.id = bound;
  if (told->>'complete')::boolean then
    delete from vault.entries e where e.project_id = p and e.source_id = bound and e.run <> this;
  end if;
  return vault.work(bound, most, made);
end $$;
comment on function vault.note_entries(text, uuid, interval, int, jsonb, jsonb) is 'Takes down a page of what a source lists.';
revoke execute on function vault.note_entries(text, uuid, interval, int, jsonb, jsonb) from public;
grant execute on function vault.note_entries(text, uuid, interval, int, jsonb, jsonb) to omneuro_app;

-- Contents: {documents: [{id, evidence, ledger, path, ref, sha, hash, content, title, url, lang, at, chunks: [{id, text}]}],
-- skipped: [{path, reason}], embed: outbox id}. Returns {…work, embed: wake-up of the embedder or null}.
create or replace function vault.put_documents(bound text, holder uuid, lease interval, most int, told jsonb, made jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); place vault.sources; sources jsonb; ledger jsonb; doubted jsonb; waiting int := 0; wake jsonb; away jsonb; fresh jsonb;
begin
  if not vault.holds(bound, holder, lease) then return null; end if;
  -- What was erased is not asked for again until it says something else.
  select coalesce(jsonb_agg(d.one) filter (where not d.gone), '[]'), coalesce(jsonb_agg(d.one->'path') filter (where d.gone), '[]') into fresh, away
    from (select x as one, shared.is_away('vault.away', vault.marks(bound, x->>'path', x->>'ref', x->>'hash')) as gone from jsonb_array_elements(told->'documents') x) d;
  update vault.entries n set skipped = 'erased' where n.project_id = p and n.source_id = bound and away ? n.path;
  -- Locked, so that who changes the audience meanwhile does so for these documents too.
  select v.* into place from vault.sources v where v.project_id = p and v.id = bound for share;
  update vault.entries e set skipped = k.reason from jsonb_to_recordset(told->'skipped') k (path text, reason text)
    where e.project_id = p and e.source_id = bound and e.path = k.path;
  with put as (
    insert into vault.documents as t (project_id, account_scope_id, id, source_id, source, repository, path, content, sha, metadata)
      select p, place.account_scope_id, d.id, bound, place.source, place.repository, d.path, d.content, d.sha,
        jsonb_build_object('title', d.title, 'url', d.url, 'ref', d.ref, 'occurred_at', d.at)
      from jsonb_to_recordset(fresh) d (id text, path text, ref text, sha text, content text, title text, url text, at timestamptz)
      order by d.path
      on conflict (project_id, source, repository, path) do update set content = excluded.content, sha = excluded.sha,
        metadata = excluded.metadata, updated_at = shared.clock(), version = t.version + 1
      returning t.id, t.path, t.version)
  select jsonb_agg(jsonb_build_object('source_table', 'vault.documents', 'source_pk', u.id, 'evidence', d.evidence, 'content_hash', d.hash,
        'visibility', place.visibility, 'occurred_at', d.at, 'lang', d.lang, 'fresh', u.version = 1, 'chunks', d.chunks)),
      jsonb_agg(jsonb_build_object('id', d.ledger, 'kind', case u.version when 1 then 'vault.document.stored' else 'vault.document.changed' end,
        'ref_type', 'document', 'ref_id', u.id, 'ts', shared.clock(),
        'payload', jsonb_build_object('source', bound, 'chunks', jsonb_array_length(d.chunks))))
    into sources, ledger
    from put u join jsonb_to_recordset(fresh) d (evidence text, ledger text, path text, hash text, lang text, at timestamptz, chunks jsonb)
      on d.path = u.path;
  if sources is not null then
    doubted := shared.put_evidence(sources);
    if doubted is not null then perform memory.doubt_answers(doubted); end if;
    perform memory.realign_chunks(sources);
    waiting := memory.put_chunks(sources);
    perform shared.record_events(ledger);
    update vault.sync_status s set changed = s.changed + jsonb_array_length(sources) where s.project_id = p and s.id = bound;
  end if;
  if waiting > 0 then wake := memory.ask_embedding(told->>'embed'); end if;
  return vault.work(bound, most, made) || jsonb_build_object('embed', wake);
end $$;
comment on function vault.put_documents(text, uuid, interval, int, jsonb, jsonb) is 'Stores fetched documents with their evidence and passages.';
revoke execute on function vault.put_documents(text, uuid, interval, int, jsonb, jsonb) from public;
grant execute on function vault.put_documents(text, uuid, interval, int, jsonb, jsonb) to omneuro_app;

-- What has vanished: {gone: [{id, tombstone, ledger}], kept: [{path, ref}]}; kept is what the listing left out and is there all the same.
create or replace function vault.remove_documents(bound text, holder uuid, lease interval, most int, told jsonb, made jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); this uuid; sources jsonb; doubted jsonb;
begin
  if not vault.holds(bound, holder, lease) then return null; end if;
  select s.run into this from vault.sync_status s where s.project_id = p and s.id = bound;
  insert into vault.entries (project_id, account_scope_id, source_id, path, ref, sha, title, url, run)
    select p, d.account_scope_id, bound, d.path, coalesce(k.ref, d.path), d.sha, d.metadata->>'title', d.metadata->>'url', this
    from jsonb_to_recordset(told->'kept') k (path text, ref text)
      join vault.documents d on d.project_id = p and d.source_id = bound and d.path = k.path
    on conflict (project_id, source_id, path) do update set run = excluded.run, skipped = null;
  select jsonb_agg(jsonb_build_object('source_table', e.source_table, 'source_pk', e.source_pk, 'evidence', e.id, 'content_hash', e.content_hash,
      'visibility', e.visibility, 'occurred_at', e.occurred_at, 'withdrawn_at', shared.clock(), 'fresh', false, 'chunks', '[]'::jsonb))
    into sources from jsonb_to_recordset(told->'gone') g (id text)
      join vault.documents d on d.project_id = p and d.source_id = bound and d.id = g.id
      join shared.evidence_items e on e.project_id = p and e.source_table = 'vault.documents' and e.source_pk = g.id;
  if sources is not null then
    doubted := shared.put_evidence(sources);
    if doubted is not null then perform memory.doubt_answers(doubted); end if;
    perform memory.put_chunks(sources);
    insert into shared.tombstones (project_id, account_scope_id, id, object_type, object_id, reason)
      select p, nullif(current_setting('app.account_scope_id', true), '')::uuid, g.tombstone, 'vault.documents', g.id, 'source_delete'
      from jsonb_to_recordset(told->'gone') g (id text, tombstone text) order by g.id
      on conflict do nothing;
    perform shared.record_events((select jsonb_agg(jsonb_build_object('id', g.ledger, 'kind', 'vault.document.removed', 'ref_type', 'document',
      'ref_id', g.id, 'ts', shared.clock(), 'payload', jsonb_build_object('source', bound)))
      from jsonb_to_recordset(told->'gone') g (id text, ledger text)));
    delete from vault.documents d where d.project_id = p and d.source_id = bound
      and d.id in (select g->>'id' from jsonb_array_elements(told->'gone') g);
    update vault.sync_status s set removed = s.removed + jsonb_array_length(sources) where s.project_id = p and s.id = bound;
  end if;
  return vault.work(bound, most, made);
end $$;
comment on function vault.remove_documents(text, uuid, interval, int, jsonb, jsonb) is 'Takes away documents that have vanished, with passages and vectors; their evidence is withdrawn.';
revoke execute on function vault.remove_documents(text, uuid, interval, int, jsonb, jsonb) from public;
grant execute on function vault.remove_documents(text, uuid, interval, int, jsonb, jsonb) to omneuro_app;
