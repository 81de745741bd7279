-- Facts read out of what people said: which words are next, and what becomes of what was found in them.

-- Evidence in the order in which it changed, with its passages; `cursor` is where the reading goes on. A minute behind, so that no
-- transaction that is still open is passed over. Words without a person, of one who said no to it, knowledge and documents are not read.
create or replace function world.unread(most int)
  returns table (evidence text, version int, occurred_at timestamptz, contact text, texts text[], upto text)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare p constant uuid := shared.scope(); mark world.extractions;
begin
  select m.* into mark from world.extractions m where m.project_id = p;
  return query
    select e.id, e.version, e.occurred_at, e.contact_id,
      -- What was withdrawn or erased is passed, and read no more.
      case when e.withdrawn_at is null and e.contact_id is not null and e.source_table not in ('memory.kb_entries', 'vault.documents', 'world.facts')
        and people.consent(e.contact_id, 'memory') is distinct from false
        and not exists (select from shared.tombstones t where t.project_id = p and t.object_id in (e.source_pk, e.contact_id, e.id)
          and t.deleted_at >= e.occurred_at)
        then array(select c.text from memory.chunks c where c.project_id = p and c.source_table = e.source_table and c.source_pk = e.source_pk
          order by c.chunk_index limit 20) else '{}' end,
      e.updated_at::text
    from shared.evidence_items e
    where e.project_id = p and (e.updated_at, e.id) > (coalesce(mark.upto, '-infinity'), coalesce(mark.upto_id, ''))
      and e.updated_at <= shared.clock() - interval '1 minute'
    order by e.updated_at, e.id limit most;
end $$;
comment on function world.unread(int) is 'What is to be read for facts next.';
revoke execute on function world.unread(int) from public;
grant execute on function world.unread(int) to omneuro_app;

-- What nobody decided on goes with the words it was read from, and so do the words under what was kept once they are nowhere else.
-- What was let go stays known while its words do, or it would be proposed again.
create or replace function world.forget_proposals(evidence text, version int, withdrawn boolean) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
#variable_conflict use_variable
declare p constant uuid := shared.scope(); gone text[];
begin
  gone := array(select f.id from world.facts f where f.project_id = p and f.evidence_id = evidence and f.session_id is null
    and f.source_type = 'model_extracted' and (withdrawn and f.review_state in ('proposed', 'discarded')
      or f.review_state = 'proposed' and f.superseded_at is null and f.evidence_version < version));
  if cardinality(gone) > 0 then
    delete from world.knowledge_edges k where k.project_id = p and k.fact_id = any(gone);
    delete from world.facts f where f.project_id = p and f.id = any(gone);
    -- What somebody was answered who decided on them.
    delete from shared.idempotency_keys k where k.project_id = p and k.response_body is not null
      and exists (select from unnest(gone) g (id) where position(g.id in k.response_body::text) > 0);
  end if;
  if withdrawn then
    update world.facts f set quote = null where f.project_id = p and f.evidence_id = evidence and f.quote is not null;
  end if;
end $$;
comment on function world.forget_proposals(text, int, boolean) is 'Lets go of what was read out of words that are others by now, or gone.';
revoke execute on function world.forget_proposals(text, int, boolean) from public;
grant execute on function world.forget_proposals(text, int, boolean) to omneuro_app;

-- told: [{evidence, version, contact, facts: [{id, entity, key, value, value_type, unit, confidence, quote, extractor, model, prompt}]}].
-- What was proposed from the same evidence before and decided on is not proposed again; what an older version of it said goes. How many.
create or replace function world.propose(told jsonb, upto timestamptz, upto_id text) returns int
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); r record; w jsonb; about world.entities; made int := 0; n int;
begin
  perform from shared.evidence_items e where e.project_id = p and e.id in (select x->>'evidence' from jsonb_array_elements(told) x)
    order by e.id for share;
  for r in select x.evidence, x.version, x.contact, x.facts, e.version as now, e.withdrawn_at
    from jsonb_to_recordset(told) x (evidence text, version int, contact text, facts jsonb)
      join shared.evidence_items e on e.project_id = p and e.id = x.evidence order by x.evidence
  loop
    perform world.forget_proposals(r.evidence, r.now, r.withdrawn_at is not null);
    continue when r.withdrawn_at is not null or r.now <> r.version or jsonb_array_length(r.facts) = 0;
    select e.* into about from world.entities e where e.project_id = p and e.contact_id = any (people.ids_of(r.contact))
      and e.merged_into is null and e.erased_at is null order by e.created_at, e.id limit 1;
    if about.id is null then
      continue when not exists (select from people.contacts c where c.project_id = p and c.id = r.contact and c.name is not null and c.erased_at is null);
      about := world.put_entity(jsonb_build_object('id', r.facts->0->>'entity', 'type', 'Person', 'contact', r.contact));
    end if;
    continue when about.archived_at is not null;
    n := 0;
    for w in select jsonb_array_elements(r.facts) loop
      n := n + 1;
      continue when exists (select from world.facts f where f.project_id = p and f.evidence_id = r.evidence and f.key = w->>'key' and f.value = w->'value')
        or shared.is_away('world.away', array[world.mark(r.evidence, w->>'key', w->'value')]);
      perform world.put_fact(w - '{entity}'::text[] || jsonb_build_object('subject', about.id, 'review_state', 'proposed', 'source_type', 'model_extracted',
        'source_ref', r.evidence, 'origin', 'extracted:' || r.evidence || ':' || r.version || ':' || n, 'evidence', r.evidence,
        'evidence_version', r.version, 'extractor_version', w->>'extractor', 'model_version', w->>'model', 'prompt_version', w->>'prompt'));
      made := made + 1;
    end loop;
  end loop;
  insert into world.extractions as m (project_id, upto, upto_id) values (p, upto, upto_id)
    on conflict (project_id) do update set upto = excluded.upto, upto_id = excluded.upto_id
    where (m.upto, m.upto_id) < (excluded.upto, excluded.upto_id);
  return made;
end $$;
comment on function world.propose(jsonb, timestamptz, text) is 'Writes down what was read out of evidence for somebody to decide on, and how far was read.';
revoke execute on function world.propose(jsonb, timestamptz, text) from public;
grant execute on function world.propose(jsonb, timestamptz, text) to omneuro_app;
