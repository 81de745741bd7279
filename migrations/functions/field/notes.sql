-- A note about a job with its evidence and passages. note: {id, job, visibility, body, lang, content_hash, evidence, chunks}
create or replace function field.put_note(note jsonb) returns field.job_notes
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  j field.jobs := field.hold_job(note->>'job', null);
  n field.job_notes; sources jsonb; doubted jsonb;
begin
  insert into field.job_notes (project_id, id, job_id, visibility, body, written_by)
    values (j.project_id, note->>'id', j.id, note->>'visibility', note->>'body', current_setting('app.actor')) returning * into n;
  sources := jsonb_build_array(jsonb_build_object('source_table', 'field.job_notes', 'source_pk', n.id, 'evidence', note->>'evidence',
    'content_hash', note->>'content_hash', 'conversation', null, 'seq', null, 'contact', j.client_id,
    'visibility', case n.visibility when 'client' then 1 else 2 end, 'occurred_at', n.created_at, 'withdrawn_at', null, 'lang', note->>'lang',
    'fresh', true, 'chunks', note->'chunks'));
  doubted := shared.put_evidence(sources);
  if doubted is not null then perform memory.doubt_answers(doubted); end if;
  perform memory.put_chunks(sources);
  return n;
end $$;
comment on function field.put_note(jsonb) is 'Writes a note about a job, its evidence and its passages: its client''s own, or the house''s.';
revoke execute on function field.put_note(jsonb) from public;
grant execute on function field.put_note(jsonb) to omneuro_app;

create or replace function field.drop_note(job text, note text) returns field.job_notes
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  j field.jobs := field.hold_job(job, null);
  n field.job_notes; doubted jsonb;
begin
  delete from field.job_notes x where x.project_id = j.project_id and x.job_id = j.id and x.id = note returning * into n;
  if n.id is null then return null; end if;
  doubted := shared.withdraw_evidence('field.job_notes', array[n.id]);
  if doubted is not null then perform memory.doubt_answers(doubted); end if;
  perform memory.settle_sources(jsonb_build_array(jsonb_build_object('source_table', 'field.job_notes', 'source_pk', n.id, 'chunks', '[]'::jsonb)));
  return n;
end $$;
comment on function field.drop_note(text, text) is 'Takes a note back with its passages; null when the job has no such note.';
revoke execute on function field.drop_note(text, text) from public;
grant execute on function field.drop_note(text, text) to omneuro_app;
