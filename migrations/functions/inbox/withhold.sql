-- What was erased stays away: an event about something with a tombstone is left out when it is older than the tombstone,
-- unless the thing itself is here (it came back later, or was never gone). Newer content is a person who returned. Whoever was erased
-- returns by writing: that somebody lists him, changes his card or writes to him does not bring him back.
create or replace function inbox.withhold(told jsonb) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare p constant uuid := shared.scope();
begin
  if not exists (select from (select k #>> '{}' as id from jsonb_path_query(told, '$[*].about[*]') k union all select k #>> '{}' from jsonb_path_query(told, '$[*].message.id') k) known
      cross join lateral (select from shared.tombstones t where t.project_id = p and t.object_id = known.id
        and t.object_type in ('inbox.cw_messages', 'inbox.cw_conversations', 'inbox.cw_contacts') offset 0) t) then
    return told;
  end if;
  return (select jsonb_agg(e.value order by e.ordinality) from jsonb_array_elements(told) with ordinality e,
    lateral (select
      coalesce(e.value->'message'->>'created_at', e.value->'conversation'->>'updated_at', e.value->>'sent_at')::timestamptz as at,
      case when e.value->'message'->>'id' is not null then
          exists (select from inbox.cw_messages m where m.project_id = p and m.id = e.value->'message'->>'id')
          and not exists (select from inbox.cw_conversations v where v.project_id = p and v.id = e.value->'conversation'->>'id' and v.deleted_at is not null)
        when e.value->'conversation'->>'id' is not null then
          exists (select from inbox.cw_conversations v where v.project_id = p and v.id = e.value->'conversation'->>'id' and v.deleted_at is null)
        else exists (select from inbox.cw_contacts c where c.project_id = p and c.id = e.value->'contacts'->0->>'id' and c.deleted_at is null)
      end as here, e.value->'message'->>'message_type' is distinct from 'incoming' as unspoken) said
    where said.here or not exists (select from shared.tombstones t where t.project_id = p
      and (t.deleted_at >= said.at or said.unspoken and t.object_type = 'inbox.cw_contacts' and t.reason in ('user_delete', 'gdpr_delete')
        and not exists (select from inbox.cw_contacts c where c.project_id = p and c.id = t.object_id and c.deleted_at is null))
      and (t.object_type, t.object_id) in (
        select 'inbox.cw_messages', e.value->'message'->>'id' union all select 'inbox.cw_conversations', e.value->'conversation'->>'id'
        union all select 'inbox.cw_contacts', c->>'id' from jsonb_array_elements(e.value->'contacts') c)));
end $$;
comment on function inbox.withhold(jsonb) is 'The events that no tombstone suppresses; null when none is left.';
revoke execute on function inbox.withhold(jsonb) from public;
grant execute on function inbox.withhold(jsonb) to omneuro_app;
