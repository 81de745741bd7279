-- The row that a piece of evidence stands for, as it is now. Security invoker: row security decides what there is to see, and
-- only tables that have it are opened.
create or replace function shared.open_evidence(wanted text) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare item shared.evidence_items; source regclass; found jsonb;
begin
  select e.* into item from shared.evidence_items e where e.project_id = shared.scope() and e.id = wanted;
  if item.id is null then perform shared.fail('not_found', 'evidence_unknown'); end if;
  select c.oid into source from pg_class c where c.oid = to_regclass(item.source_table) and c.relkind = 'r' and c.relrowsecurity;
  if source is not null then
    execute format('select to_jsonb(t) - ''account_scope_id'' from %s t where t.project_id = $1 and t.id = $2', source)
      into found using item.project_id, item.source_pk;
  end if;
  return to_jsonb(item) || jsonb_build_object('row', found);
end $$;
comment on function shared.open_evidence(text) is 'A piece of evidence of the entered project with its source row, null where that is gone.';
revoke execute on function shared.open_evidence(text) from public;
grant execute on function shared.open_evidence(text) to omneuro_app;
