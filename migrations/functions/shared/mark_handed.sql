-- What the tick handed to QStash, over all projects in one statement.
create or replace function shared.mark_handed(handed jsonb) returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$ begin
  perform shared.assert_tick();
  update shared.outbox o set attempts = o.attempts + 1, error = h.error, message_id = coalesce(h.message_id, o.message_id),
      published_at = case when h.message_id is null then o.published_at else shared.clock() end, updated_at = shared.clock()
    from jsonb_to_recordset(handed) h (project uuid, id text, message_id text, error text)
    where o.project_id = h.project and o.id = h.id;
end $$;
comment on function shared.mark_handed(jsonb) is 'For the tick only: [{project, id, message_id | error}] of outbox rows it published.';
revoke execute on function shared.mark_handed(jsonb) from public;
grant execute on function shared.mark_handed(jsonb) to omneuro_app;
