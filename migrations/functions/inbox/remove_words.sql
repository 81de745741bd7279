-- What is left of a message whose time is over: its place in the conversation, and when its words left. Passages, vectors and
-- the evidence's text go with them; the tombstone's time says what may not come back. What has been edited or deleted between
-- choosing and locking stays. Locks are those of ingest, in its order.
create or replace function inbox.remove_words(ids text[], before timestamptz, tombstones text[]) returns setof text
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  gone text[]; doubted jsonb;
begin
  perform pg_advisory_xact_lock(hashtext(p::text), k.key) from (
    select distinct 9000 + (hashtext(m.conversation_global_id) & 255) as key from inbox.cw_messages m
    where m.project_id = p and m.id = any(ids) order by 1) k;
  with shell as (
    update inbox.cw_messages m set content = null, content_hash = '', attachments = '[]', data = '{}', needs_refetch = false, removed_at = at
      where m.project_id = p and m.id = any(ids) and m.removed_at is null and m.deleted_at is null
        and greatest(m.created_at, m.updated_at) < before
      returning m.id)
  select array_agg(s.id order by s.id) into gone from shell s;
  if gone is null then return; end if;

  doubted := shared.withdraw_evidence('inbox.cw_messages', gone);
  if doubted is not null then perform memory.doubt_answers(doubted); end if;
  perform memory.settle_sources((select jsonb_agg(jsonb_build_object('source_table', 'inbox.cw_messages', 'source_pk', g.id, 'chunks', '[]'::jsonb))
    from unnest(gone) g (id)));
  insert into shared.tombstones as t (project_id, account_scope_id, id, object_type, object_id, reason, deleted_at)
    select p, nullif(current_setting('app.account_scope_id', true), '')::uuid, tombstones[g.n], 'inbox.cw_messages', g.id, 'retention', at
    from unnest(gone) with ordinality g (id, n) order by g.id
    on conflict (project_id, object_type, object_id) do update set reason = excluded.reason, deleted_at = greatest(t.deleted_at, excluded.deleted_at);
  return query select unnest(gone);
end $$;
comment on function inbox.remove_words(text[], timestamptz, text[]) is 'Makes shells of old messages: which ones.';
revoke execute on function inbox.remove_words(text[], timestamptz, text[]) from public;
grant execute on function inbox.remove_words(text[], timestamptz, text[]) to omneuro_app;
