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
  -- OFFSET 0 keeps each look-up a look-up by key, whatever the planner believes about tables that grow between two analyzes.
  with known as materialized (
    select h.text_hash, k.* from (select distinct x.text_hash from unnest(hashes) x (text_hash)) h cross join lateral (
      select c.id as twin_id {{, v.code, v.embedding}} from memory.chunks c cross join lateral (
        select w.* from memory.vectors w
        where w.project_id = p and w.chunk_id = c.id and w.text_hash = h.text_hash and w.model_id = model offset 0) v
      where c.project_id = p and c.text_hash = h.text_hash limit 1) k
  ), free as (
    -- A row that a writer holds is being changed: it will ask for itself.
    select q.chunk_id from known k cross join lateral (
      select z.chunk_id from memory.pending z
      where z.project_id = p and z.text_hash = k.text_hash and (z.lease_until is null or z.lease_until <= at)
        and (select c.text_hash from memory.chunks c where c.project_id = p and c.id = z.chunk_id) = z.text_hash
      offset 0 for update of z skip locked) q
  ), taken as (
    delete from memory.pending q where q.project_id = p and q.chunk_id = any(array(select f.chunk_id from free f))
      returning q.chunk_id, q.text_hash
  )
  insert into memory.vectors as w (project_id, account_scope_id, chunk_id, model_id, visibility, contact_id, occurred_at,
      text_hash, embedded_at {{, code, embedding}})
    select p, c.account_scope_id, t.chunk_id, model, c.visibility, c.contact_id, c.occurred_at, t.text_hash, at {{, k.code, k.embedding}}
    from taken t join known k on k.text_hash = t.text_hash cross join lateral (
      select z.* from memory.chunks z where z.project_id = p and z.id = t.chunk_id offset 0) c
    order by t.chunk_id
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
