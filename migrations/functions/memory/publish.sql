-- What recall knows of an entry: nothing before it is live, its newest words while it is, nothing after.

-- told: {evidence, lang, passages: [{id, text}]}. New words are found at once; where they took the place of others, the vector of
-- those stands in until the new one is there, so that a live entry is at no moment without meaning.
create or replace function memory.remember_entry(e memory.kb_entries, told jsonb) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); sources jsonb; doubted jsonb;
begin
  sources := jsonb_build_array(jsonb_build_object('source_table', 'memory.kb_entries', 'source_pk', e.id, 'evidence', told->>'evidence',
    'content_hash', e.source_fingerprint, 'visibility', e.visibility, 'occurred_at', shared.clock(), 'lang', told->>'lang', 'fresh', false,
    'stand_in', true, 'chunks', told->'passages'));
  doubted := shared.put_evidence(sources);
  if doubted is not null then perform memory.doubt_answers(doubted); end if;
  perform memory.realign_chunks(sources);
  perform memory.put_chunks(sources);
  update memory.kb_versions v set evidence_version = i.version from shared.evidence_items i
    where v.project_id = p and v.entry_id = e.id and v.version = e.version
      and i.project_id = p and i.source_table = 'memory.kb_entries' and i.source_pk = e.id;
end $$;
comment on function memory.remember_entry(memory.kb_entries, jsonb) is 'Brings evidence, passages and vectors of a live entry in line with its words.';
revoke execute on function memory.remember_entry(memory.kb_entries, jsonb) from public;
grant execute on function memory.remember_entry(memory.kb_entries, jsonb) to omneuro_app;

-- Out of use: not found, not cited any more. What was quoted from it stays where it was quoted, and is said to be old.
create or replace function memory.forget_entry(entry text) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); gone text;
begin
  perform memory.put_chunks(jsonb_build_array(jsonb_build_object('source_table', 'memory.kb_entries', 'source_pk', entry,
    'fresh', false, 'chunks', '[]'::jsonb)));
  update shared.evidence_items i set withdrawn_at = shared.clock(), updated_at = shared.clock(), version = i.version + 1
    where i.project_id = p and i.source_table = 'memory.kb_entries' and i.source_pk = entry and i.withdrawn_at is null
    returning i.id into gone;
  if gone is not null then
    perform memory.doubt_answers(jsonb_build_array(jsonb_build_object('id', gone, 'reason', 'evidence_deprecated')));
  end if;
end $$;
comment on function memory.forget_entry(text) is 'Takes an entry out of recall; answers that cite it are doubted, their quotes stay.';
revoke execute on function memory.forget_entry(text) from public;
grant execute on function memory.forget_entry(text) to omneuro_app;

-- told: {id, version, evidence, lang, passages}. No row when it is not under review in that version. What it replaces goes out of use with it.
create or replace function memory.publish_entry(told jsonb) returns setof memory.kb_entries
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); e memory.kb_entries; before memory.kb_entries;
begin
  update memory.kb_entries k set status = 'live', published_at = shared.clock(), published_by = current_setting('app.actor'), updated_at = shared.clock()
    where k.project_id = p and k.id = told->>'id' and k.version = (told->>'version')::int and k.status = 'review'
    returning k.* into e;
  if not found then return; end if;
  if e.replaces is not null then
    update memory.kb_entries k set status = 'deprecated', replaced_by = e.id, deprecated_at = shared.clock(),
        deprecated_by = current_setting('app.actor'), updated_at = shared.clock()
      where k.project_id = p and k.id = e.replaces and k.status = 'live' returning k.* into before;
    if not found then
      select k.* into before from memory.kb_entries k where k.project_id = p and k.id = e.replaces;
      perform shared.fail('conflict', 'knowledge_replaced_already', jsonb_build_object('replaced_by', before.replaced_by,
        'detail', 'What it was to replace is not live any more: return it, and look at what is.'));
    end if;
    perform memory.forget_entry(before.id);
  end if;
  perform memory.remember_entry(e, told);
  return next e;
end $$;
comment on function memory.publish_entry(jsonb) is 'An entry under review goes live, and what it replaces out of use.';
revoke execute on function memory.publish_entry(jsonb) from public;
grant execute on function memory.publish_entry(jsonb) to omneuro_app;

-- told: {id, version, type?, title, body, tags?, visibility?, evidence, lang, passages}: other words of an entry that stays live.
create or replace function memory.revise_entry(told jsonb) returns setof memory.kb_entries
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare e memory.kb_entries;
begin
  update memory.kb_entries k set type = coalesce(told->>'type', k.type), title = told->>'title', body = told->>'body',
      tags = case jsonb_typeof(told->'tags') when 'array' then array(select jsonb_array_elements_text(told->'tags')) else k.tags end,
      visibility = coalesce((told->>'visibility')::smallint, k.visibility),
      evidence_refs = case jsonb_typeof(told->'refs') when 'array' then array(select jsonb_array_elements_text(told->'refs')) else k.evidence_refs end,
      published_at = shared.clock(), published_by = current_setting('app.actor'), updated_at = shared.clock()
    where k.project_id = shared.scope() and k.id = told->>'id' and k.version = (told->>'version')::int and k.status = 'live'
    returning k.* into e;
  if not found then return; end if;
  perform memory.remember_entry(e, told);
  return next e;
end $$;
comment on function memory.revise_entry(jsonb) is 'Changes a live entry; its former words stay among its versions.';
revoke execute on function memory.revise_entry(jsonb) from public;
grant execute on function memory.revise_entry(jsonb) to omneuro_app;

-- told: {id, reason, replaced_by}.
create or replace function memory.deprecate_entry(told jsonb) returns setof memory.kb_entries
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); e memory.kb_entries; heir constant text := told->>'replaced_by';
begin
  if heir is not null and not exists (select from memory.kb_entries k
      where k.project_id = p and k.id = heir and k.status = 'live' and k.id <> told->>'id') then
    perform shared.fail('conflict', 'knowledge_replacement_not_live', jsonb_build_object(
      'detail', 'Only another entry that is live can take its place.'));
  end if;
  update memory.kb_entries k set status = 'deprecated', replaced_by = heir, deprecated_reason = told->>'reason', deprecated_at = shared.clock(),
      deprecated_by = current_setting('app.actor'), updated_at = shared.clock()
    where k.project_id = p and k.id = told->>'id' and k.status = 'live' returning k.* into e;
  if not found then return; end if;
  perform memory.forget_entry(e.id);
  return next e;
end $$;
comment on function memory.deprecate_entry(jsonb) is 'Takes a live entry out of use, with the live one that replaces it if there is one.';
revoke execute on function memory.deprecate_entry(jsonb) from public;
grant execute on function memory.deprecate_entry(jsonb) to omneuro_app;

-- The embedder is asked for only where something of the entry waits.
create or replace function memory.entry_wake(entry text, outbox_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$ begin
  if not exists (select from memory.chunks c join memory.pending q on q.project_id = c.project_id and q.chunk_id = c.id
      where c.project_id = shared.scope() and c.source_table = 'memory.kb_entries' and c.source_pk = entry) then return null; end if;
  return memory.ask_embedding(outbox_id);
end $$;
comment on function memory.entry_wake(text, text) is 'Stages the embedder''s wake-up where a passage of the entry waits.';
revoke execute on function memory.entry_wake(text, text) from public;
grant execute on function memory.entry_wake(text, text) to omneuro_app;
