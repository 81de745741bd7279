-- Deliveries that belong to no project and whose week is over. Security definer: nobody sees them, so the tick takes them away.
create or replace function inbox.purge_quarantine(most int) returns jsonb
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare gone int;
begin
  if current_setting('app.actor', true) is distinct from 'system:shared.tick' then
    perform shared.fail('forbidden', 'tick_only');
  end if;
  delete from inbox.deliveries d where d.id in (
    select x.id from inbox.deliveries x where x.project_id is null and x.expires_at < shared.clock()
      order by x.expires_at, x.id limit most for update skip locked);
  get diagnostics gone = row_count;
  return jsonb_build_object('inbox.quarantine', gone);
end $$;
comment on function inbox.purge_quarantine(int) is 'Removes expired deliveries of no project, oldest first; for the tick only.';
revoke execute on function inbox.purge_quarantine(int) from public;
grant execute on function inbox.purge_quarantine(int) to omneuro_app;
