-- Ledger rows of a function that writes many: [{id, kind, ref_type, ref_id, payload, ts}].
create or replace function shared.record_events(rows jsonb) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$ begin
  insert into shared.events (project_id, account_scope_id, id, user_id, session_id, request_id, kind, actor, ref_type, ref_id, payload, ts)
  select shared.scope(), nullif(current_setting('app.account_scope_id', true), '')::uuid, r.id,
    nullif(current_setting('app.user_id', true), '')::uuid, nullif(current_setting('app.session_id', true), ''),
    current_setting('app.request_id'), r.kind, current_setting('app.actor'), r.ref_type, r.ref_id, r.payload, r.ts
  from jsonb_to_recordset(rows) r (id text, kind text, ref_type text, ref_id text, payload jsonb, ts timestamptz);
end $$;
comment on function shared.record_events(jsonb) is 'Appends ledger rows in the name of whoever entered.';
revoke execute on function shared.record_events(jsonb) from public;
grant execute on function shared.record_events(jsonb) to omneuro_app;
