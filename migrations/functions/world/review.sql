-- What was proposed and somebody decides on. Nothing is changed in place: a proposal is kept by recording a fact.

-- decision: save_global, save_session_only, discard; `fresh` is the id of what is kept for everybody.
create or replace function world.review_fact(wanted text, decision text, fresh text) returns world.facts
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); f world.facts; made world.facts; at timestamptz := shared.clock();
begin
  select x.* into f from world.facts x where x.project_id = p and x.root_id = wanted order by x.superseded_at is null desc, x.recorded_at desc, x.id limit 1 for update;
  if f.id is null then perform shared.fail('not_found', 'fact_unknown'); end if;
  if f.superseded_at is not null or f.review_state <> 'proposed' then
    perform shared.fail('conflict', 'fact_reviewed', jsonb_build_object('detail', 'It waits for no decision.'));
  end if;
  at := greatest(at, f.recorded_at);
  if decision = 'save_session_only' then
    if f.session_id is null then perform shared.fail('conflict', 'session_missing', jsonb_build_object('detail', 'It was not said in a rehearsal.')); end if;
    made := world.settle(f, at);
  elsif decision = 'save_global' then
    made := world.put_fact(jsonb_build_object('id', fresh, 'subject', f.subject_entity_id, 'key', f.key, 'value', f.value, 'value_type', f.value_type,
      'unit', f.unit, 'valid_from', f.valid_from, 'valid_to', f.valid_to, 'visibility', f.visibility, 'contact', f.contact_id,
      'source_type', 'user_confirmed_extraction', 'source_ref', f.source_ref, 'evidence', f.evidence_id, 'evidence_version', f.evidence_version,
      'origin', 'user_confirmed_extraction:' || current_setting('app.actor'), 'extractor_version', f.extractor_version,
      'model_version', f.model_version, 'prompt_version', f.prompt_version));
    if f.session_id is not null then
      perform world.settle(f, at);
    else
      update world.facts x set superseded_at = at, superseded_by = made.id where x.project_id = p and x.id = f.id;
    end if;
  else
    update world.knowledge_edges e set superseded_at = greatest(at, e.recorded_at) where e.project_id = p and e.fact_id = f.root_id and e.superseded_at is null;
    update world.facts x set review_state = 'discarded', superseded_at = greatest(at, x.recorded_at)
      where x.project_id = p and x.root_id = f.root_id and x.superseded_at is null;
    select x.* into made from world.facts x where x.project_id = p and x.id = f.id;
  end if;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', f.id || ' reviewed'),
    'kind', case decision when 'discard' then 'fact.rejected' else 'fact.confirmed' end, 'ref_type', 'fact', 'ref_id', f.root_id, 'ts', shared.clock(),
    'payload', jsonb_strip_nulls(jsonb_build_object('decision', decision, 'session', f.session_id, 'kept_as', nullif(made.root_id, f.root_id))))));
  return made;
end $$;
comment on function world.review_fact(text, text, text) is 'Keeps what was proposed for everybody or for its rehearsal, or lets it go with all who were said to know it.';
revoke execute on function world.review_fact(text, text, text) from public;
grant execute on function world.review_fact(text, text, text) to omneuro_app;

create or replace function world.settle(f world.facts, at timestamptz) returns world.facts
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare made world.facts;
begin
  update world.facts x set superseded_at = greatest(at, x.recorded_at), superseded_by = f.id where x.project_id = f.project_id and x.session_id = f.session_id
    and x.subject_entity_id = f.subject_entity_id and x.key = f.key and x.origin = f.origin and x.superseded_at is null and x.review_state = 'session'
    and tstzrange(x.valid_from, x.valid_to) && tstzrange(f.valid_from, f.valid_to);
  update world.facts x set review_state = 'session' where x.project_id = f.project_id and x.id = f.id returning x.* into made;
  return made;
end $$;
comment on function world.settle(world.facts, timestamptz) is 'What was said in a rehearsal is true there, and no proposal any more.';
revoke execute on function world.settle(world.facts, timestamptz) from public;
grant execute on function world.settle(world.facts, timestamptz) to omneuro_app;
