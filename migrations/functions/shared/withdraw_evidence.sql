-- Words that left: nothing may cite their evidence any more, and it holds nothing of them.
create or replace function shared.withdraw_evidence(of_table text, keys text[]) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare changes jsonb;
begin
  with held as (
    select e.id from shared.evidence_items e
      where e.project_id = shared.scope() and e.source_table = of_table and e.source_pk = any(keys) and e.withdrawn_at is null
      order by e.source_pk for update
  ), put as (
    update shared.evidence_items e set withdrawn_at = shared.clock(), content_hash = '', search_text = null,
        updated_at = shared.clock(), version = e.version + 1
      from held h where e.project_id = shared.scope() and e.id = h.id returning e.id)
  select jsonb_agg(jsonb_build_object('id', p.id, 'reason', 'evidence_withdrawn')) into changes from put p;
  return changes;
end $$;
comment on function shared.withdraw_evidence(text, text[]) is 'Withdraws the evidence of source rows whose words are gone: [{id, reason}], or null.';
revoke execute on function shared.withdraw_evidence(text, text[]) from public;
grant execute on function shared.withdraw_evidence(text, text[]) to omneuro_app;
