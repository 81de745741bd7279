-- What a question is answered from beside passages: facts that its reader knows and that hold its words.

-- Each of `words` is one word of the question: stems with the same meaning, divided by |. Rights and edges narrow first, words second,
-- and only what is left is counted; a fact comes with everything known of the same attribute, so that a contradiction is seen.
-- What rests on evidence that is gone or changed answers nothing, nor does what somebody holds for true by mistake.
-- Security definer, because under row security no text index can be used (its operators are not leakproof): the project is read
-- from the settings and named in every query.
create or replace function world.told(knower text, words text[], contacts text[], as_of timestamptz, known_at timestamptz, most int)
  returns table (fact text, row_id text, subject text, attribute text, meaning text, standing int, text text, occurred_at timestamptz,
    evidence_id text, evidence_version int, ground jsonb)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
#variable_conflict use_column
declare
  project constant uuid := shared.scope();
  bounded constant int := 2000;   -- facts counted at most; a word said more often than that tells little
  at constant timestamptz := coalesce(as_of, shared.clock());
  known constant timestamptz := coalesce(known_at, shared.clock());
  every tsquery[]; wanted tsquery; only_of text[];
  names text[]; owners text[]; overridden boolean;   -- who the knower is, worked out once
  subjects text[]; attributes text[]; places int[];
begin
  if project is null then raise exception 'no project in scope' using errcode = '42501'; end if;
  select array_agg(q.one) into every from (
    select (select string_agg('(' || r.reading::text || ')', ' | ')::tsquery
        from unnest(string_to_array(w.word, '|')) a (stem),
          to_tsquery('simple', quote_literal(replace(a.stem, '\', '')) || case when length(a.stem) > 3 then ':*' else '' end) r (reading)
        where numnode(r.reading) > 0) as one
    from unnest(words) w (word)) q where q.one is not null;
  if every is null then return; end if;
  names := world.names_of(knower);
  owners := world.owners_of(knower);
  overridden := world.is_overridden(knower);
  if contacts is not null then
    only_of := array(select e.id from world.entities e where e.project_id = project and e.contact_id = any (contacts));
  end if;
  -- All words, then any two, then any: the first that finds something.
  for wanted in
    select s.q from (
      select 1 as stage, (select string_agg('(' || x::text || ')', ' & ')::tsquery from unnest(every) x) as q
      -- Each word with those behind it: a word that begins so is read from the index wherever it stands in the query.
      union all select 2, (select string_agg('(' || a.x::text || ') & (' || (select string_agg('(' || b.x::text || ')', ' | ')
          from unnest(every) with ordinality b (x, n) where b.n > a.n) || ')', ' | ')::tsquery
        from unnest(every) with ordinality a (x, n)) where cardinality(every) > 2
      union all select 3, (select string_agg('(' || x::text || ')', ' | ')::tsquery from unnest(every) x) where cardinality(every) > 1) s
    order by s.stage
  loop
    with hit as materialized (
      select v.subject_entity_id as of, v.key, v.tsv from world.seen_as(knower, names, owners, overridden, null, at, known) v
      where v.tsv @@ wanted and v.status <> 'false_belief' and not v.stale and (only_of is null or v.subject_entity_id = any (only_of))
      limit bounded
    ), best as (
      select h.of, h.key, max((select count(*) from unnest(every) x where h.tsv @@ x)) as met from hit h group by 1, 2
      order by 3 desc, 1, 2 limit most)
    select array_agg(b.of), array_agg(b.key), array_agg(b.met::int) into subjects, attributes, places from best b;
    exit when subjects is not null;
  end loop;
  if subjects is null then return; end if;
  return query
    with beside as materialized (
      select v.* from world.seen_as(knower, names, owners, overridden, null, at, known) v
      where v.subject_entity_id = any (subjects) and v.key = any (attributes) and v.status <> 'false_belief' and not v.stale)
    select v.fact_id, v.row_id, v.subject_entity_id, v.key, jsonb_build_array(v.value, v.unit)::text, world.rank_of(v.source_type), v.statement,
      v.recorded_at, coalesce(i.id, shared.made_id('evi', project || ' world.facts ' || v.fact_id)), coalesce(i.version, 1),
      case when c.id is not null then jsonb_build_object('id', c.id, 'text', c.text, 'evidence_id', e.id, 'evidence_version', e.version,
        'source_table', e.source_table, 'source_pk', e.source_pk, 'occurred_at', e.occurred_at, 'contact', e.contact_id,
        'conversation', c.conversation_global_id, 'seq', c.seq, 'quote', coalesce(f.quote, c.text)) end
    from unnest(subjects, attributes, places) b (subject, attribute, met)
      join beside v on v.subject_entity_id = b.subject and v.key = b.attribute
      join world.facts f on f.project_id = project and f.id = v.row_id
      left join shared.evidence_items e on e.project_id = project and e.id = v.evidence_id
      left join shared.evidence_items i on i.project_id = project and i.source_table = 'world.facts' and i.source_pk = v.fact_id
      -- The words behind a fact are shown to those only who may read them where they stand.
      left join lateral (select x.id, x.text, x.conversation_global_id, x.seq from memory.chunks x
        where x.project_id = project and x.source_table = e.source_table and x.source_pk = e.source_pk
          and e.version = coalesce(v.evidence_version, e.version) and (f.quote is null or position(f.quote in x.text) > 0)
          and (world.knows_all(knower) or greatest(e.visibility, x.visibility) = 0
            or greatest(e.visibility, x.visibility) = 1 and x.contact_id = any (owners) and e.contact_id = any (owners))
        order by x.chunk_index limit 1) c on true
    where i.withdrawn_at is null and (e.id is null or e.withdrawn_at is null)
    order by b.met desc, v.subject_entity_id, v.key, world.rank_of(v.source_type) desc, v.confidence desc, v.recorded_at desc, v.row_id
    limit 5 * most;
end $$;
comment on function world.told(text, text[], text[], timestamptz, timestamptz, int) is
  'Facts of the entered project that a knower knows and that hold a question''s words, with the words they rest on where he may read those.';
revoke execute on function world.told(text, text[], text[], timestamptz, timestamptz, int) from public;
grant execute on function world.told(text, text[], text[], timestamptz, timestamptz, int) to omneuro_app;

-- Facts become evidence when they are first cited: [{source_pk, occurred_at}]. `past`: as they were known, whatever became of them.
create or replace function world.cite(cited jsonb, past boolean) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); items jsonb; found int;
begin
  select count(*), jsonb_agg(jsonb_build_object('evidence', shared.made_id('evi', p || ' world.facts ' || f.id), 'source_table', 'world.facts',
      'source_pk', f.id, 'content_hash', md5(f.statement || f.value::text), 'visibility', f.visibility, 'contact', f.contact_id, 'occurred_at', f.recorded_at))
    into found, items
    from jsonb_array_elements_text(cited) c join world.facts f on f.project_id = p and f.id = c.value
    where past or exists (select from world.facts x where x.project_id = p and x.root_id = f.id and x.superseded_at is null and x.stale_at is null);
  if found < jsonb_array_length(cited) then
    perform shared.fail('conflict', 'evidence_changed', jsonb_build_object('detail', 'A fact under the answer changed meanwhile. Ask again.'));
  end if;
  perform shared.put_evidence(items);
end $$;
comment on function world.cite(jsonb, boolean) is 'Facts that an answer rests on can be cited; refuses those that hold no longer.';
revoke execute on function world.cite(jsonb, boolean) from public;
grant execute on function world.cite(jsonb, boolean) to omneuro_app;
