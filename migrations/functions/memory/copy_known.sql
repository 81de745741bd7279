-- Texts whose vector the project already has are not embedded again: every unclaimed pending chunk with such a text gets a
-- copy. One body for both kinds of server: without pgvector the vector columns are left out.
do $do$
declare
  has_vector constant boolean := exists (select from pg_extension where extname = 'vector');
  body text := $body$
create or replace function memory.copy_known(model smallint, hashes text[]) returns int
  language plpgsql volatile
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare p constant uuid := shared.scope(); at constant timestamptz := shared.clock(); copied int;
begin
  with known as materialized (
    select h.text_hash, k.* from (select distinct x.text_hash from unnest(hashes) x (text_hash)) h cross join lateral (
      select v.chunk_id as twin_id {{, v.code, v.embedding}} from memory.chunks c
        join memory.vectors v on v.project_id = c.project_id and v.chunk_id = c.id
        where c.project_id = p and c.text_hash = h.text_hash and v.text_hash = h.text_hash and v.model_id = model limit 1) k
  ), free as (
    -- A row that a writer holds is being changed: it will ask for itself.
    select q.chunk_id, q.text_hash from memory.pending q join known k on k.text_hash = q.text_hash
      join memory.chunks c on c.project_id = p and c.id = q.chunk_id and c.text_hash = q.text_hash
    where q.project_id = p and (q.lease_until is null or q.lease_until <= at)
    for update of q skip locked
  ), taken as (
    delete from memory.pending q using free f where q.project_id = p and q.chunk_id = f.chunk_id returning f.chunk_id, f.text_hash
  )
  insert into memory.vectors as w (project_id, account_scope_id, chunk_id, model_id, visibility, contact_id, occurred_at,
      text_hash, embedded_at {{, code, embedding}})
    select p, c.account_scope_id, c.id, model, c.visibility, c.contact_id, c.occurred_at, c.text_hash, at {{, k.code, k.embedding}}
    from taken t join known k on k.text_hash = t.text_hash
      join memory.chunks c on c.project_id = p and c.id = t.chunk_id
    order by c.id
    on conflict (project_id, chunk_id) do update set model_id = excluded.model_id, visibility = excluded.visibility,
      contact_id = excluded.contact_id, occurred_at = excluded.occurred_at, text_hash = excluded.text_hash,
      embedded_at = excluded.embedded_at {{, code = excluded.code, embedding = excluded.embedding}};
  get diagnostics copied = row_count;
  return copied;
end $$;
$body$;
begin
  execute case when has_vector then replace(replace(body, '{{', ''), '}}', '') else regexp_replace(body, '\{\{.*?\}\}', '', 'g') end;
end $do$;
comment on function memory.copy_known(smallint, text[]) is 'Gives pending chunks the vector that an identical text already has; how many.';
revoke execute on function memory.copy_known(smallint, text[]) from public;
grant execute on function memory.copy_known(smallint, text[]) to omneuro_app;
