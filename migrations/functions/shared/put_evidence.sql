-- The only writer of evidence about source rows: [{evidence, source_table, source_pk, content_hash, visibility, contact,
-- occurred_at, withdrawn_at}]. One item per source row for ever; a change of what it says raises its version.
-- Returns the items that had been citable in another form: [{id, reason}].
create or replace function shared.put_evidence(items jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare changes jsonb;
begin
  with put as (
    insert into shared.evidence_items as t (project_id, account_scope_id, id, source_table, source_pk, content_hash, visibility,
        contact_id, occurred_at, withdrawn_at)
    select shared.scope(), nullif(current_setting('app.account_scope_id', true), '')::uuid, i.evidence, i.source_table, i.source_pk,
      i.content_hash, i.visibility, i.contact, i.occurred_at, i.withdrawn_at
    from jsonb_to_recordset(items) i (evidence text, source_table text, source_pk text, content_hash text, visibility smallint,
      contact text, occurred_at timestamptz, withdrawn_at timestamptz)
    order by i.source_table, i.source_pk
    on conflict (project_id, source_table, source_pk) do update set content_hash = excluded.content_hash,
      visibility = excluded.visibility, contact_id = excluded.contact_id,
      withdrawn_at = least(t.withdrawn_at, excluded.withdrawn_at), updated_at = shared.clock(), version = t.version + 1
    where (t.content_hash, t.visibility, t.contact_id, t.withdrawn_at)
      is distinct from (excluded.content_hash, excluded.visibility, excluded.contact_id, least(t.withdrawn_at, excluded.withdrawn_at))
    returning t.id, t.version, t.withdrawn_at)
  select jsonb_agg(jsonb_build_object('id', p.id, 'reason',
      case when p.withdrawn_at is null then 'evidence_edited' else 'evidence_withdrawn' end))
    into changes from put p where p.version > 1;
  return changes;
end $$;
comment on function shared.put_evidence(jsonb) is 'Inserts or raises the version of evidence; returns what changed under a possible citation.';
revoke execute on function shared.put_evidence(jsonb) from public;
grant execute on function shared.put_evidence(jsonb) to omneuro_app;
