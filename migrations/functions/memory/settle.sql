-- Writes the vectors of one claim. A row counts only while the token still holds it and the text is the one that was embedded:
-- an edit, a deletion or a newer claim in between simply wins. Run twice, the second finds nothing to do.
do $do$
declare
  has_vector constant boolean := exists (select from pg_extension where extname = 'vector');
  body text := $body$
create or replace function memory.settle(claim_token uuid, model text, ids uuid[], hashes text[], vectors text[], event_id text)
    returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  number smallint := memory.model_number(model);
  settled int; copied int := 0; known text[];
begin
  -- An edit or deletion under way is waited for here, so that the next statement sees its outcome; chunks before pending, as writers do.
  -- OFFSET 0 keeps each look-up a look-up by key, whatever the planner believes about tables that grow between two analyzes.
  perform from (select x.id from unnest(ids) x (id) order by x.id) i cross join lateral (
    select from memory.chunks z where z.project_id = p and z.id = i.id offset 0 for share) c;
  with given as materialized (
    select g.id {{, g.v::halfvec(1536) as h}} from unnest(ids, vectors) g (id, v)
  ), mine as (
    delete from memory.pending q
      where q.project_id = p and q.chunk_id = any(ids) and q.token = claim_token
        and (select c.text_hash from memory.chunks c where c.project_id = p and c.id = q.chunk_id)
          = hashes[array_position(ids, q.chunk_id)]
      returning q.chunk_id
  ), stored as (
    insert into memory.vectors as w (project_id, account_scope_id, chunk_id, model_id, visibility, contact_id, occurred_at,
        text_hash, embedded_at {{, code, embedding}})
      select p, c.account_scope_id, c.id, number, c.visibility, c.contact_id, c.occurred_at, c.text_hash, at
        {{, binary_quantize(g.h)::bit(1536), g.h}}
      from mine m join given g on g.id = m.chunk_id cross join lateral (
        select z.* from memory.chunks z where z.project_id = p and z.id = m.chunk_id offset 0) c
      order by c.id
      on conflict (project_id, chunk_id) do update set model_id = excluded.model_id, visibility = excluded.visibility,
        contact_id = excluded.contact_id, occurred_at = excluded.occurred_at, text_hash = excluded.text_hash,
        embedded_at = excluded.embedded_at {{, code = excluded.code, embedding = excluded.embedding}}
      returning w.text_hash)
  select count(*), array_agg(s.text_hash) into settled, known from stored s;
  if settled > 0 then
    copied := memory.copy_known(number, known);
    insert into shared.events (project_id, id, request_id, kind, actor, ref_type, ref_id, payload)
      values (p, event_id, current_setting('app.request_id', true), 'memory.embedded', current_setting('app.actor', true),
        'batch', claim_token::text, jsonb_build_object('embedded', settled, 'copied', copied));
    perform memory.refresh_corpus(number);
  end if;
  return jsonb_build_object('settled', settled, 'copied', copied);
end $$;
$body$;
begin
  execute case when has_vector then replace(replace(body, '{{', ''), '}}', '') else regexp_replace(body, '\{\{.*?\}\}', '', 'g') end;
end $do$;
comment on function memory.settle(uuid, text, uuid[], text[], text[], text) is
  'Stores a claim''s vectors where token and text still hold: {settled, copied: identical texts served along}.';
revoke execute on function memory.settle(uuid, text, uuid[], text[], text[], text) from public;
grant execute on function memory.settle(uuid, text, uuid[], text[], text[], text) to omneuro_app;
