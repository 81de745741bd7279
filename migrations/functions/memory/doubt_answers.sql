-- Evidence changed under answers that cite it and entries that were written from it: [{id, reason}]. Withdrawn evidence outweighs
-- edited evidence, and takes its words out of the answers: the quote, and every sentence that rests on it.
create or replace function memory.doubt_answers(changes jsonb) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare p constant uuid := shared.scope();
begin
  with doubted as (
    select c.answer_id, max(e.reason) as reason
    from jsonb_to_recordset(changes) e (id text, reason text)
      join memory.answer_citations c on c.project_id = p and c.evidence_id = e.id
    group by c.answer_id
  ), held as (
    select t.id, d.reason from memory.answers t join doubted d on d.answer_id = t.id
    where t.project_id = p and (t.stale_at is null or t.stale_reason < d.reason)
    order by t.id for update of t)
  update memory.answers t set stale_at = shared.clock(), stale_reason = h.reason from held h where t.project_id = p and t.id = h.id;

  -- What was written from it as well.
  with doubted as (
    select k.id, max(e.reason) as reason from jsonb_to_recordset(changes) e (id text, reason text)
      join memory.kb_entries k on k.project_id = p and k.status <> 'deprecated' and k.evidence_refs <> '{}' and k.evidence_refs @> array[e.id]
    group by k.id
  ), held as (
    select t.id, d.reason from memory.kb_entries t join doubted d on d.id = t.id
    where t.project_id = p and (t.stale_at is null or t.stale_reason < d.reason)
    order by t.id for update of t)
  update memory.kb_entries t set stale_at = shared.clock(), stale_reason = h.reason, updated_at = shared.clock()
    from held h where t.project_id = p and t.id = h.id;

  if not jsonb_path_exists(changes, '$[*] ? (@.reason == "evidence_withdrawn")') then return; end if;
  with gone as materialized (
    select e.id from jsonb_to_recordset(changes) e (id text, reason text) where e.reason = 'evidence_withdrawn'
  ), silent as (
    update memory.answer_citations c set quote = '' from gone g
      where c.project_id = p and c.evidence_id = g.id and c.quote <> '' returning c.answer_id)
  update memory.answers t set sentences = (
      select jsonb_agg(case when s.value->'citations' ?| array(select g.id from gone g) then jsonb_set(s.value, '{text}', '""') else s.value end
        order by s.ordinality)
      from jsonb_array_elements(t.sentences) with ordinality s)
    where t.project_id = p and t.sentences <> '[]' and t.id in (select q.answer_id from silent q);
end $$;
comment on function memory.doubt_answers(jsonb) is 'Marks answers and entries stale whose evidence was edited or withdrawn, and takes withdrawn words out of them.';
revoke execute on function memory.doubt_answers(jsonb) from public;
grant execute on function memory.doubt_answers(jsonb) to omneuro_app;
