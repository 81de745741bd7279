-- What recall must know before it ranks, counted once per embedding batch. A large project is counted at most once an hour:
-- its averages hardly move, and counting a million chunks takes a tenth of a second.
create or replace function memory.refresh_corpus(model smallint) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  large constant bigint := 20000;
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
begin
  if exists (select from memory.corpus k where k.project_id = p and k.chunks >= large and k.model_id = model
      and k.updated_at > at - interval '1 hour') then
    return;
  end if;
  -- Another model than before: what the former one remembered has to be remembered anew. The sweep publishes this.
  insert into shared.outbox (project_id, id, kind, dedupe_key)
    select p, 'obx_renew_' || model || '_' || (extract(epoch from clock_timestamp()) * 1000000)::bigint, 'memory.renew', 'memory.renew'
    from memory.corpus k where k.project_id = p and k.model_id <> model
    on conflict (project_id, kind, dedupe_key) where state = 'pending' do nothing;
  insert into memory.corpus as k (project_id, chunks, tokens, model_id, updated_at)
    select p, count(*), coalesce(sum(c.len), 0), model, at from memory.chunks c where c.project_id = p
    on conflict (project_id) do update set chunks = excluded.chunks, tokens = excluded.tokens, model_id = excluded.model_id,
      updated_at = excluded.updated_at;
end $$;
comment on function memory.refresh_corpus(smallint) is 'Counts a project''s chunks and their words for recall, and notes the model in use.';
revoke execute on function memory.refresh_corpus(smallint) from public;
grant execute on function memory.refresh_corpus(smallint) to omneuro_app;
