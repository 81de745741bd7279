-- The vault's part in an erasure: documents that hold his address, and what keeps a document away that was taken while it is still
-- to be had where it came from. A run of a sync that is under way waits, and meets the tombstones.
create or replace function vault.begin_erasure() returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); e shared.erasures; whole boolean;
begin
  select x.* into e from shared.erasures x where x.project_id = p and x.id = current_setting('app.erasure');
  if e.id is null then return; end if;
  whole := e.subject_kind = 'document';
  perform from vault.sync_status s where s.project_id = p order by s.id for update;
  -- Some addresses are only known when the first step is over.
  perform shared.erase_ids('source', array(select d.id from vault.documents d where d.project_id = p and (e.steps < 2 or d.updated_at >= e.created_at)
    and shared.names_him(concat_ws(' ', d.path, d.content, d.metadata))));
  perform shared.erase_ids('delivery', array(select r.id from vault.deliveries r where r.project_id = p and exists (
    select from vault.documents d where d.project_id = p and d.source_id = r.source_id and d.id in (select shared.doomed('source'))
      and jsonb_path_exists(r.raw, '$.** ? (@ == $path)', jsonb_build_object('path', d.path)))));
  perform shared.keep_away('vault.away', array(select k.mark
    from (select d.source_id, d.path, d.metadata->>'ref' as ref, d.content, concat_ws(' ', d.path, d.metadata) as named from vault.documents d
        where d.project_id = p and d.id in (select shared.doomed('source'))
      union all select n.source_id, n.path, null, '', concat_ws(' ', n.path, n.title, n.url) from vault.entries n
        where n.project_id = p and shared.names_him(concat_ws(' ', n.path, n.title, n.url))) d
      cross join lateral unnest(vault.marks(d.source_id, case when whole or shared.names_him(d.named) then d.path end, case when whole then d.ref end,
        case when d.content <> '' and (whole or shared.names_him(d.content)) then encode(sha256(convert_to(d.content, 'UTF8')), 'hex') end)) k (mark)));
end $$;
comment on function vault.begin_erasure() is 'Which documents belong to a running erasure''s subject, and the marks that keep them away.';

create or replace function vault.marks(source text, path text, ref text, hash text) returns text[]
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$ select array['path:' || source || ':' || path, 'ref:' || source || ':' || ref, 'words:' || hash] $$;
comment on function vault.marks(text, text, text, text) is 'What a document is told by: its path, its reference at the source, its words.';

revoke execute on function vault.begin_erasure(), vault.marks(text, text, text, text) from public;
grant execute on function vault.begin_erasure(), vault.marks(text, text, text, text) to omneuro_app;
