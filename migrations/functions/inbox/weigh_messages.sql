-- Decides what each told message means beside what is stored; the caller holds the conversations' locks. Of many events about
-- one message the decisive one: a deletion, else the newest edit, else the creation. The answer is each message with its
-- action: insert, edit (its words changed), touch (its surroundings changed), delete, redate (an earlier deletion became known),
-- flag (two edits claim one time; a deletion settles that); `reworded` is an edit of the text itself. A message that says nothing new is left out.
create or replace function inbox.weigh_messages(told jsonb) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare weighed jsonb;
begin
  -- Nearly always: one message, and nobody has heard of it.
  if jsonb_array_length(told) = 1 and told->0->'message'->>'id' is not null and not exists (
    select from inbox.cw_messages t where t.project_id = shared.scope() and t.id = told->0->'message'->>'id') then
    return jsonb_build_array((told->0->'message') || '{"action": "insert", "tied": false}');
  end if;
  with said as (
    select m.*, e->'message' as fact, m.content_hash || md5(m.data::text) as says
    from jsonb_array_elements(told) e, jsonb_to_record(nullif(e->'message', 'null')) m (id text, version_at timestamptz, deleted boolean, content_hash text,
      data jsonb)
    where m.id is not null
  ), compared as (
    select s.*, not s.deleted and s.version_at is not null and min(s.says) over same <> max(s.says) over same as tied
    from said s window same as (partition by s.id, s.version_at)
  ), decisive as (
    select distinct on (s.id) s.* from compared s
    order by s.id, s.deleted desc, case when s.deleted then s.version_at end, s.version_at desc nulls last, s.says desc
  ), decided as (
    select d.fact, d.tied or (not d.deleted and d.version_at = t.updated_at and d.says <> t.content_hash || md5(t.data::text)) as tied,
      d.fact->>'content' is distinct from t.content as reworded,
      case
        when t.id is null then 'insert'
        when t.deleted_at is not null then case when d.deleted and d.version_at < t.deleted_at then 'redate' end
        when d.deleted then 'delete'
        when d.version_at <= t.removed_at then null
        when d.version_at is null or d.version_at < t.updated_at then null
        when d.version_at = t.updated_at and d.says <= t.content_hash || md5(t.data::text) then
          case when d.says < t.content_hash || md5(t.data::text) and not t.needs_refetch then 'flag' end
        when d.content_hash <> t.content_hash then 'edit'
        else 'touch'
      end as action
    from decisive d left join lateral (
      -- Offset 0 keeps this a look-up by key: taken for a hundred, one message would otherwise be joined with the whole tenant's.
      select * from inbox.cw_messages m where m.project_id = shared.scope() and m.id = d.id offset 0) t on true)
  select jsonb_agg(w.fact || jsonb_build_object('action', w.action, 'tied', coalesce(w.tied, false))
      || case when w.action = 'edit' then jsonb_build_object('reworded', w.reworded) else '{}' end) into weighed
    from decided w where w.action is not null;
  return weighed;
end $$;
comment on function inbox.weigh_messages(jsonb) is 'What each message of a batch changes, in the order rules of docs/ingest.md; null when nothing.';
revoke execute on function inbox.weigh_messages(jsonb) from public;
grant execute on function inbox.weigh_messages(jsonb) to omneuro_app;
