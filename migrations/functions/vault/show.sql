-- Who may be answered from a source: its documents, their evidence, passages and vectors change together. Answers that cited
-- them are doubted, since their readers may have changed.
create or replace function vault.show(wanted text, shown smallint) returns setof vault.sources
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); keys text[]; changed jsonb; doubted jsonb;
begin
  update vault.sources v set visibility = shown, updated_at = shared.clock(), version = v.version + 1
    where v.project_id = p and v.id = wanted;
  if not found then return; end if;
  keys := array(select d.id from vault.documents d where d.project_id = p and d.source_id = wanted order by d.id);
  select jsonb_agg(jsonb_build_object('evidence', e.id, 'source_table', e.source_table, 'source_pk', e.source_pk, 'content_hash', e.content_hash,
      'visibility', shown, 'occurred_at', e.occurred_at))
    into changed from shared.evidence_items e where e.project_id = p and e.source_table = 'vault.documents' and e.source_pk = any(keys);
  if changed is not null then
    doubted := shared.put_evidence(changed);
    if doubted is not null then perform memory.doubt_answers(doubted); end if;
    perform memory.show_chunks('vault.documents', keys, shown);
  end if;
  return query select v.* from vault.sources v where v.project_id = p and v.id = wanted;
end $$;
comment on function vault.show(text, smallint) is 'Changes who may be answered from a source''s documents.';
revoke execute on function vault.show(text, smallint) from public;
grant execute on function vault.show(text, smallint) to omneuro_app;

-- A verified webhook: noted once by its id. A push of the right branch asks for a sync. {outcome, wake}.
create or replace function vault.hear(told jsonb, outbox text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); wants constant boolean := (told->>'wants')::boolean; outcome text; known text;
begin
  select d.body_hash into known from vault.deliveries d
    where d.project_id = p and d.source_id = told->>'source' and d.delivery_id = told->>'delivery' limit 1;
  outcome := case when known <> told->>'hash' then 'replayed' when wants then 'started' else 'ignored' end;
  insert into vault.deliveries (project_id, account_scope_id, id, source_id, delivery_id, event, body_hash, outcome, raw)
    values (p, nullif(current_setting('app.account_scope_id', true), '')::uuid, told->>'id', told->>'source', told->>'delivery',
      told->>'event', told->>'hash', outcome, nullif(told->'raw', 'null'))
    on conflict do nothing;
  if not found then return jsonb_build_object('outcome', 'duplicate'); end if;
  if outcome <> 'started' then return jsonb_build_object('outcome', outcome); end if;
  return jsonb_build_object('outcome', outcome, 'wake', vault.ask_sync(told->>'source', outbox));
end $$;
comment on function vault.hear(jsonb, text) is 'Takes up a verified webhook of a source of documents, once.';
revoke execute on function vault.hear(jsonb, text) from public;
grant execute on function vault.hear(jsonb, text) to omneuro_app;
