-- Memory's part in an erasure: answers that quote him or were given to him, questions that are asked every night, knowledge that
-- was drafted from his jobs or holds his address.
create or replace function memory.begin_erasure() returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  proof constant text[] := array(select e.id from shared.evidence_items e where e.project_id = p
    and (e.contact_id in (select shared.doomed('person')) or e.source_pk in (select shared.doomed('source'))));
begin
  perform shared.erase_ids('answer', array(
    select c.answer_id from memory.answer_citations c where c.project_id = p and c.evidence_id = any(proof)
    union select a.id from memory.answers a where a.project_id = p and a.audience->>'kind' = 'contact' and a.audience->>'id' in (select shared.doomed('person'))));
  update memory.kb_entries k set stale_at = shared.clock(), stale_reason = 'evidence_erased', updated_at = shared.clock()
    where k.project_id = p and k.status <> 'deprecated' and k.evidence_refs <> '{}' and k.evidence_refs && proof and k.stale_reason is distinct from 'evidence_erased';
  if not shared.is_first_step() then return; end if;
  perform shared.erase_ids('answer', array(select a.id from memory.answers a where a.project_id = p and shared.names_him(a.question || ' ' || a.sentences::text)));
  perform shared.erase_ids('canary', array(select c.id from memory.canaries c where c.project_id = p and (
    c.audience->>'kind' = 'contact' and c.audience->>'id' in (select shared.doomed('person'))
    or exists (select from shared.evidence_items e where e.project_id = p and e.source_table = c.source_table and e.source_pk = c.source_pk and e.id = any(proof))
    or shared.names_him(concat_ws(' ', c.question, c.words, c.forbidden)))));
  perform shared.erase_ids('source', array(select e.id from memory.kb_entries e where e.project_id = p and (
    -- What somebody published is the house's by now; only an address in it makes it his.
    e.status in ('draft', 'review') and (
      exists (select from memory.kb_proposals r join shared.erasure_ids d on d.project_id = p and d.erasure_id = current_setting('app.erasure') and d.kind = 'job'
        where r.project_id = p and r.entry_id = e.id and r.id = 'job:' || d.id)
      or exists (select from memory.kb_questions q where q.project_id = p and q.entry_id = e.id and q.answer_id in (select shared.doomed('answer'))))
    or shared.names_him(concat_ws(' ', e.title, e.body, e.tags, e.returned_reason, e.deprecated_reason))
    or exists (select from memory.kb_versions v where v.project_id = p and v.entry_id = e.id and shared.names_him(concat_ws(' ', v.title, v.body, v.tags))))));
  -- What an import brought stays away: an entry that was to be forgotten by its name there, any of them word for word.
  perform shared.keep_away('memory.away', array(select k.mark from memory.kb_entries e cross join lateral (values
      (case when (select x.subject_kind from shared.erasures x where x.project_id = p and x.id = current_setting('app.erasure')) = 'entry'
        then 'name:' || e.source_id end), ('words:' || e.source_fingerprint)) k (mark)
    where e.project_id = p and e.id in (select shared.doomed('source')) and e.source_fingerprint <> ''));
end $$;
comment on function memory.begin_erasure() is 'What of a running erasure''s subject is quoted in answers and knowledge.';
revoke execute on function memory.begin_erasure() from public;
grant execute on function memory.begin_erasure() to omneuro_app;
