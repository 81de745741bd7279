-- What is asked again and again without an answer.

-- The form in which two askings are the same question: the stems of its words, whatever their order, case and marks.
create or replace function memory.question_form(question text) returns text
  language sql immutable set search_path = pg_catalog, pg_temp
  as $$ select coalesce(nullif(array_to_string(tsvector_to_array(to_tsvector('english', question)), ' '), ''),
    lower(btrim(regexp_replace(question, '\s+', ' ', 'g')))) $$;
comment on function memory.question_form(text) is 'Stems of a question, by which repetitions of it are told.';

-- Asked at least so often within the time and last time without an answer, and nothing is drafted for it or live. After a
-- dismissal only what was asked since counts.
create or replace function memory.repeated_questions(within interval, fewest int, most int)
  returns table (proposal text, question text, times int, answers text[])
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
#variable_conflict use_column
declare p constant uuid := shared.scope();
begin
  return query
    with asked as materialized (
      select 'question:' || left(encode(sha256(convert_to(memory.question_form(a.question), 'UTF8')), 'hex'), 32) as proposal,
        a.id, a.question, a.status, a.created_at
      from memory.answers a where a.project_id = p and a.created_at >= shared.clock() - within
    ), open as (
      select a.* from asked a
        left join memory.kb_proposals k on k.project_id = p and k.id = a.proposal
        left join memory.kb_entries e on e.project_id = p and e.id = k.entry_id
      where e.id is null or e.status = 'deprecated' and a.created_at > e.deprecated_at
    )
    select o.proposal, (array_agg(o.question order by o.created_at desc, o.id desc))[1],
      (count(*) filter (where o.status = 'insufficient_evidence'))::int as times,
      (array_agg(o.id order by o.created_at desc, o.id desc) filter (where o.status = 'insufficient_evidence'))[1:50]
    from open o group by o.proposal
    having count(*) filter (where o.status = 'insufficient_evidence') >= fewest
      and (array_agg(o.status order by o.created_at desc, o.id desc))[1] = 'insufficient_evidence'
    order by times desc, o.proposal limit most;
end $$;
comment on function memory.repeated_questions(interval, int, int) is 'Questions without an answer that were asked repeatedly, with the askings, most often asked first.';
revoke execute on function memory.repeated_questions(interval, int, int) from public;
grant execute on function memory.repeated_questions(interval, int, int) to omneuro_app;

-- Drafts for questions: [{proposal, entry, ledger, title, answers}]. One that something drafted meanwhile is left out. How many it made.
create or replace function memory.propose_questions(told jsonb) returns int
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); q record; made int := 0;
begin
  for q in select * from jsonb_to_recordset(told) t (proposal text, entry text, ledger text, title text, answers jsonb) order by t.proposal loop
    perform pg_advisory_xact_lock(29, hashtext(p || ' ' || q.proposal));
    continue when exists (select from memory.kb_proposals k join memory.kb_entries e on e.project_id = p and e.id = k.entry_id
      where k.project_id = p and k.id = q.proposal and e.status <> 'deprecated');
    insert into memory.kb_entries (project_id, id, origin, type, title) values (p, q.entry, 'questions', 'faq', q.title);
    insert into memory.kb_proposals as k (project_id, id, entry_id) values (p, q.proposal, q.entry)
      on conflict (project_id, id) do update set entry_id = excluded.entry_id, updated_at = shared.clock();
    insert into memory.kb_questions (project_id, entry_id, answer_id)
      select p, q.entry, a.id from memory.answers a
      where a.project_id = p and a.id in (select jsonb_array_elements_text(q.answers)) order by a.id;
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', q.ledger, 'kind', 'memory.entry.proposed', 'ref_type', 'entry',
      'ref_id', q.entry, 'ts', shared.clock(), 'payload', jsonb_build_object('origin', 'questions', 'askings', jsonb_array_length(q.answers)))));
    made := made + 1;
  end loop;
  return made;
end $$;
comment on function memory.propose_questions(jsonb) is 'Drafts an entry for each question, with the askings it answers to.';
revoke execute on function memory.propose_questions(jsonb) from public;
grant execute on function memory.propose_questions(jsonb) to omneuro_app;
