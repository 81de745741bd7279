-- Tasks that came from something else: found by what it is, and ended with it.

-- {source_evidence_id?, ref_type?, ref_id?}; whoever may not see the thing is told that it is not there. That a job exists the ledger says.
create or replace function assistant.origin_of(origin jsonb) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); pk constant text := origin->>'pk'; found jsonb;
  may constant jsonb := coalesce(nullif(current_setting('app.permissions', true), '')::jsonb, '[]');
begin
  case origin->>'table'
    when 'field.jobs' then
      if may ? 'field:read' and exists (select from shared.events e where e.project_id = p and e.ref_type = 'job' and e.ref_id = pk) then
        found := jsonb_build_object('ref_type', 'job', 'ref_id', pk);
      end if;
    when 'outbound.messages' then
      if may ? 'outbound:read' and exists (select from outbound.messages m where m.project_id = p and m.id = pk) then
        found := jsonb_build_object('ref_type', 'outbound_message', 'ref_id', pk);
      end if;
    else
      if may ? 'memory:read' then
        select jsonb_build_object('source_evidence_id', e.id) into found from shared.evidence_items e
          where e.project_id = p and e.source_table = origin->>'table' and e.source_pk = pk and e.withdrawn_at is null;
      end if;
  end case;
  if found is null then perform shared.fail('not_found', 'source_not_found'); end if;
  return found;
end $$;
comment on function assistant.origin_of(jsonb) is 'What a task comes from, {table, pk}, as the columns that keep it.';
revoke execute on function assistant.origin_of(jsonb) from public;
grant execute on function assistant.origin_of(jsonb) to omneuro_app;

-- Security definer: the task is somebody else's than the one who closes the job, and neither learns of the other. Once, because the
-- ledger has each line once and a task that is not open is left alone; what is opened again by hand stays open until the next line.
create or replace function assistant.hear_ledger() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $$ begin
  if new.ref_id is null then return null; end if;
  with ended as (
    update assistant.tasks t set closed_by_event_id = new.id, updated_at = shared.clock(), version = t.version + 1,
        status = case when new.kind = 'outbound.message.cancelled' or new.payload->>'to' = 'cancelled' then 'archived' else 'done' end
      where t.project_id = new.project_id and t.ref_type = new.ref_type and t.ref_id = new.ref_id and t.status in ('open', 'blocked')
      returning t.id, t.user_id, t.status)
  insert into shared.events (project_id, account_scope_id, id, user_id, request_id, kind, actor, ref_type, ref_id, payload, ts)
    select new.project_id, new.account_scope_id, shared.made_id('evt', new.id || ':' || e.id), e.user_id, new.request_id, 'assistant.task.closed',
      'system:assistant', 'task', e.id, jsonb_build_object('status', e.status, 'by_event', new.id), new.ts
    from ended e;
  return null;
end $$;
comment on function assistant.hear_ledger() is 'Trigger: what a task came from has ended, and so has the task, whoever it belongs to.';
revoke execute on function assistant.hear_ledger() from public;
