-- An entry from elsewhere, by its stable name there: {entry, ledger, source_id, url, type, title, body, tags, visibility, refs}.
-- The same words from the same place are nothing new. A draft takes new words. What is live stays as it was approved, and a draft
-- that is to replace it is written, or rewritten. What is under review is left alone: offer it again when it is decided.
create or replace function memory.import_entry(told jsonb) returns table (outcome text, entry memory.kb_entries)
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
#variable_conflict use_column
declare
  p constant uuid := shared.scope();
  name constant text := told->>'source_id';
  print constant text := memory.kb_fingerprint(told->>'title', told->>'body', told->>'url');
  given constant text[] := array(select jsonb_array_elements_text(told->'tags'));
  refs constant text[] := array(select jsonb_array_elements_text(told->'refs'));
  known memory.kb_entries; e memory.kb_entries; what text;
begin
  perform pg_advisory_xact_lock(29, hashtext(p || ' import ' || name));
  if shared.is_away('memory.away', array['name:' || name, 'words:' || print]) then
    perform shared.fail('gone', 'erased', jsonb_build_object('detail', 'It was erased, and an import does not bring it back.'));
  end if;
  -- The draft before what it would replace.
  select k.* into known from memory.kb_entries k where k.project_id = p and k.source_id = name and k.status <> 'deprecated'
    order by k.status = 'draft' desc, k.created_at desc, k.id desc limit 1;
  if known.source_fingerprint = print and known.type = told->>'type' and known.tags = given
    and known.visibility = (told->>'visibility')::smallint then
    return query select 'unchanged', known;
    return;
  end if;
  if known.status = 'review' then
    return query select 'under_review', known;
    return;
  end if;
  if known.status = 'draft' then
    update memory.kb_entries k set type = told->>'type', title = told->>'title', body = told->>'body', tags = given,
        visibility = (told->>'visibility')::smallint, source_url = told->>'url', evidence_refs = refs, updated_at = shared.clock()
      where k.project_id = p and k.id = known.id returning k.* into e;
    what := 'changed';
  else
    insert into memory.kb_entries as k (project_id, id, origin, source_id, source_url, type, title, body, tags, visibility, evidence_refs, replaces)
      values (p, told->>'entry', 'import', name, told->>'url', told->>'type', told->>'title', told->>'body', given,
        (told->>'visibility')::smallint, refs, known.id) returning k.* into e;
    what := case when known.id is null then 'created' else 'replacement_drafted' end;
  end if;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', told->>'ledger', 'kind', 'memory.entry.imported', 'ref_type', 'entry',
    'ref_id', e.id, 'ts', shared.clock(), 'payload', jsonb_build_object('outcome', what, 'version', e.version))));
  return query select what, e;
end $$;
comment on function memory.import_entry(jsonb) is 'Puts an imported entry, once for the same words: {outcome: created, changed, unchanged, under_review or replacement_drafted, entry}.';
revoke execute on function memory.import_entry(jsonb) from public;
grant execute on function memory.import_entry(jsonb) to omneuro_app;
